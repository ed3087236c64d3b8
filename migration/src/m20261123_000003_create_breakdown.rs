//! Breakdowns (by sex, by kind of case, …) and their items.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let breakdown = Table::create()
            .table("breakdown")
            .col(big_pk_auto("id"))
            .col(text_uniq("code"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .take();
        manager.create_table(breakdown).await?;
        let item = Table::create()
            .table("breakdown_item")
            .col(big_pk_auto("id"))
            .col(big_integer("breakdown_id"))
            .col(text("code"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .foreign_key(&mut reference("breakdown_item", "breakdown_id", "breakdown"))
            .take();
        manager.create_table(item).await?;
        let once = ["breakdown_id", "code"];
        manager
            .create_index(unique("breakdown_item_once", "breakdown_item", &once))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["breakdown_item", "breakdown"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
