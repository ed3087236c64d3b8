//! Units of measure and themes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::drop_tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let unit = Table::create()
            .table("unit")
            .col(big_pk_auto("id"))
            .col(text_uniq("code"))
            .col(text("quantity"))
            .col(text("scale"))
            .col(text("words"))
            .col(text("label_zh"))
            .col(text("label_en"))
            .take();
        manager.create_table(unit).await?;
        let theme = Table::create()
            .table("theme")
            .col(big_pk_auto("id"))
            .col(text_uniq("code"))
            .col(integer("sort_order"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .take();
        manager.create_table(theme).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["theme", "unit"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
