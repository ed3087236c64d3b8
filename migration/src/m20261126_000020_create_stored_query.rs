//! Queries under a name.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::drop_tables;

const TABLE: &str = "stored_query";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let stored_query = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(text_uniq("name"))
            .col(text("document"))
            .col(text_null("path"))
            .col(text_null("note"))
            .col(text("author"))
            .col(big_integer("updated_at"))
            .take();
        manager.create_table(stored_query).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
