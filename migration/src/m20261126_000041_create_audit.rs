//! What was done: events chained by hash, and the head of the chain, by which a removed last event is missed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of};

const RESULTS: [&str; 2] = ["DONE", "REFUSED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(event()).await?;
        manager
            .create_index(index("audit_event_action", "audit_event", &["action", "id"]))
            .await?;
        manager
            .create_index(index("audit_event_actor", "audit_event", &["actor", "id"]))
            .await?;
        let head = Table::create()
            .table("audit_head")
            .col(big_integer("id").primary_key())
            .col(big_integer("number"))
            .col(text("hash"))
            .take();
        manager.create_table(head).await?;
        let first = Query::insert()
            .into_table("audit_head")
            .columns(["id", "number", "hash"])
            .values_panic([1i64.into(), 0i64.into(), "".into()])
            .take();
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_head", "audit_event"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn event() -> TableCreateStatement {
    Table::create()
        .table("audit_event")
        // Given, not counted by the database: the numbers have no gap.
        .col(big_integer("id").primary_key())
        .col(big_integer("recorded_at"))
        .col(text("actor"))
        .col(big_integer_null("principal_id"))
        .col(text_null("on_behalf_of"))
        .col(text("action"))
        .col(text("object"))
        .col(text_null("before_state"))
        .col(text_null("after_state"))
        .col(text_null("request_id"))
        .col(text_null("address"))
        .col(text("result"))
        .col(text("previous_hash"))
        .col(text("hash"))
        .check(one_of("audit_event", "result", &RESULTS))
        .check(Check::named("audit_event_number", Expr::col("id").gte(1)))
        .take()
}
