//! Submissions: one an organisation and reporting period, the thread of what was done to it, and its figures before they are published.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, reference, unique};

const STATES: [&str; 6] = ["DRAFT", "SUBMITTED", "RETURNED", "APPROVED", "PUBLISHED", "LOCKED"];
const ACTS: [&str; 11] = [
    "OPEN", "FILL", "SUBMIT", "WITHDRAW", "RETURN", "APPROVE", "PUBLISH", "LOCK", "UNLOCK", "EXPIRE", "COMMENT",
];
const REASONS: [&str; 5] = ["ERROR", "LATE", "METHOD", "BOUNDARY", "APPEAL"];
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
const FIGURE: &str = "submission_figure";
/// A figure's organisation and period are those of its submission.
const FIGURE_KEY: [&str; 4] = ["submission_id", "round", "indicator_id", "breakdown_item_id"];
const FIGURE_REVISION: [&str; 5] = [
    "submission_id",
    "round",
    "indicator_id",
    "breakdown_item_id",
    "revision",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(submission()).await?;
        let once = ["org_id", "start_month", "end_month", "theme_id"];
        manager
            .create_index(unique("submission_once", "submission", &once))
            .await?;
        manager
            .create_index(index("submission_state", "submission", &["state"]))
            .await?;
        manager.create_table(event()).await?;
        manager
            .create_index(index("submission_event_of", "submission_event", &["submission_id"]))
            .await?;
        manager.create_table(figure()).await?;
        let current = unique("submission_figure_current", FIGURE, &FIGURE_KEY)
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(current).await?;
        manager
            .create_index(unique("submission_figure_revision", FIGURE, &FIGURE_REVISION))
            .await?;
        let key = [
            "org_id",
            "indicator_id",
            "start_month",
            "end_month",
            "breakdown_item_id",
        ];
        manager.create_index(index("submission_figure_key", FIGURE, &key)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[FIGURE, "submission_event", "submission"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn submission() -> TableCreateStatement {
    let period = Expr::col("end_month").gte(Expr::col("start_month"));
    Table::create()
        .table("submission")
        .col(big_pk_auto("id"))
        .col(big_integer("org_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(big_integer("theme_id").default(0))
        .col(text("state"))
        .col(integer("round"))
        .col(integer("revision"))
        .col(text_null("deadline"))
        .col(text_null("correction_reason"))
        .col(big_integer_null("unlocked_until"))
        .col(big_integer_null("approved_as_of"))
        .col(big_integer_null("published_at"))
        .col(big_integer("opened_at"))
        .col(big_integer_null("submitted_at"))
        .col(big_integer_null("closed_at"))
        .check(one_of("submission", "state", &STATES))
        .check(one_of("submission", "correction_reason", &REASONS))
        .check(Check::named("submission_period", period))
        .check(Check::named("submission_round", Expr::col("round").gte(1)))
        .foreign_key(&mut reference("submission", "org_id", "org_unit"))
        .take()
}

fn event() -> TableCreateStatement {
    Table::create()
        .table("submission_event")
        .col(big_pk_auto("id"))
        .col(big_integer("submission_id"))
        .col(integer("round"))
        .col(text("act"))
        .col(text("state"))
        .col(text("actor"))
        .col(text_null("message"))
        .col(text_null("reason"))
        .col(big_integer_null("until"))
        .col(integer_null("figures"))
        .col(big_integer_null("batch_id"))
        .col(big_integer("recorded_at"))
        .check(one_of("submission_event", "act", &ACTS))
        .check(one_of("submission_event", "state", &STATES))
        .check(one_of("submission_event", "reason", &REASONS))
        .foreign_key(&mut reference("submission_event", "submission_id", "submission"))
        .take()
}

fn figure() -> TableCreateStatement {
    let value_status = Expr::col("value")
        .is_null()
        .eq(Expr::col("status").is_in(WITHOUT_VALUE));
    // A NULL makes a CHECK unknown, which passes. NaN sorts above all numbers on PostgreSQL.
    let finite = Expr::cust(r#"abs("value") <= 1.7976931348623157e308"#);
    Table::create()
        .table(FIGURE)
        .col(big_pk_auto("id"))
        .col(big_integer("submission_id"))
        .col(integer("round"))
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
        .col(boolean("withdrawn").default(false))
        .col(text("author"))
        .col(big_integer("recorded_at"))
        .col(big_integer_null("superseded_at"))
        .check(one_of(FIGURE, "status", &STATUSES))
        .check(Check::named("submission_figure_value_status", value_status))
        .check(Check::named("submission_figure_value_finite", finite))
        .check(Check::named(
            "submission_figure_revision_number",
            Expr::col("revision").gte(1),
        ))
        .foreign_key(&mut reference(FIGURE, "submission_id", "submission"))
        .take()
}
