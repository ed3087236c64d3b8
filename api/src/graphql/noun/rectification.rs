//! Problems that are to be rectified and tasks of the next year.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::org_unit::{OrgSelector, OrgUnit};
use crate::error::Error;
use crate::export::evaluation::dossier::RectificationRow;
use crate::graphql::context::Ask;
use crate::graphql::scalar::evaluation_choice::{RectificationKind, RectificationStatus};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::rectification::{Item, RectificationQuery as Question};
use crate::service::snapshot::Snapshot;

/// Items of one request.
const MOST_ITEMS: usize = 1000;

/// A problem that is to be rectified, or a task of the next year.
#[derive(SimpleObject)]
pub(crate) struct Rectification {
    /// Number, which all its revisions share.
    number: ID,
    /// Problem or task.
    kind: RectificationKind,
    /// Organisation.
    org_unit: OrgUnit,
    /// Year it was found or planned in.
    year: i32,
    /// Code of its theme.
    theme: Option<String>,
    /// What it is.
    title: String,
    /// What is done about it.
    measure: Option<String>,
    /// Office that is responsible.
    owner: String,
    /// How far it is.
    status: RectificationStatus,
    /// Month it is due.
    due: Option<Period>,
    /// Year it carries over to.
    carried_to: Option<i32>,
}

impl Rectification {
    fn new(snapshot: &Arc<Snapshot>, row: RectificationRow) -> Result<Self, Error> {
        let ordinal = snapshot.catalog.org_by_code(&row.org);
        let ordinal = ordinal.ok_or_else(|| Error::internal("an item without organisation"))?;
        Ok(Self {
            number: ID(row.number.to_string()),
            kind: match row.kind.as_str() {
                "PROBLEM" => RectificationKind::Problem,
                _ => RectificationKind::Task,
            },
            org_unit: OrgUnit::new(snapshot, ordinal)?,
            year: row.year,
            theme: row.theme,
            title: row.title,
            measure: row.measure,
            owner: row.owner,
            status: match row.status.as_str() {
                "OPEN" => RectificationStatus::Open,
                "DONE" => RectificationStatus::Done,
                _ => RectificationStatus::CarriedOver,
            },
            due: row.due.as_deref().and_then(|due| due.parse().ok()).map(Period),
            carried_to: row.carried_to,
        })
    }
}

#[derive(Default)]
pub(crate) struct RectificationQuery;

/// Queries of rectifications.
#[Object]
impl RectificationQuery {
    /// Problems and tasks, the open ones first.
    async fn rectifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which organisations; all when left out.")] orgs: Option<OrgSelector>,
        #[graphql(desc = "Found or planned in this year, or carried over into it.")] year: Option<i32>,
        #[graphql(desc = "Only of this kind.")] kind: Option<RectificationKind>,
        #[graphql(desc = "As they were known at this time; now when left out.")] as_of: Option<DateTime>,
    ) -> Result<Vec<Rectification>> {
        let snapshot = ctx.snapshot()?;
        let question = Question {
            orgs: orgs.map(Into::into).unwrap_or_default(),
            year,
            kind: kind.map(Into::into),
            as_of: as_of.map(DateTime::micros),
        };
        let rows = ctx.service()?.rectifications(ctx.sight()?, &question).await?;
        Ok(rows
            .into_iter()
            .map(|row| Rectification::new(&snapshot, row))
            .collect::<Result<_, Error>>()?)
    }
}

/// Items as they are to stand.
#[derive(InputObject)]
struct SetRectificationsInput {
    /// The items: all or none.
    items: Vec<RectificationInput>,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
}

/// An item as it is to stand.
#[derive(InputObject)]
struct RectificationInput {
    /// Number of the item that changes; a new item when left out.
    number: Option<ID>,
    /// Problem or task.
    kind: RectificationKind,
    /// Code of the organisation.
    org: String,
    /// Year it was found or planned in.
    year: i32,
    /// Code of its theme.
    theme: Option<String>,
    /// What it is.
    title: String,
    /// What is done about it.
    measure: Option<String>,
    /// Office that is responsible.
    owner: String,
    /// How far it is.
    #[graphql(default_with = "RectificationStatus::Open")]
    status: RectificationStatus,
    /// Month it is due.
    due: Option<Period>,
    /// Year it carries over to; with status `CARRIED_OVER`, and only then.
    carried_to: Option<i32>,
}

/// What was recorded.
#[derive(SimpleObject)]
struct SetRectificationsPayload {
    /// Numbers of the items, in their order.
    numbers: Vec<ID>,
}

#[derive(Default)]
pub(crate) struct RectificationMutation;

/// Mutations of rectifications.
#[Object]
impl RectificationMutation {
    /// Records problems and tasks, each as a new revision, all or none.
    async fn set_rectifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The items.")] input: SetRectificationsInput,
    ) -> Result<SetRectificationsPayload> {
        if input.items.len() > MOST_ITEMS {
            let (asked, allowed) = (input.items.len() as u64, MOST_ITEMS as u64);
            let hint = "send them in several requests";
            return Err(Error::Limit {
                what: "a number of items",
                asked,
                allowed,
                hint,
            }
            .into());
        }
        let items: Vec<Item> = input.items.into_iter().map(item).collect::<Result<_, Error>>()?;
        let caller = ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?;
        let numbers = ctx.service()?.set_rectifications(&caller, &items).await?;
        Ok(SetRectificationsPayload {
            numbers: numbers.into_iter().map(|number| ID(number.to_string())).collect(),
        })
    }
}

fn item(input: RectificationInput) -> Result<Item, Error> {
    let number = input.number.map(|number| number.parse());
    let due = input.due.map(|due| due.0);
    if due.is_some_and(|due| due.months() != 1) {
        return Err(Error::input("`due` is not a month", "write it as 2026-06"));
    }
    Ok(Item {
        number: number
            .transpose()
            .map_err(|_| Error::input("`number` is no number", "rectifications lists them"))?,
        kind: input.kind.into(),
        org: input.org,
        year: input.year,
        theme: input.theme,
        title: input.title,
        measure: input.measure,
        owner: input.owner,
        status: input.status.into(),
        due_month: due.map(analytics::period::Period::start_month),
        carried_to: input.carried_to,
    })
}
