//! Source documents, and the import batches that brought their figures.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let source = Table::create()
            .table("source")
            .col(big_pk_auto("id"))
            .col(text("title"))
            .col(text("address"))
            .col(text_null("publisher"))
            .col(text_null("published_on"))
            .take();
        manager.create_table(source).await?;
        manager
            .create_index(unique("source_once", "source", &["title", "address", "published_on"]))
            .await?;
        let reason = one_of(
            "import_batch",
            "reason",
            &["ERROR", "LATE", "METHOD", "BOUNDARY", "APPEAL"],
        );
        let batch = Table::create()
            .table("import_batch")
            .col(big_pk_auto("id"))
            .col(text("content_hash"))
            .col(text("file_name"))
            .col(text("author"))
            .col(text_null("reason"))
            .col(text_null("idempotency_key").unique_key())
            .col(big_integer("recorded_at"))
            .col(big_integer("created_count"))
            .col(big_integer("revised_count"))
            .col(big_integer("unchanged_count"))
            .check(reason)
            .take();
        manager.create_table(batch).await?;
        manager
            .create_index(index("import_batch_hash", "import_batch", &["content_hash"]))
            .await?;
        // The next recording time asks for the greatest one so far.
        manager
            .create_index(index("import_batch_recorded", "import_batch", &["recorded_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["import_batch", "source"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
