//! What a sheet says as a whole: its title, its name, `填报单位:…`, `单位:万元`, and what a mapping adds.

use analytics::period::Period;

use super::super::field::Field;
use super::super::mapping::Mapping;
use super::super::plain::compact;
use super::super::span;
use super::super::vocabulary::Vocabulary;

/// What holds for all figures of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Context {
    pub(in super::super) indicator: Option<String>,
    pub(in super::super) org: Option<String>,
    pub(in super::super) period: Option<String>,
    pub(in super::super) unit: Option<String>,
    /// The year of texts that leave it out.
    pub(in super::super) year: Option<i32>,
    /// Periods of titles that contradict each other.
    pub(in super::super) open: Vec<String>,
}

impl Context {
    pub(in super::super) fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Indicator => self.indicator.as_deref(),
            Field::Org => self.org.as_deref(),
            Field::Period => self.period.as_deref(),
            Field::Unit => self.unit.as_deref(),
            _ => None,
        }
    }

    pub(super) fn period_value(&self) -> Option<Period> {
        self.period.as_deref().and_then(|code| code.parse().ok())
    }

    /// Reads the titles above the header and the sheet's name; the mapping's defaults go before them.
    pub(super) fn read(titles: &[&str], sheet: &str, mapping: &Mapping, vocabulary: &dyn Vocabulary) -> Self {
        let mut context = Self::default();
        let mut periods: Vec<Period> = Vec::new();
        for title in titles.iter().copied().chain([sheet]) {
            context.labelled(title, vocabulary, &mut periods);
            for period in span::find(title).into_iter().chain(span::parse(title, None).ok()) {
                // 2021 beside 2021年1-9月 is the year of the same title.
                let covered = |known: &Period| {
                    known.start_month() <= period.start_month() && period.end_month() <= known.end_month()
                };
                if let Some(wider) = periods.iter().position(covered) {
                    if let Some(place) = periods.get_mut(wider) {
                        *place = period;
                    }
                } else if !periods.iter().any(|known| known.overlaps(period)) {
                    periods.push(period);
                }
            }
        }
        if let Some(code) = vocabulary.org(&compact(sheet)).one() {
            context.org.get_or_insert(code);
        }
        if let Some(code) = vocabulary.indicator(&compact(sheet)).one() {
            context.indicator.get_or_insert(code);
        }
        let mut years: Vec<i32> = periods.iter().map(|period| period.start_year()).collect();
        years.dedup();
        match periods.as_slice() {
            [period] => context.period = Some(period.to_string()),
            several => context.open = several.iter().map(ToString::to_string).collect(),
        }
        if let [year] = years.as_slice() {
            context.year = Some(*year);
        }
        context.given(mapping);
        context
    }

    fn given(&mut self, mapping: &Mapping) {
        let text = |field: Field| mapping.default_of(field).map(str::to_owned);
        self.indicator = text(Field::Indicator).or(self.indicator.take());
        self.org = text(Field::Org).or(self.org.take());
        self.unit = text(Field::Unit).or(self.unit.take());
        if let Some(period) = mapping.default_of(Field::Period) {
            match span::parse(period, self.year) {
                Ok(period) => {
                    self.year = Some(period.start_year());
                    self.period = Some(period.to_string());
                }
                // Told as it is, so that the row says what is wrong with it.
                Err(_) => self.period = Some(period.to_owned()),
            }
            self.open.clear();
        }
    }

    /// `填报单位:笋岗街道 统计期间:2021年1-9月 单位:件`
    fn labelled(&mut self, title: &str, vocabulary: &dyn Vocabulary, periods: &mut Vec<Period>) {
        let title = super::super::plain::half_width(title);
        for part in title.split([' ', '\n', '(', ')']) {
            let Some((label, text)) = part.split_once(':') else {
                continue;
            };
            let (label, text) = (compact(label), compact(text));
            if label == "单位" || label == "计量单位" || label == "金额单位" {
                if vocabulary.is_unit(&text) {
                    self.unit = Some(text.into_owned());
                } else if let Some(code) = vocabulary.org(&text).one() {
                    self.org = Some(code);
                }
                continue;
            }
            match Field::of_label(&label) {
                Some(Field::Org) => self.org = vocabulary.org(&text).one().or(self.org.take()),
                Some(Field::Indicator) => self.indicator = vocabulary.indicator(&text).one().or(self.indicator.take()),
                Some(Field::Period) => {
                    periods.extend(span::parse(&text, None).ok().filter(|period| !periods.contains(period)))
                }
                _ => {}
            }
        }
    }
}
