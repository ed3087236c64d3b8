//! Targets: append-only revisions, at most one current row a key. Without foreign keys, as observations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, unique};

const TABLE: &str = "target";
const KEY: [&str; 4] = ["indicator_id", "org_id", "start_month", "end_month"];
const REVISION: [&str; 5] = ["indicator_id", "org_id", "start_month", "end_month", "revision"];
const REASONS: [&str; 5] = ["ERROR", "LATE", "METHOD", "BOUNDARY", "APPEAL"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(target()).await?;
        let current = unique("target_current", TABLE, &KEY)
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(current).await?;
        manager
            .create_index(unique("target_revision", TABLE, &REVISION))
            .await?;
        manager.create_index(index("target_batch", TABLE, &["batch_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn target() -> TableCreateStatement {
    // A NULL makes a CHECK unknown, which passes. NaN sorts above all numbers on PostgreSQL.
    let finite = Expr::cust(r#"abs("value") <= 1.7976931348623157e308"#);
    let period = Expr::col("end_month").gte(Expr::col("start_month"));
    let superseded_later = Expr::col("superseded_at").gt(Expr::col("recorded_at"));
    Table::create()
        .table(TABLE)
        .col(big_pk_auto("id"))
        .col(big_integer("indicator_id"))
        .col(big_integer("org_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(integer("revision"))
        .col(double_null("value"))
        .col(integer("decimals").default(0))
        .col(text_null("printed"))
        .col(big_integer_null("unit_id"))
        .col(text_null("note"))
        .col(big_integer_null("source_id"))
        .col(text_null("locator"))
        .col(big_integer_null("batch_id"))
        .col(text_null("reason"))
        .col(big_integer("recorded_at"))
        .col(big_integer_null("superseded_at"))
        .check(one_of(TABLE, "reason", &REASONS))
        .check(Check::named("target_value_finite", finite))
        .check(Check::named("target_period", period))
        .check(Check::named("target_superseded_later", superseded_later))
        .check(Check::named("target_revision_number", Expr::col("revision").gte(1)))
        .take()
}
