//! Problems that are to be rectified and tasks of the next year: with the office that is responsible, how far they are, and the year they carry over to.

use std::collections::BTreeMap;

use entity::choice::{RectificationKind, RectificationStatus};
use entity::rectification;
use serde_json::json;

use super::Service;
use super::access::{Act, Caller, Sight};
use super::audit::{Event, record};
use super::catalog::Catalog;
use super::selector::{self, OrgSelector};
use crate::error::Error;
use crate::export::evaluation::dossier::RectificationRow;

/// The longest text of an item.
const MOST_CHARACTERS: usize = 1000;
/// Items that an event of the audit trail names.
const MOST_NAMED: usize = 100;

/// An item as it is to stand.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its number; a new one when left out.
    pub number: Option<i64>,
    /// Problem or task.
    pub kind: RectificationKind,
    /// Code of the organisation.
    pub org: String,
    /// The year it was found or planned in.
    pub year: i32,
    /// Code of its theme.
    pub theme: Option<String>,
    /// What it is.
    pub title: String,
    /// What is done about it.
    pub measure: Option<String>,
    /// The office that is responsible.
    pub owner: String,
    /// How far it is.
    pub status: RectificationStatus,
    /// The month it is due, counted as `year * 12 + month - 1`.
    pub due_month: Option<i32>,
    /// The year it carries over to.
    pub carried_to: Option<i32>,
}

/// Which items.
#[derive(Clone, Debug, Default)]
pub struct RectificationQuery {
    /// Of which organisations.
    pub orgs: OrgSelector,
    /// Found or planned in this year, or carried over into it.
    pub year: Option<i32>,
    /// Of this kind.
    pub kind: Option<RectificationKind>,
    /// As they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
}

impl Service {
    /// Stores items, all or none, each as a new revision, and gives their numbers.
    ///
    /// # Errors
    /// [`Error::Input`] for texts and years without sense, [`Error::NotFound`] for unknown codes and numbers, [`Error::Forbidden`].
    pub async fn set_rectifications(&self, caller: &Caller, items: &[Item]) -> Result<Vec<i64>, Error> {
        let tx = self.db.begin_write().await?;
        let snapshot = self.snapshot().await?;
        let recorded_at = tx.now().await?;
        let mut next = rectification::last_number(&tx).await?;
        let mut numbers = Vec::with_capacity(items.len());
        for item in items {
            let row = checked(item, &snapshot.catalog)?;
            caller.need_org(Act::Import, &snapshot.catalog, row.org_id, None)?;
            let before = match item.number {
                None => None,
                Some(number) => Some(
                    rectification::current(&tx, number)
                        .await?
                        .ok_or_else(|| Error::NotFound {
                            what: "rectification",
                            name: number.to_string(),
                            hint: Some("rectifications lists the numbers".to_owned()),
                        })?,
                ),
            };
            if let Some(before) = &before {
                if numbers.contains(&before.number) {
                    return Err(Error::input("an item is given twice", "send each number once"));
                }
                if before.org_id != row.org_id || before.kind != row.kind {
                    let message = format!("item {} belongs to another organisation or kind", before.number);
                    return Err(Error::input(message, "an item keeps both: make a new one"));
                }
                rectification::supersede(&tx, &[before.id], recorded_at).await?;
            }
            let number = before.as_ref().map_or_else(
                || {
                    next += 1;
                    next
                },
                |before| before.number,
            );
            rectification::insert(
                &tx,
                rectification::New {
                    number,
                    revision: before.map_or(1, |before| before.revision + 1),
                    author: caller.author(),
                    recorded_at,
                    ..row
                },
            )
            .await?;
            numbers.push(number);
        }
        let event = Event::new("set_rectifications", format!("{} items", numbers.len()))
            .after(json!({ "numbers": numbers.iter().take(MOST_NAMED).collect::<Vec<_>>() }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        Ok(numbers)
    }

    /// The items asked for: the open ones first, then by year and number.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes.
    pub async fn rectifications(
        &self,
        sight: &Sight,
        query: &RectificationQuery,
    ) -> Result<Vec<RectificationRow>, Error> {
        let catalog = &sight.snapshot.catalog;
        let orgs = query.orgs.whole(sight, None)?;
        let rows = rectification::known(&self.db, orgs.as_deref(), query.as_of).await?;
        let is_of_year = |row: &rectification::Model| {
            query
                .year
                .is_none_or(|year| row.year == year || row.carried_to == Some(year))
        };
        let chosen = rows
            .into_iter()
            .filter(|row| is_of_year(row) && query.kind.is_none_or(|kind| row.kind == kind));
        let sorted: BTreeMap<_, _> = chosen
            .map(|row| ((row.status == RectificationStatus::Done, row.year, row.number), row))
            .collect();
        Ok(sorted.into_values().map(|row| told(row, catalog)).collect())
    }
}

fn told(row: rectification::Model, catalog: &Catalog) -> RectificationRow {
    let org = catalog.tree().ordinal(row.org_id).and_then(|org| catalog.org(org));
    RectificationRow {
        number: row.number,
        kind: match row.kind {
            RectificationKind::Problem => "PROBLEM",
            RectificationKind::Task => "TASK",
        }
        .to_owned(),
        org: org.map(|org| org.code.clone()).unwrap_or_default(),
        org_name: org.map(|org| org.name_zh.clone()).unwrap_or_default(),
        year: row.year,
        theme: row.theme_id.and_then(|id| Some(catalog.theme(id)?.code.clone())),
        title: row.title,
        measure: row.measure,
        owner: row.owner,
        status: match row.status {
            RectificationStatus::Open => "OPEN",
            RectificationStatus::Done => "DONE",
            RectificationStatus::CarriedOver => "CARRIED_OVER",
        }
        .to_owned(),
        due: row
            .due_month
            .map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)),
        carried_to: row.carried_to,
    }
}

fn checked(item: &Item, catalog: &Catalog) -> Result<rectification::New, Error> {
    let texts = [
        ("title", Some(&item.title)),
        ("measure", item.measure.as_ref()),
        ("owner", Some(&item.owner)),
    ];
    for (what, text) in texts {
        let Some(text) = text else { continue };
        let length = text.trim().chars().count();
        if length == 0 || length > MOST_CHARACTERS {
            let message = format!("the {what} has {length} characters");
            return Err(Error::input(message, "write 1 to 1000"));
        }
    }
    if !(1949..=9999).contains(&item.year) {
        return Err(Error::input(
            format!("{} is no year of an item", item.year),
            "write the year, as 2025",
        ));
    }
    let is_carried = item.status == RectificationStatus::CarriedOver;
    if is_carried != item.carried_to.is_some_and(|year| year > item.year) {
        return Err(Error::input(
            "an item that is carried over, and it alone, has a later year that it carries over to",
            "set status: CARRIED_OVER together with carriedTo",
        ));
    }
    let ordinal = selector::org(catalog, &item.org)?;
    Ok(rectification::New {
        number: 0,
        revision: 1,
        kind: item.kind,
        org_id: catalog
            .tree()
            .id(ordinal)
            .ok_or_else(|| Error::internal("an organisation without key"))?,
        year: item.year,
        theme_id: item
            .theme
            .as_deref()
            .map(|code| selector::theme(catalog, code))
            .transpose()?,
        title: item.title.trim().to_owned(),
        measure: item.measure.as_deref().map(|text| text.trim().to_owned()),
        owner: item.owner.trim().to_owned(),
        status: item.status,
        due_month: item.due_month,
        carried_to: item.carried_to,
        author: String::new(),
        recorded_at: 0,
        superseded_at: None,
    })
}
