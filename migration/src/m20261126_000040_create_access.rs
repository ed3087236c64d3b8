//! Who may do what: principals, their tokens, and the roles they were granted. Nothing is deleted; what is revoked says when.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, reference, unique};

const ROLES: [&str; 5] = ["VIEWER", "REPORTER", "REVIEWER", "PUBLISHER", "ADMIN"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(principal()).await?;
        for column in ["name", "subject"] {
            let key = unique(&format!("principal_{column}"), "principal", &[column]);
            manager.create_index(key).await?;
        }
        manager.create_table(api_token()).await?;
        manager
            .create_index(unique("api_token_public_id", "api_token", &["public_id"]))
            .await?;
        manager
            .create_index(index("api_token_principal", "api_token", &["principal_id"]))
            .await?;
        manager.create_table(role_grant()).await?;
        manager
            .create_index(index("role_grant_principal", "role_grant", &["principal_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["role_grant", "api_token", "principal"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn principal() -> TableCreateStatement {
    Table::create()
        .table("principal")
        .col(big_pk_auto("id"))
        .col(text("name"))
        .col(text_null("label"))
        .col(text_null("subject"))
        .col(big_integer("created_at"))
        .col(text("created_by"))
        .col(big_integer_null("disabled_at"))
        .check(Check::named("principal_name_given", Expr::col("name").ne("")))
        .take()
}

fn api_token() -> TableCreateStatement {
    Table::create()
        .table("api_token")
        .col(big_pk_auto("id"))
        .col(big_integer("principal_id"))
        .col(text("public_id"))
        .col(text("secret_hash"))
        .col(text_null("label"))
        .col(text("scopes"))
        .col(big_integer("created_at"))
        .col(text("created_by"))
        .col(big_integer_null("expires_at"))
        .col(big_integer_null("last_used_at"))
        .col(big_integer_null("revoked_at"))
        .foreign_key(&mut reference("api_token", "principal_id", "principal"))
        .take()
}

fn role_grant() -> TableCreateStatement {
    let until = Expr::col("valid_to").gt(Expr::col("valid_from"));
    Table::create()
        .table("role_grant")
        .col(big_pk_auto("id"))
        .col(big_integer("principal_id"))
        .col(text("role"))
        .col(big_integer_null("org_id"))
        .col(big_integer_null("theme_id"))
        .col(big_integer_null("valid_from"))
        .col(big_integer_null("valid_to"))
        .col(big_integer("created_at"))
        .col(text("created_by"))
        .col(big_integer_null("revoked_at"))
        .check(one_of("role_grant", "role", &ROLES))
        .check(Check::named("role_grant_period", until))
        .foreign_key(&mut reference("role_grant", "principal_id", "principal"))
        .foreign_key(&mut reference("role_grant", "org_id", "org_unit"))
        .foreign_key(&mut reference("role_grant", "theme_id", "theme"))
        .take()
}
