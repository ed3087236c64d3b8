//! The change feed: its id is the monotone sequence that caches, subscriptions and replicas follow.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let feed = Table::create()
            .table("change_feed")
            .col(big_pk_auto("id"))
            .col(text("topic"))
            .col(big_integer_null("indicator_id"))
            .col(big_integer_null("batch_id"))
            .col(big_integer("recorded_at"))
            .check(one_of("change_feed", "topic", &["CATALOG", "OBSERVATIONS", "TARGETS"]))
            .take();
        manager.create_table(feed).await?;
        // The next recording time asks for the greatest one so far.
        manager
            .create_index(index("change_feed_recorded", "change_feed", &["recorded_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["change_feed"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
