//! Observations: append-only revisions, at most one current row a key.
//!
//! No foreign keys: they cost 12–17 s per million rows on PostgreSQL, so ids are checked once a batch.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, unique};

const TABLE: &str = "observation";
const KEY: [&str; 5] = [
    "indicator_id",
    "org_id",
    "breakdown_item_id",
    "start_month",
    "end_month",
];
const REVISION: [&str; 6] = [
    "indicator_id",
    "org_id",
    "breakdown_item_id",
    "start_month",
    "end_month",
    "revision",
];
/// The order of pages: without this index a page would sort the whole table.
const PAGE: [&str; 6] = [
    "org_id",
    "indicator_id",
    "start_month",
    "end_month",
    "breakdown_item_id",
    "id",
];
const STATUSES: [&str; 7] = [
    "NORMAL",
    "PROVISIONAL",
    "ESTIMATED",
    "LOWER_BOUND",
    "MISSING",
    "NOT_APPLICABLE",
    "SUPPRESSED",
];
const WITHOUT_VALUE: [&str; 3] = ["MISSING", "NOT_APPLICABLE", "SUPPRESSED"];
const REASONS: [&str; 5] = ["ERROR", "LATE", "METHOD", "BOUNDARY", "APPEAL"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(observation()).await?;
        let current = unique("observation_current", TABLE, &KEY)
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(current).await?;
        manager
            .create_index(unique("observation_revision", TABLE, &REVISION))
            .await?;
        manager.create_index(index("observation_page", TABLE, &PAGE)).await?;
        manager
            .create_index(index("observation_batch", TABLE, &["batch_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn observation() -> TableCreateStatement {
    let mut table = Table::create()
        .table(TABLE)
        .col(big_pk_auto("id"))
        .col(big_integer("indicator_id"))
        .col(big_integer("org_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(big_integer("breakdown_item_id").default(0))
        .col(integer("revision"))
        .col(double_null("value"))
        .col(text("status"))
        .col(integer("decimals").default(0))
        .col(text_null("printed"))
        .col(big_integer_null("unit_id"))
        .col(text("flags").default(""))
        .col(text_null("note"))
        .col(big_integer_null("source_id"))
        .col(text_null("locator"))
        .col(big_integer_null("batch_id"))
        .col(text_null("reason"))
        .col(big_integer("recorded_at"))
        .col(big_integer_null("superseded_at"))
        .take();
    for check in checks() {
        table.check(check);
    }
    table
}

fn checks() -> [Check; 7] {
    let value_status = Expr::col("value")
        .is_null()
        .eq(Expr::col("status").is_in(WITHOUT_VALUE));
    // A NULL makes a CHECK unknown, which passes. NaN sorts above all numbers on PostgreSQL.
    let finite = Expr::cust(r#"abs("value") <= 1.7976931348623157e308"#);
    let period = Expr::col("end_month").gte(Expr::col("start_month"));
    let superseded_later = Expr::col("superseded_at").gt(Expr::col("recorded_at"));
    let numbered = Expr::col("revision").gte(1);
    [
        one_of(TABLE, "status", &STATUSES),
        one_of(TABLE, "reason", &REASONS),
        Check::named("observation_value_status", value_status),
        Check::named("observation_value_finite", finite),
        Check::named("observation_period", period),
        Check::named("observation_superseded_later", superseded_later),
        Check::named("observation_revision_number", numbered),
    ]
}
