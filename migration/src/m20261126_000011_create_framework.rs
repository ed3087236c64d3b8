//! Evaluation frameworks and their nodes. A published version is never changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let framework = Table::create()
            .table("framework")
            .col(big_pk_auto("id"))
            .col(text("code"))
            .col(text("version"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .col(text("document"))
            .col(text("content_hash"))
            .col(text("author"))
            .col(big_integer("recorded_at"))
            .col(big_integer_null("published_at"))
            .take();
        manager.create_table(framework).await?;
        manager
            .create_index(unique("framework_version", "framework", &["code", "version"]))
            .await?;
        let mut framework_id = reference("framework_node", "framework_id", "framework");
        let node = Table::create()
            .table("framework_node")
            .col(big_pk_auto("id"))
            .col(big_integer("framework_id"))
            .col(integer("position"))
            .col(text("code"))
            .col(text_null("parent"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .col(text_null("rule"))
            .col(text_null("indicator"))
            .col(text("weights"))
            .foreign_key(&mut framework_id)
            .take();
        manager.create_table(node).await?;
        manager
            .create_index(unique(
                "framework_node_code",
                "framework_node",
                &["framework_id", "code"],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["framework_node", "framework"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
