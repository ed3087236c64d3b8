//! A comparison as a table: one row an indicator and organisation, both sides with their parts, and the change with its reason.

mod columns;

use std::collections::BTreeSet;
use std::sync::Arc;

use analytics::change::Change;
use analytics::decimal::{self, Rounding};
use analytics::measure::Measure;
use analytics::op::Comparison;
use analytics::sentence::{self, Against, Language, Setting};
use rust_decimal::Decimal;

use self::columns::{COLUMNS, CUBE};
use super::Service;
use super::access::Sight;
use super::catalog::{Catalog, scale};
use super::compare::{Answer, Question, against};
use super::table::{BATCH_ROWS, EXACT, Ready, Table, metadata};
use super::words::{OrgWords, PeriodWords, words};
use crate::error::Error;
use crate::export::table::{Batch, Cells, Column, Head, NO_WORD, Words};

impl Service {
    /// The rows of a comparison, over one state of the data. `query` is what the table says of it.
    ///
    /// # Errors
    /// As [`Service::compare`].
    pub async fn comparison_table(&self, sight: &Sight, question: Question, query: String) -> Result<Table, Error> {
        let answer = self.compare(sight, question).await?;
        let (version, as_of) = (answer.edition.snapshot.version, answer.edition.as_of);
        let columns = COLUMNS.iter();
        let head = Head {
            name: "comparison".to_owned(),
            columns: columns
                .map(|(name, label, about, kind, required)| Column::new(name, label, about, *kind, *required))
                .collect(),
            metadata: metadata(as_of, query, EXACT),
        };
        let batches = self.compute.run(move || {
            let lists = Lists::of(&answer);
            let rows = answer.rows.chunks(BATCH_ROWS);
            rows.map(|rows| lists.batch(&answer, rows))
                .collect::<Result<Vec<_>, Error>>()
        });
        let mut table = self.table(head, version, as_of, Ready::new(batches.await??));
        table.cube = Some(CUBE);
        Ok(table)
    }
}

struct Lists {
    indicator: [Words; 5],
    places: Vec<i64>,
    org: OrgWords,
    period: PeriodWords,
    status: Words,
}

impl Lists {
    fn of(answer: &Answer) -> Self {
        let catalog = answer.edition.catalog();
        let places = answer.request.indicators.clone();
        let models = || places.iter().filter_map(|id| catalog.indicator(*id));
        let themes = || models().filter_map(|indicator| catalog.theme(indicator.theme_id));
        let unit = |indicator: &entity::indicator::Model| {
            let unit = catalog.unit(indicator.unit_id);
            unit.and_then(|unit| unit.words.split('|').next())
                .unwrap_or_default()
                .to_owned()
        };
        let sides = answer.rows.iter().flat_map(|row| [row.current.period, row.base.period]);
        let months: BTreeSet<(i32, i32)> = sides
            .flatten()
            .map(|period| (period.start_month(), period.months()))
            .collect();
        Self {
            indicator: [
                words(models().map(|indicator| indicator.code.clone())),
                words(models().map(|indicator| indicator.name_zh.clone())),
                words(themes().map(|theme| theme.code.clone())),
                words(themes().map(|theme| theme.name_zh.clone())),
                words(models().map(unit)),
            ],
            org: OrgWords::of(catalog, None),
            period: PeriodWords::of(months),
            status: super::words::statuses(),
            places,
        }
    }

    fn batch(&self, answer: &Answer, rows: &[Comparison]) -> Result<Batch, Error> {
        let catalog = answer.edition.catalog();
        let scales = rows.iter().map(|row| Scales::of(catalog, row.indicator));
        let scales: Vec<Scales> = scales.collect::<Result<_, _>>()?;
        let each = || rows.iter().zip(&scales);
        let place = |row: &Comparison| {
            let found = self.places.iter().position(|id| *id == row.indicator);
            found.and_then(|place| i32::try_from(place).ok()).unwrap_or(NO_WORD)
        };
        let places: Vec<i32> = rows.iter().map(place).collect();
        let code = |words: &Words| Cells::Code(places.clone(), Arc::clone(words));
        let orgs: Vec<i32> = rows
            .iter()
            .map(|row| i32::try_from(row.org).unwrap_or(NO_WORD))
            .collect();
        let org = |words: &Words| Cells::Code(orgs.clone(), Arc::clone(words));
        let levels = rows.iter().map(|row| self.org.level(row.org)).collect();
        let [codes, names, themes, theme_names, units] = &self.indicator;
        let changes = || each().map(|(row, scales)| (&row.change, scales));
        let number = |value: fn(&Change) -> Option<f64>| {
            Cells::Number(changes().map(|(change, _)| value(change).unwrap_or(f64::NAN)).collect())
        };
        let mut cells = vec![code(codes), code(names), code(themes), code(theme_names)];
        cells.extend([org(&self.org.codes), org(&self.org.names)]);
        cells.push(Cells::Code(levels, Arc::clone(&self.org.levels)));
        cells.extend(self.periods(rows, |row| &row.current));
        cells.extend(self.periods(rows, |row| &row.base));
        cells.push(code(units));
        cells.extend(self.side(rows, &scales, |row| &row.current));
        let coverage = |value: fn(&Measure) -> u32| {
            Cells::Integer(rows.iter().map(|row| Some(i64::from(value(&row.current)))).collect())
        };
        cells.extend([
            coverage(|measure| measure.coverage.present),
            coverage(|measure| measure.coverage.expected),
        ]);
        cells.extend(self.side(rows, &scales, |row| &row.base));
        cells.push(Cells::Number(
            changes()
                .map(|(change, scales)| told(change.absolute, scales.value))
                .collect(),
        ));
        cells.extend([
            number(|change| change.percent),
            number(|change| change.percentage_points),
        ]);
        let text =
            |value: fn(&Change) -> Option<String>| Cells::Text(changes().map(|(change, _)| value(change)).collect());
        cells.extend([
            text(|change| change.direction.map(|direction| direction.to_string())),
            text(|change| Some(change.judgement.to_string())),
            text(|change| Some(change.reason.to_string())),
        ]);
        cells.push(Cells::Boolean(
            changes().map(|(change, _)| change.distinguishable()).collect(),
        ));
        cells.push(number(Change::p_value));
        let against = against(answer.request.baseline);
        let texts = each().map(|(row, scales)| Some(scales.sentence(row, answer.request.period, against)));
        cells.push(Cells::Text(texts.collect()));
        Ok(Batch {
            rows: rows.len(),
            cells,
        })
    }

    fn periods(&self, rows: &[Comparison], side: fn(&Comparison) -> &Measure) -> [Cells; 3] {
        let found = rows.iter().map(|row| match side(row).period {
            Some(period) => self.period.find(period.start_month(), period.months()),
            None => (NO_WORD, None),
        });
        let found: Vec<_> = found.collect();
        [
            Cells::Code(
                found.iter().map(|(place, _)| *place).collect(),
                Arc::clone(&self.period.codes),
            ),
            Cells::Date(found.iter().map(|(_, days)| days.map(|days| days.first_day)).collect()),
            Cells::Date(found.iter().map(|(_, days)| days.map(|days| days.last_day)).collect()),
        ]
    }

    fn side(&self, rows: &[Comparison], scales: &[Scales], side: fn(&Comparison) -> &Measure) -> [Cells; 5] {
        let each = || rows.iter().zip(scales).map(|(row, scales)| (side(row), scales));
        let flags = |measure: &Measure| (!measure.flags.is_empty()).then(|| measure.flags.to_string());
        [
            Cells::Number(
                each()
                    .map(|(measure, scales)| told(measure.value, scales.value))
                    .collect(),
            ),
            Cells::Number(
                each()
                    .map(|(measure, scales)| told(measure.numerator, scales.numerator))
                    .collect(),
            ),
            Cells::Number(
                each()
                    .map(|(measure, scales)| told(measure.denominator, scales.denominator))
                    .collect(),
            ),
            Cells::Code(
                each().map(|(measure, _)| measure.status as i32).collect(),
                Arc::clone(&self.status),
            ),
            Cells::Text(each().map(|(measure, _)| flags(measure)).collect()),
        ]
    }
}

/// By what an indicator's numbers are told.
struct Scales {
    value: Decimal,
    numerator: Decimal,
    denominator: Decimal,
    display: Decimal,
    label: String,
    decimals: u32,
}

impl Scales {
    fn of(catalog: &Catalog, id: i64) -> Result<Self, Error> {
        let model = catalog
            .indicator(id)
            .ok_or_else(|| Error::internal("a row without indicator"))?;
        let own = |id: Option<i64>| match id.and_then(|id| catalog.indicator(id)) {
            Some(indicator) => catalog.unit(indicator.unit_id).map_or(Ok(Decimal::ONE), scale),
            None => Ok(Decimal::ONE),
        };
        let display = catalog.unit(model.display_unit_id);
        Ok(Self {
            value: own(Some(id))?,
            numerator: own(model.numerator_id)?,
            denominator: own(model.denominator_id)?,
            display: display.map_or(Ok(Decimal::ONE), scale)?,
            label: display.map_or_else(String::new, |unit| unit.label_zh.clone()),
            decimals: u32::try_from(model.decimals).unwrap_or(0),
        })
    }

    fn sentence(&self, row: &Comparison, period: analytics::period::Period, against: Against) -> String {
        let absolute = row.change.absolute.map(|value| decimal::in_unit(value, self.display));
        let setting = Setting {
            period,
            against,
            absolute: absolute.map(|value| (value, self.label.as_str())),
            decimals: self.decimals,
            rounding: Rounding::HalfUp,
            times: false,
        };
        sentence::describe(&row.change, &setting, Language::Zh)
    }
}

fn told(value: Option<f64>, scale: Decimal) -> f64 {
    value.map_or(f64::NAN, |value| decimal::in_unit(value, scale))
}
