//! Problems that are to be rectified and tasks of the next year: append-only revisions under a number.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, unique};

const TABLE: &str = "rectification";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let superseded_later = Expr::col("superseded_at").gt(Expr::col("recorded_at"));
        // Only what is carried over has a year that it carries over to, and that year comes later.
        let carried = Expr::cust(
            r#"("status" = 'CARRIED_OVER') = ("carried_to" IS NOT NULL) AND ("carried_to" IS NULL OR "carried_to" > "year")"#,
        );
        let rectification = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("number"))
            .col(integer("revision"))
            .col(text("kind"))
            .col(big_integer("org_id"))
            .col(integer("year"))
            .col(big_integer_null("theme_id"))
            .col(text("title"))
            .col(text_null("measure"))
            .col(text("owner"))
            .col(text("status"))
            .col(integer_null("due_month"))
            .col(integer_null("carried_to"))
            .col(text("author"))
            .col(big_integer("recorded_at"))
            .col(big_integer_null("superseded_at"))
            .check(one_of(TABLE, "kind", &["PROBLEM", "TASK"]))
            .check(one_of(TABLE, "status", &["OPEN", "DONE", "CARRIED_OVER"]))
            .check(Check::named("rectification_carried", carried))
            .check(Check::named("rectification_superseded_later", superseded_later))
            .check(Check::named(
                "rectification_revision_number",
                Expr::col("revision").gte(1),
            ))
            .take();
        manager.create_table(rectification).await?;
        let current = unique("rectification_current", TABLE, &["number"])
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(current).await?;
        manager
            .create_index(unique("rectification_revision", TABLE, &["number", "revision"]))
            .await?;
        manager
            .create_index(index("rectification_place", TABLE, &["org_id", "year"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
