//! Observations as a table: one row a figure, its codes and names as texts, its period with its days, a ratio with both its parts; and totals rows.

mod columns;
mod lane;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use analytics::op;
use analytics::period::Period;

use self::columns::{COLUMNS, CUBE};
use self::lane::{Lane, Line};
use super::Service;
use super::access::Sight;
use super::availability::Question;
use super::edition::Edition;
use super::table::{BATCH_ROWS, EXACT, Rows, Table, metadata};
use super::words::{OrgWords, PeriodWords, words};
use crate::error::Error;
use crate::export::table::{Batch, Cells, Column, Head, NO_WORD, Words};

/// The code of all organisations of the table together, in its totals rows.
pub const ALL: &str = "_T";

/// Which rows of the table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slice {
    /// With a totals row for each indicator and period.
    pub totals: bool,
    /// Leave so many out at the beginning.
    pub offset: u64,
    /// Give so many at most.
    pub limit: Option<u64>,
}

/// The columns of the table.
#[must_use]
pub fn columns() -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, label, about, kind, required)| Column::new(name, label, about, *kind, *required))
        .collect()
}

impl Service {
    /// The figures of `question` by indicator, organisation, breakdown and period, over one state of the data. `query` is what the table says of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes; [`Error::Forbidden`] for those that may not be read.
    pub async fn observation_table(
        &self,
        sight: &Sight,
        question: Question,
        slice: Slice,
        query: String,
    ) -> Result<Table, Error> {
        if slice.totals && (question.statuses.is_some() || question.totals == Some(false)) {
            return Err(Error::input(
                "totals go without a choice of statuses or of breakdowns alone",
                "leave `totals` out, or ask for all statuses: a total is that of the organisations, not of the rows",
            ));
        }
        let indicators = question.indicators.resolve(sight)?;
        let period = question.exact;
        let orgs = question.orgs.resolve(sight, &indicators, period)?;
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self.edition(sight.snapshot.clone(), &indicators, reading).await?;
        let (version, as_of) = (edition.snapshot.version, edition.as_of);
        let head = Head {
            name: "observations".to_owned(),
            columns: columns(),
            metadata: metadata(as_of, query, EXACT),
        };
        let prepared = self
            .compute
            .run(move || Making::new(edition, indicators, orgs, question, slice));
        let mut table = self.table(head, version, as_of, prepared.await??);
        table.cube = Some(CUBE);
        Ok(table)
    }
}

/// The words of all columns.
struct Lists {
    indicator: [Words; 4],
    unit: Words,
    org: OrgWords,
    period: PeriodWords,
    item: Words,
    item_places: HashMap<i64, i32>,
    status: Words,
}

/// The table in the making.
struct Making {
    edition: Edition,
    indicators: Vec<i64>,
    orgs: Vec<u32>,
    question: Question,
    slice: Slice,
    lists: Lists,
    /// The next indicator and organisation.
    at: (usize, usize),
    lane: Option<Lane>,
    /// The periods of the indicator's totals.
    periods: BTreeSet<Period>,
    skipped: u64,
    given: u64,
}

impl Making {
    fn new(
        edition: Edition,
        indicators: Vec<i64>,
        orgs: Vec<u32>,
        question: Question,
        slice: Slice,
    ) -> Result<Self, Error> {
        let indicators: Vec<i64> = indicators
            .into_iter()
            .filter(|id| edition.facts.chunk(*id).is_some())
            .collect();
        let mut found = BTreeSet::new();
        for chunk in indicators.iter().filter_map(|id| edition.facts.chunk(*id)) {
            for org in &orgs {
                found.extend(chunk.cells(*org)?.map(|cell| (cell.start, cell.months)));
            }
        }
        let catalog = edition.catalog();
        let items: Vec<i64> = catalog.items().map(|item| item.id).collect();
        let models = || indicators.iter().filter_map(|id| catalog.indicator(*id));
        let themes = || models().filter_map(|indicator| catalog.theme(indicator.theme_id));
        let unit = |indicator: &entity::indicator::Model| {
            let unit = catalog.unit(indicator.unit_id);
            unit.and_then(|unit| unit.words.split('|').next())
                .unwrap_or_default()
                .to_owned()
        };
        let lists = Lists {
            indicator: [
                words(models().map(|indicator| indicator.code.clone())),
                words(models().map(|indicator| indicator.name_zh.clone())),
                words(themes().map(|theme| theme.code.clone())),
                words(themes().map(|theme| theme.name_zh.clone())),
            ],
            unit: words(models().map(unit)),
            org: OrgWords::of(catalog, Some((ALL, "合计"))),
            period: PeriodWords::of(found),
            item: words(items.iter().map(|id| catalog.item_code(*id).unwrap_or_default())),
            item_places: (0i32..).zip(&items).map(|(place, id)| (*id, place)).collect(),
            status: super::words::statuses(),
        };
        Ok(Self {
            edition,
            indicators,
            orgs,
            question,
            slice,
            lists,
            at: (0, 0),
            lane: None,
            periods: BTreeSet::new(),
            skipped: 0,
            given: 0,
        })
    }

    fn is_full(&self) -> bool {
        self.slice.limit.is_some_and(|limit| self.given >= limit)
    }

    /// Takes a row in, unless it is before or beyond the slice.
    fn take(&mut self, rows: &mut Gathered, line: Line) {
        if self.skipped < self.slice.offset {
            self.skipped += 1;
        } else if !self.is_full() {
            self.given += 1;
            rows.push(&self.lists, line);
        }
    }

    fn totals(&mut self, rows: &mut Gathered, lane: &Lane) -> Result<(), Error> {
        let periods: Vec<Period> = std::mem::take(&mut self.periods).into_iter().collect();
        let measures = op::totals(self.edition.data(), lane.indicator, &self.orgs, &periods)?;
        for (period, measure) in periods.into_iter().zip(measures) {
            let line = lane.total(period, &measure, self.lists.org.total());
            self.take(rows, line);
        }
        Ok(())
    }
}

impl Rows for Making {
    fn next(&mut self) -> Result<Option<Batch>, Error> {
        let mut rows = Gathered::default();
        while rows.len() < BATCH_ROWS && !self.is_full() {
            let (place, next) = self.at;
            let Some(indicator) = self.indicators.get(place).copied() else {
                break;
            };
            let lane = match self.lane.take() {
                Some(lane) => lane,
                None => Lane::new(&self.edition, indicator, place)?,
            };
            if let Some(org) = self.orgs.get(next).copied() {
                for line in lane.lines(&self.question, org)? {
                    if self.slice.totals && line.breakdown == 0 {
                        self.periods.extend(line.period());
                    }
                    self.take(&mut rows, line);
                }
                (self.at, self.lane) = ((place, next + 1), Some(lane));
            } else {
                self.totals(&mut rows, &lane)?;
                self.at = (place + 1, 0);
            }
        }
        Ok((rows.len() > 0).then(|| rows.batch(&self.lists)))
    }
}

/// Rows of a batch, column by column.
#[derive(Default)]
struct Gathered {
    indicator: Vec<i32>,
    org: Vec<i32>,
    level: Vec<i32>,
    period: Vec<i32>,
    kind: Vec<i32>,
    days: [Vec<Option<i32>>; 2],
    breakdown: Vec<i32>,
    numbers: [Vec<f64>; 3],
    status: Vec<i32>,
    flags: Vec<Option<String>>,
    decimals: Vec<Option<i64>>,
    is_total: Vec<Option<bool>>,
    parts: [Vec<Option<i64>>; 2],
    reason: Vec<Option<String>>,
}

impl Gathered {
    fn len(&self) -> usize {
        self.indicator.len()
    }

    fn push(&mut self, lists: &Lists, line: Line) {
        self.indicator.push(line.place);
        self.org.push(i32::try_from(line.org).unwrap_or(NO_WORD));
        self.level.push(lists.org.level(line.org));
        let (place, period) = lists.period.find(line.start, line.months);
        self.period.push(place);
        self.kind.push(period.map_or(NO_WORD, |period| period.kind));
        self.days[0].push(period.map(|period| period.first_day));
        self.days[1].push(period.map(|period| period.last_day));
        let item = lists.item_places.get(&i64::from(line.breakdown));
        self.breakdown.push(item.copied().unwrap_or(NO_WORD));
        for (column, number) in self.numbers.iter_mut().zip(line.numbers) {
            column.push(number);
        }
        self.status.push(line.status as i32);
        self.flags
            .push((!line.flags.is_empty()).then(|| line.flags.to_string()));
        self.decimals.push(line.decimals.map(i64::from));
        self.is_total.push(Some(line.parts.is_some()));
        self.parts[0].push(line.parts.map(|(present, _)| i64::from(present)));
        self.parts[1].push(line.parts.map(|(_, expected)| i64::from(expected)));
        self.reason.push(line.reason.map(|reason| reason.to_string()));
    }

    fn batch(self, lists: &Lists) -> Batch {
        let code = |keys: &Vec<i32>, words: &Words| Cells::Code(keys.clone(), Arc::clone(words));
        let [code_words, names, themes, theme_names] = &lists.indicator;
        let [first, last] = self.days;
        let [value, numerator, denominator] = self.numbers;
        let [present, expected] = self.parts;
        Batch {
            rows: self.indicator.len(),
            cells: vec![
                code(&self.indicator, code_words),
                code(&self.indicator, names),
                code(&self.indicator, themes),
                code(&self.indicator, theme_names),
                code(&self.org, &lists.org.codes),
                code(&self.org, &lists.org.names),
                code(&self.level, &lists.org.levels),
                code(&self.period, &lists.period.codes),
                code(&self.kind, &lists.period.kinds),
                Cells::Date(first),
                Cells::Date(last),
                code(&self.breakdown, &lists.item),
                Cells::Number(value),
                code(&self.indicator, &lists.unit),
                Cells::Number(numerator),
                Cells::Number(denominator),
                code(&self.status, &lists.status),
                Cells::Text(self.flags),
                Cells::Integer(self.decimals),
                Cells::Boolean(self.is_total),
                Cells::Integer(present),
                Cells::Integer(expected),
                Cells::Text(self.reason),
            ],
        }
    }
}
