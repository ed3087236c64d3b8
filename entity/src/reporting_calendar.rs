//! The reporting calendar: who owes which figures of a period, and by which day. An entry is replaced, never changed.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, QueryFilter};

use crate::choice::OrgLevel;
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// An entry of the calendar.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_calendar")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// Organisations of this level owe it; of every one when none.
    pub level: Option<OrgLevel>,
    /// This organisation and those below it owe it; all when none.
    pub within_id: Option<i64>,
    /// Indicators of this theme are owed.
    pub theme_id: Option<i64>,
    /// These indicators are owed: codes joined by `|`.
    pub indicators: Option<String>,
    /// The last day, `YYYY-MM-DD`.
    pub deadline: String,
    /// A note.
    pub note: Option<String>,
    /// Who set it.
    pub author: String,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: it holds.
    pub superseded_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The codes of the indicators that are owed, where they are named.
    #[must_use]
    pub fn codes(&self) -> Option<Vec<&str>> {
        let codes = self.indicators.as_ref()?.split('|');
        Some(codes.filter(|code| !code.is_empty()).collect())
    }
}

row::new_row! {
    start_month: i32,
    end_month: i32,
    level: Option<OrgLevel>,
    within_id: Option<i64>,
    theme_id: Option<i64>,
    indicators: Option<String>,
    deadline: String,
    note: Option<String>,
    author: String,
    recorded_at: i64,
    superseded_at: Option<i64>,
}

fn holding((start, end): (i32, i32)) -> Condition {
    Condition::all()
        .add(COLUMN.superseded_at.is_null())
        .add(COLUMN.start_month.eq(start))
        .add(COLUMN.end_month.eq(end))
}

/// The entries that hold for exactly this period, first and last month, ordered by id.
///
/// # Errors
/// As every query.
pub async fn of_period(handle: &impl Handle, period: (i32, i32)) -> Result<Vec<Model>, Error> {
    row::matching::<Entity>(handle, Column::Id, holding(period)).await
}

/// Puts these entries in place of those that hold for the period so far, at `at` in µs since the epoch.
///
/// # Errors
/// [`Error::Check`].
pub async fn replace(tx: &Tx, period: (i32, i32), entries: &[New], at: i64) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::val(at))
        .filter(holding(period))
        .exec(&tx.connection())
        .await?;
    if !entries.is_empty() {
        Entity::insert_many(entries.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}
