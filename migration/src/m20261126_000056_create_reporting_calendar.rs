//! Who owes what by when, and which submission a batch published.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, index, one_of};

const TABLE: &str = "reporting_calendar";
const LEVELS: [&str; 6] = ["CITY", "DISTRICT", "STREET", "COMMUNITY", "DEPARTMENT", "PROVINCE"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let period = Expr::col("end_month").gte(Expr::col("start_month"));
        let calendar = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(integer("start_month"))
            .col(integer("end_month"))
            .col(text_null("level"))
            .col(big_integer_null("within_id"))
            .col(big_integer_null("theme_id"))
            .col(text_null("indicators"))
            .col(text("deadline"))
            .col(text_null("note"))
            .col(text("author"))
            .col(big_integer("recorded_at"))
            .col(big_integer_null("superseded_at"))
            .check(one_of(TABLE, "level", &LEVELS))
            .check(Check::named("reporting_calendar_period", period))
            .take();
        manager.create_table(calendar).await?;
        let columns = ["start_month", "end_month"];
        manager
            .create_index(index("reporting_calendar_of", TABLE, &columns))
            .await?;
        let published = Table::alter()
            .table("import_batch")
            .add_column(big_integer_null("submission_id"))
            .take();
        manager.alter_table(published).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let published = Table::alter().table("import_batch").drop_column("submission_id").take();
        manager.alter_table(published).await?;
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
