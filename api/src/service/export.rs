//! Figures as flat rows for files: with names, the unit as printed, and their source.

use std::collections::{HashMap, HashSet, VecDeque};

use analytics::decimal::{self, Rounding};
use analytics::period::Period;
use entity::observation::{self, Cursor, Filter, Key, Model, Page};
use entity::{source, submission_event};
use rust_decimal::Decimal;

use super::Service;
use super::access::{Act, Caller, Sight};
use super::catalog::scale;
use super::convert;
use super::provisional::{Include, flagged, pending};
use super::selector::{IndicatorSelector, OrgSelector};
use crate::error::Error;
use crate::export::observation::Row;

/// Rows that are read at a time.
const PAGE: u64 = 5000;

/// Which figures are to be exported.
#[derive(Clone, Debug, Default)]
pub struct ExportQuery {
    /// Of which indicators.
    pub indicators: IndicatorSelector,
    /// Of which organisations.
    pub orgs: OrgSelector,
    /// Of exactly this period.
    pub period: Option<Period>,
    /// Beginning in this month or later.
    pub from: Option<i32>,
    /// Ending in this month or earlier.
    pub to: Option<i32>,
    /// As they were known at this time, in µs since the epoch; now when none.
    pub as_of: Option<i64>,
    /// Which figures.
    pub include: Include,
}

impl ExportQuery {
    fn filter(&self, sight: &Sight) -> Result<Filter, Error> {
        let indicators = self.indicators.keys(sight)?;
        let about = indicators.as_deref().unwrap_or_default();
        Ok(Filter {
            orgs: self.orgs.keys(sight, about, self.period)?,
            indicators,
            exact: self.period.map(|period| (period.start_month(), period.end_month())),
            start_month_from: self.from,
            end_month_to: self.to,
            ..Filter::default()
        })
    }
}

/// Pages of rows, all of one state of the database.
pub struct ExportPages {
    service: Service,
    sight: Sight,
    filter: Filter,
    /// The recording time of the state, in µs since the epoch; none where nothing was recorded yet.
    pub as_of: Option<i64>,
    after: Option<Cursor>,
    /// Unpublished figures that are yet to come, in the order of pages, and the keys of all of them.
    drafts: VecDeque<Model>,
    draft_keys: HashSet<Key>,
    /// The last change of any unpublished figure; none where they are not asked for.
    drafts_version: Option<i64>,
    sources: HashMap<i64, source::Model>,
    is_done: bool,
}

impl Service {
    /// Begins an export.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes; [`Error::Unauthenticated`], [`Error::Forbidden`].
    pub async fn export(&self, caller: &Caller, query: &ExportQuery) -> Result<ExportPages, Error> {
        caller.may(Act::Read)?;
        let sight = self.sight(caller).await?;
        let reading = sight.reading(query.as_of, query.include)?.check()?;
        let filter = query.filter(&sight)?;
        let (mut drafts, mut drafts_version) = (VecDeque::new(), None);
        if reading.include == Include::Provisional {
            // All of them now, so that the file is of one state however long it is read.
            let view = self.db.begin_read().await?;
            drafts_version = Some(submission_event::latest(&view).await?);
            let all = Page {
                limit: i64::MAX as u64,
                ..Page::default()
            };
            let found = observation::pending_page(&view, &filter, pending(&sight.snapshot), &all).await?;
            drafts = found.iter().map(flagged).collect();
        }
        Ok(ExportPages {
            filter,
            as_of: sight.snapshot.as_of(query.as_of),
            draft_keys: drafts.iter().map(Key::from).collect(),
            drafts,
            drafts_version,
            service: self.clone(),
            sight,
            after: None,
            sources: HashMap::new(),
            is_done: false,
        })
    }
}

impl ExportPages {
    /// The state of the database that the rows are of.
    #[must_use]
    pub fn version(&self) -> (i64, Option<i64>) {
        (self.sight.snapshot.version, self.drafts_version)
    }

    /// Which part of that state may be read: with the version and the question, what tells one file from another.
    #[must_use]
    pub fn part(&self) -> u64 {
        self.sight.key()
    }

    /// The next rows, by organisation, indicator and period; none at the end.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, Error> {
        if self.is_done {
            return Ok(None);
        }
        let page = Page {
            after: self.after,
            limit: PAGE,
            ..Page::default()
        };
        let read = observation::page(&self.service.db, &self.filter, self.as_of, &page).await?;
        self.is_done = (read.len() as u64) < PAGE;
        self.after = read.last().map(Cursor::from);
        let found = self.with_drafts(read);
        if found.is_empty() && self.is_done {
            return Ok(None);
        }
        let mut wanted: Vec<i64> = found
            .iter()
            .filter_map(|row| row.source_id)
            .filter(|id| !self.sources.contains_key(id))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let read = source::by_ids(&self.service.db, &wanted).await?;
        self.sources.extend(read.into_iter().map(|source| (source.id, source)));
        Ok(Some(found.iter().map(|row| self.row(row)).collect()))
    }

    /// A page with the unpublished figures that belong into it or before it; at the end with all that are left.
    fn with_drafts(&mut self, read: Vec<Model>) -> Vec<Model> {
        if self.draft_keys.is_empty() {
            return read;
        }
        let last = read.last().map(Cursor::from).filter(|_| !self.is_done);
        let mut rows: Vec<Model> = read
            .into_iter()
            .filter(|row| !self.draft_keys.contains(&Key::from(row)))
            .collect();
        while let Some(draft) = self.drafts.front() {
            if last.is_some_and(|last| Cursor::from(draft) > last) {
                break;
            }
            rows.extend(self.drafts.pop_front());
        }
        rows.sort_by_key(|row| Cursor::from(row));
        rows
    }

    fn row(&self, model: &Model) -> Row {
        let catalog = &self.sight.snapshot.catalog;
        let indicator = catalog.indicator(model.indicator_id);
        let org = catalog.tree().ordinal(model.org_id).and_then(|org| catalog.org(org));
        let unit = model.unit_id.and_then(|unit| catalog.unit(unit));
        let unit = unit.or_else(|| indicator.and_then(|indicator| catalog.unit(indicator.unit_id)));
        let scale = unit.and_then(|unit| scale(unit).ok()).unwrap_or(Decimal::ONE);
        let decimals = u32::try_from(model.decimals).unwrap_or(0);
        let period = Period::from_months(model.start_month, model.end_month);
        let source = model.source_id.and_then(|id| self.sources.get(&id));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Row {
            indicator: indicator.map_or_else(String::new, |indicator| indicator.code.clone()),
            indicator_name: indicator.map_or_else(String::new, |indicator| indicator.name_zh.clone()),
            org: org.map_or_else(String::new, |org| org.code.clone()),
            org_name: org.map_or_else(String::new, |org| org.name_zh.clone()),
            period: period.map_or_else(String::new, |period| period.to_string()),
            breakdown: catalog.item_code(model.breakdown_item_id).unwrap_or_default(),
            value: model
                .value
                .map(|value| decimal::format(decimal::in_unit(value, scale), decimals, Rounding::HalfUp)),
            unit: unit
                .and_then(|unit| unit.words.split('|').next())
                .unwrap_or_default()
                .to_owned(),
            status: convert::status(model.status).to_string(),
            printed: text(&model.printed),
            flags: model.flags.clone(),
            source_title: source.map_or_else(String::new, |source| source.title.clone()),
            source_url: source.map_or_else(String::new, |source| source.address.clone()),
            publisher: source.map_or_else(String::new, |source| text(&source.publisher)),
            published_on: source.map_or_else(String::new, |source| text(&source.published_on)),
            locator: text(&model.locator),
            note: text(&model.note),
            revision: model.revision,
        }
    }
}
