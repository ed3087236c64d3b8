//! The reporting calendar: who owes which figures of a period, and by which day.

use analytics::period::Period;
use chrono::NaiveDate;
use entity::choice::OrgLevel;
use entity::reporting_calendar::{self, Model};
use serde_json::json;

use super::actor::Actor;
use super::deadline;
use super::turn::message;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Act;
use crate::service::audit::{Event, record};
use crate::service::catalog::Catalog;
use crate::service::selector::{indicator, org, theme};

/// Entries that one period may have.
const MOST: usize = 200;

/// Who owes what, and by when.
#[derive(Clone, Debug)]
pub struct CalendarEntry {
    /// Organisations of this level.
    pub level: Option<OrgLevel>,
    /// Code of an organisation: it and those below it.
    pub within: Option<String>,
    /// Code of a theme: what is owed of it.
    pub theme: Option<String>,
    /// Codes of the indicators that are owed.
    pub indicators: Option<Vec<String>>,
    /// The last day.
    pub deadline: String,
    /// A note.
    pub note: Option<String>,
}

/// The calendar of a period.
#[derive(Clone, Debug)]
pub struct NewCalendar {
    /// The period.
    pub period: Period,
    /// All that is owed of it, in place of what was owed so far.
    pub entries: Vec<CalendarEntry>,
    /// Who sets it.
    pub actor: Actor,
    /// When, in µs since the epoch.
    pub now: i64,
}

impl Service {
    /// Sets the calendar of a period.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Input`] for a day that is none.
    pub async fn set_calendar(&self, calendar: &NewCalendar) -> Result<Vec<Model>, Error> {
        if calendar.entries.len() > MOST {
            let message = format!("{} entries are too many", calendar.entries.len());
            return Err(Error::input(message, format!("give at most {MOST}")));
        }
        calendar.actor.caller().may(Act::Define)?;
        let snapshot = self.snapshot().await?;
        let rows = calendar
            .entries
            .iter()
            .map(|entry| row(&snapshot.catalog, calendar, entry))
            .collect::<Result<Vec<_>, Error>>()?;
        let months = (calendar.period.start_month(), calendar.period.end_month());
        let tx = self.db.begin_write().await?;
        reporting_calendar::replace(&tx, months, &rows, calendar.now).await?;
        let set = reporting_calendar::of_period(&tx, months).await?;
        let event = Event::new("set_reporting_calendar", calendar.period.to_string());
        let event = event.after(json!({ "entries": set.len() }));
        record(&tx, calendar.actor.caller(), event).await?;
        tx.commit().await?;
        Ok(set)
    }

    /// What holds for a period.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn calendar(&self, period: Period) -> Result<Vec<Model>, Error> {
        let months = (period.start_month(), period.end_month());
        Ok(reporting_calendar::of_period(&self.db, months).await?)
    }
}

fn row(catalog: &Catalog, calendar: &NewCalendar, entry: &CalendarEntry) -> Result<reporting_calendar::New, Error> {
    let deadline: NaiveDate = deadline::parse(&entry.deadline)?;
    let within = entry.within.as_deref().map(|code| org(catalog, code)).transpose()?;
    if let Some(codes) = &entry.indicators {
        for code in codes {
            indicator(catalog, code)?;
        }
    }
    Ok(reporting_calendar::New {
        start_month: calendar.period.start_month(),
        end_month: calendar.period.end_month(),
        level: entry.level,
        within_id: within.and_then(|ordinal| catalog.tree().id(ordinal)),
        theme_id: entry.theme.as_deref().map(|code| theme(catalog, code)).transpose()?,
        indicators: entry.indicators.as_ref().map(|codes| codes.join("|")),
        deadline: deadline.to_string(),
        note: message(entry.note.as_deref())?,
        author: calendar.actor.name().to_owned(),
        recorded_at: calendar.now,
        superseded_at: None,
    })
}
