//! What intake needs: sources known by their content, withdrawn figures, and batches that say how a file was read and what they undo.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::unique;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(added("source", text_null("content_hash"))).await?;
        for column in [text_null("mapping"), big_integer_null("undoes")] {
            manager.alter_table(added("import_batch", column)).await?;
        }
        let withdrawn = boolean("withdrawn").default(false).take();
        manager.alter_table(added("observation", withdrawn)).await?;
        manager.drop_index(dropped_key()).await?;
        let columns = ["title", "address", "published_on", "content_hash"];
        manager.create_index(unique("source_once", "source", &columns)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(dropped_key()).await?;
        for (table, column) in [
            ("source", "content_hash"),
            ("import_batch", "mapping"),
            ("import_batch", "undoes"),
            ("observation", "withdrawn"),
        ] {
            let dropped = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(dropped).await?;
        }
        let columns = ["title", "address", "published_on"];
        manager.create_index(unique("source_once", "source", &columns)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// SQLite adds one column a statement.
fn added(table: &'static str, column: impl IntoColumnDef) -> TableAlterStatement {
    Table::alter().table(table).add_column(column).take()
}

fn dropped_key() -> IndexDropStatement {
    let mut key = Index::drop();
    key.name("source_once").table("source");
    key
}
