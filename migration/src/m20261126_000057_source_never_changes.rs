//! A source is another one by another publisher: none is changed any more.

use sea_orm_migration::prelude::*;

use crate::column::unique;

const BEFORE: [&str; 4] = ["title", "address", "published_on", "content_hash"];
const NOW: [&str; 5] = ["title", "address", "published_on", "content_hash", "publisher"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        once(manager, &NOW).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        once(manager, &BEFORE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn once(manager: &SchemaManager<'_>, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut key = Index::drop();
    key.name("source_once").table("source");
    manager.drop_index(key).await?;
    manager.create_index(unique("source_once", "source", columns)).await
}
