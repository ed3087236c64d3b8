//! Organisations and who stands under whom, both valid in time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, one_of, reference};

const LEVELS: [&str; 6] = ["CITY", "DISTRICT", "STREET", "COMMUNITY", "DEPARTMENT", "PROVINCE"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let org_unit = Table::create()
            .table("org_unit")
            .col(big_pk_auto("id"))
            .col(text_uniq("code"))
            .col(text("level"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .col(integer_null("valid_from"))
            .col(integer_null("valid_to"))
            .check(one_of("org_unit", "level", &LEVELS))
            .take();
        manager.create_table(org_unit).await?;
        let other_than_itself = Expr::col("org_id").ne(Expr::col("parent_id"));
        let org_parent = Table::create()
            .table("org_parent")
            .col(big_pk_auto("id"))
            .col(big_integer("org_id"))
            .col(big_integer("parent_id"))
            .col(integer_null("valid_from"))
            .col(integer_null("valid_to"))
            .check(Check::named("org_parent_other", other_than_itself))
            .foreign_key(&mut reference("org_parent", "org_id", "org_unit"))
            .foreign_key(&mut reference("org_parent", "parent_id", "org_unit"))
            .take();
        manager.create_table(org_parent).await?;
        // Written out: both databases want the expression in parentheses, and NULLs to be equal.
        let once = r#"CREATE UNIQUE INDEX "org_parent_once" ON "org_parent" ("org_id", "parent_id", (COALESCE("valid_from", -1)))"#;
        manager.get_connection().execute_unprepared(once).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["org_parent", "org_unit"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
