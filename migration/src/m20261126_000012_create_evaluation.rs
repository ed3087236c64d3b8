//! Sealed runs with their scores, what people said of a criterion, and objections.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of, reference, unique};

const MARK: &str = "evaluation_mark";
const MARK_KEY: [&str; 6] = ["framework_id", "org_id", "start_month", "end_month", "node", "stage"];
const MARK_REVISION: [&str; 7] = [
    "framework_id",
    "org_id",
    "start_month",
    "end_month",
    "node",
    "stage",
    "revision",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(run()).await?;
        manager
            .create_index(index("evaluation_run_framework", "evaluation_run", &["framework_id"]))
            .await?;
        // The next recording time asks for the greatest one so far.
        manager.create_table(mark()).await?;
        for table in ["evaluation_run", MARK] {
            let recorded = index(&format!("{table}_recorded"), table, &["recorded_at"]);
            manager.create_index(recorded).await?;
        }
        manager.create_table(score()).await?;
        let once = unique(
            "evaluation_score_once",
            "evaluation_score",
            &["run_id", "org_id", "node"],
        );
        manager.create_index(once).await?;
        let current = unique("evaluation_mark_current", MARK, &MARK_KEY)
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(current).await?;
        manager
            .create_index(unique("evaluation_mark_revision", MARK, &MARK_REVISION))
            .await?;
        manager.create_table(objection()).await?;
        let place = index(
            "objection_place",
            "objection",
            &["framework_id", "start_month", "end_month"],
        );
        manager.create_index(place).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["objection", MARK, "evaluation_score", "evaluation_run"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn period(table: &str) -> Check {
    let period = Expr::col("end_month").gte(Expr::col("start_month"));
    Check::named(Alias::new(format!("{table}_period")), period)
}

fn run() -> TableCreateStatement {
    Table::create()
        .table("evaluation_run")
        .col(big_pk_auto("id"))
        .col(big_integer("framework_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(big_integer("as_of"))
        .col(integer("engine"))
        .col(text("selection"))
        .col(text("result"))
        .col(text("hash"))
        .col(text("author"))
        .col(text_null("note"))
        .col(big_integer("recorded_at"))
        .foreign_key(&mut reference("evaluation_run", "framework_id", "framework"))
        .check(period("evaluation_run"))
        .take()
}

fn score() -> TableCreateStatement {
    Table::create()
        .table("evaluation_score")
        .col(big_pk_auto("id"))
        .col(big_integer("run_id"))
        .col(big_integer("org_id"))
        .col(text("node"))
        .col(text("track"))
        .col(text_null("outcome"))
        .col(double_null("full"))
        .col(double_null("points"))
        .col(integer_null("rank"))
        .col(text_null("grade"))
        .foreign_key(&mut reference("evaluation_score", "run_id", "evaluation_run"))
        .take()
}

fn mark() -> TableCreateStatement {
    let superseded_later = Expr::col("superseded_at").gt(Expr::col("recorded_at"));
    Table::create()
        .table(MARK)
        .col(big_pk_auto("id"))
        .col(big_integer("framework_id"))
        .col(big_integer("org_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(text("node"))
        .col(text("stage"))
        .col(integer("revision"))
        .col(text_null("points"))
        .col(text_null("evidence"))
        .col(text("author"))
        .col(big_integer("recorded_at"))
        .col(big_integer_null("superseded_at"))
        .foreign_key(&mut reference(MARK, "framework_id", "framework"))
        .check(one_of(MARK, "stage", &["SELF_SCORE", "REVIEW", "FINAL"]))
        .check(period(MARK))
        .check(Check::named("evaluation_mark_superseded_later", superseded_later))
        .check(Check::named(
            "evaluation_mark_revision_number",
            Expr::col("revision").gte(1),
        ))
        .take()
}

fn objection() -> TableCreateStatement {
    // What is decided has its decision, who decided and when; what is open has none.
    let decided = Expr::cust(
        r#"("state" = 'OPEN') = ("decision" IS NULL) AND ("state" = 'OPEN') = ("decided_by" IS NULL) AND ("state" = 'OPEN') = ("decided_at" IS NULL)"#,
    );
    Table::create()
        .table("objection")
        .col(big_pk_auto("id"))
        .col(big_integer("framework_id"))
        .col(big_integer("org_id"))
        .col(integer("start_month"))
        .col(integer("end_month"))
        .col(text("node"))
        .col(text("statement"))
        .col(text("author"))
        .col(big_integer("recorded_at"))
        .col(text("state"))
        .col(text_null("decision"))
        .col(text_null("decided_by"))
        .col(big_integer_null("decided_at"))
        .col(big_integer_null("batch_id"))
        .foreign_key(&mut reference("objection", "framework_id", "framework"))
        .check(one_of("objection", "state", &["OPEN", "UPHELD", "DISMISSED"]))
        .check(period("objection"))
        .check(Check::named("objection_decided", decided))
        .take()
}
