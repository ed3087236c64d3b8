//! Entering figures: a file through the reader of imports, or one by one through the same.

use std::collections::{BTreeMap, BTreeSet};

use analytics::period::Period;
use entity::change_feed;
use entity::choice::{ObservationStatus, SubmissionAct, Topic};
use entity::observation::{self, Key, Within};
use entity::submission::Model;
use entity::submission_figure::{self, New};

use super::machine::Act;
use super::turn::{Entry, Step, Turn};
use crate::error::Error;
use crate::intake::figures::{Field, Mapping};
use crate::service::Service;
use crate::service::access;
use crate::service::catalog::Catalog;
use crate::service::import::{Options, Report, Scope};
use crate::service::provisional;

/// A figure that is entered by hand, as text: what is not given is blank.
#[derive(Clone, Debug, Default)]
pub struct EnteredFigure {
    /// Code or name of the indicator.
    pub indicator: String,
    /// Item of a breakdown, as `case_type=civil`.
    pub breakdown: Option<String>,
    /// The figure as it is written.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// Flags joined by `|`.
    pub flags: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// Title of the document that it was taken from.
    pub source_title: Option<String>,
    /// Where that stands.
    pub source_url: Option<String>,
    /// The place in the document.
    pub locator: Option<String>,
    /// Take the figure out of the submission again.
    pub remove: bool,
}

/// What is entered.
#[derive(Clone, Debug)]
pub enum Filling {
    /// A file: its name and its bytes.
    File(String, Vec<u8>),
    /// Figures.
    Figures(Vec<EnteredFigure>),
}

/// Figures that one call may enter by hand.
const MOST: usize = 2000;
const HEADER: [&str; 9] = [
    "indicator",
    "breakdown",
    "value",
    "unit",
    "status",
    "flags",
    "note",
    "source_title",
    "source_url",
];

impl Service {
    /// Enters figures, or tells what that would change: the first run's report is of what stands in the submission, over what is published.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the submission is not open or was changed since; [`Error::Input`] with the faults, when they are to be written.
    pub async fn fill_submission(
        &self,
        step: &Step,
        filling: Filling,
        options: &Options,
    ) -> Result<(Model, Report), Error> {
        let snapshot = self.snapshot().await?;
        let seen = self.submission(step.submission, step.now).await?;
        let (filling, removed) = self.filling_table(&snapshot.catalog, &seen, filling)?;
        let options = Options {
            mapping: defaults(&snapshot.catalog, &seen, options.mapping.clone()),
            ..options.clone()
        };
        let scope = Scope {
            org_id: seen.org_id,
            months: (seen.start_month, seen.end_month),
            theme_id: Some(seen.theme_id).filter(|theme| *theme != 0),
        };
        let drafted = match filling {
            Some(file) => Some(self.read_draft(&snapshot.catalog, file, &options, scope).await?),
            None => None,
        };
        let mut turn = self.turn_of(step, access::Act::Import).await?;
        turn.go(Act::Fill, step.now)?;
        if change_feed::latest_of(&turn.tx, Topic::Catalog).await? != snapshot.catalog_version {
            return Err(Error::Conflict {
                message: "the catalogue was changed meanwhile".to_owned(),
                hint: Some("do it again".to_owned()),
            });
        }
        let draft = turn.draft().await?;
        let (report, rows) = match drafted {
            None => (Report::default(), Vec::new()),
            Some(drafted) => {
                let base = turn.base(&drafted.indicators(), &draft).await?;
                drafted
                    .against(&turn.tx, &snapshot.catalog, &base, options.commit)
                    .await?
            }
        };
        if !options.commit {
            turn.tx.rollback().await?;
            return Ok((seen, report));
        }
        let new = turn.rows(rows, &removed, &draft, step);
        if new.is_empty() {
            turn.tx.rollback().await?;
            return Ok((seen, report));
        }
        let keys: BTreeSet<(i64, i64)> = new
            .iter()
            .map(|row| (row.indicator_id, row.breakdown_item_id))
            .collect();
        let replaced = draft
            .iter()
            .filter(|(key, _)| keys.contains(key))
            .map(|(_, row)| row.id);
        submission_figure::supersede(&turn.tx, &replaced.collect::<Vec<i64>>(), step.now).await?;
        submission_figure::insert_many(&turn.tx, &new).await?;
        let entry = Entry {
            figures: Some(new.len()),
            ..Entry::default()
        };
        Ok((turn.end(SubmissionAct::Fill, step, entry).await?, report))
    }

    /// What is entered as a file, and the keys of what is taken out.
    #[allow(clippy::type_complexity, reason = "a pair that is taken apart at once")]
    fn filling_table(
        &self,
        catalog: &Catalog,
        submission: &Model,
        filling: Filling,
    ) -> Result<(Option<(String, Vec<u8>)>, Vec<(i64, i64)>), Error> {
        let figures = match filling {
            Filling::File(name, bytes) => return Ok((Some((name, bytes)), Vec::new())),
            Filling::Figures(figures) => figures,
        };
        if figures.is_empty() || figures.len() > MOST {
            let message = format!("{} figures cannot be entered at once", figures.len());
            return Err(Error::input(message, format!("give 1 to {MOST}, or a file")));
        }
        let (removed, entered): (Vec<_>, Vec<_>) = figures.into_iter().partition(|figure| figure.remove);
        let removed = removed
            .iter()
            .map(|figure| key(catalog, figure))
            .collect::<Result<Vec<_>, Error>>()?;
        if entered.is_empty() {
            return Ok((None, removed));
        }
        let title = title(catalog, submission);
        let bytes = csv(&entered, &title).map_err(Error::internal)?;
        Ok((Some((format!("{title}.csv"), bytes)), removed))
    }
}

/// What the figures of a submission are called where they name no document.
pub(super) fn title(catalog: &Catalog, submission: &Model) -> String {
    let org = catalog
        .tree()
        .ordinal(submission.org_id)
        .and_then(|org| catalog.org(org));
    let period = Period::from_months(submission.start_month, submission.end_month);
    let org = org.map_or("", |org| org.name_zh.as_str());
    format!(
        "{org} {} 报送",
        period.map_or_else(String::new, |period| period.to_string())
    )
}

/// A file need not say whose figures these are, and for which period.
fn defaults(catalog: &Catalog, submission: &Model, mapping: Mapping) -> Mapping {
    let org = catalog
        .tree()
        .ordinal(submission.org_id)
        .and_then(|org| catalog.org(org));
    let period = Period::from_months(submission.start_month, submission.end_month).map(|period| period.to_string());
    mapping
        .with_default(Field::Org, org.map(|org| org.code.as_str()))
        .with_default(Field::Period, period.as_deref())
}

fn csv(figures: &[EnteredFigure], title: &str) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = HEADER.into_iter().chain(["locator"]);
    writer.write_record(header)?;
    for figure in figures {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        writer.write_record([
            figure.indicator.clone(),
            text(&figure.breakdown),
            text(&figure.value),
            text(&figure.unit),
            text(&figure.status),
            text(&figure.flags),
            text(&figure.note),
            figure.source_title.clone().unwrap_or_else(|| title.to_owned()),
            text(&figure.source_url),
            text(&figure.locator),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn key(catalog: &Catalog, figure: &EnteredFigure) -> Result<(i64, i64), Error> {
    let indicator = crate::service::selector::indicator(catalog, &figure.indicator)?;
    let item = match figure.breakdown.as_deref() {
        None => 0,
        Some(code) => {
            let found = catalog.item_by_code(code).map(|item| item.id);
            found.ok_or_else(|| Error::input("there is no such breakdown item", "write it as `case_type=civil`"))?
        }
    };
    Ok((indicator.id, item))
}

/// The current figures of a round, by indicator and breakdown item.
type Draft = BTreeMap<(i64, i64), submission_figure::Model>;

impl Turn {
    /// The figures of the round, those taken out too.
    pub(super) async fn draft(&self) -> Result<Draft, Error> {
        let mut rows = submission_figure::current(&self.tx, &[self.submission.id]).await?;
        rows.retain(|row| row.round == self.submission.round);
        let keyed = |row: submission_figure::Model| ((row.indicator_id, row.breakdown_item_id), row);
        Ok(rows.into_iter().map(keyed).collect())
    }

    /// What stands before more is entered: the figures of the round, over what is published. Each carries the revision of the published one, which is what a
    /// workbook was written from.
    async fn base(&self, indicators: &[i64], draft: &Draft) -> Result<Vec<observation::Model>, Error> {
        let submission = &self.submission;
        let within = Within {
            indicators,
            orgs: &[submission.org_id],
            start_from: submission.start_month,
            end_to: submission.end_month,
        };
        let mut published: BTreeMap<Key, observation::Model> = BTreeMap::new();
        observation::each_current(&self.tx, &within, |row| {
            published.insert(Key::from(&row), row);
        })
        .await?;
        for row in draft.values().filter(|row| !row.withdrawn) {
            let mut entered = provisional::observation(row);
            let key = Key::from(&entered);
            entered.revision = published.get(&key).map_or(0, |row| row.revision);
            published.insert(key, entered);
        }
        Ok(published.into_values().collect())
    }

    /// The rows to be stored, in the order of their keys.
    fn rows(&self, entered: Vec<observation::New>, removed: &[(i64, i64)], draft: &Draft, step: &Step) -> Vec<New> {
        let submission = &self.submission;
        let next = |key: (i64, i64)| draft.get(&key).map_or(1, |row| row.revision + 1);
        let mut rows: Vec<New> = entered
            .into_iter()
            .map(|row| New {
                submission_id: submission.id,
                round: submission.round,
                indicator_id: row.indicator_id,
                org_id: row.org_id,
                start_month: row.start_month,
                end_month: row.end_month,
                breakdown_item_id: row.breakdown_item_id,
                revision: next((row.indicator_id, row.breakdown_item_id)),
                value: row.value,
                status: row.status,
                decimals: row.decimals,
                printed: row.printed,
                unit_id: row.unit_id,
                flags: row.flags,
                note: row.note,
                source_id: row.source_id,
                locator: row.locator,
                withdrawn: false,
                author: step.actor.name().to_owned(),
                recorded_at: step.now,
                superseded_at: None,
            })
            .collect();
        let entered: BTreeSet<(i64, i64)> = rows
            .iter()
            .map(|row| (row.indicator_id, row.breakdown_item_id))
            .collect();
        let gone: BTreeSet<(i64, i64)> = removed.iter().copied().filter(|key| !entered.contains(key)).collect();
        for key in gone {
            // What was not entered cannot be taken out.
            let Some(known) = draft.get(&key).filter(|known| !known.withdrawn) else {
                continue;
            };
            rows.push(New {
                revision: known.revision + 1,
                value: None,
                status: ObservationStatus::Missing,
                decimals: 0,
                printed: None,
                unit_id: None,
                flags: String::new(),
                note: None,
                source_id: None,
                locator: None,
                withdrawn: true,
                author: step.actor.name().to_owned(),
                recorded_at: step.now,
                ..New::from(known)
            });
        }
        rows.sort_by_key(|row| (row.indicator_id, row.breakdown_item_id));
        rows
    }
}
