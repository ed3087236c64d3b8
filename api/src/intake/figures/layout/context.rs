//! What a sheet says as a whole: its title, its name, `填报单位:…`, `单位:万元`, and what a mapping adds.

use analytics::period::{Period, PeriodKind};

use super::super::field::Field;
use super::super::mapping::Mapping;
use super::super::plain::{compact, half_width};
use super::super::span::{self, SpanFault};
use super::super::title::{self, Label, Mention};
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
        let mut found = Found::default();
        for title in title::joined(titles).iter().map(String::as_str).chain([sheet]) {
            context.title(title, vocabulary, &mut found);
        }
        if let Some(code) = vocabulary.org(&compact(sheet)).one() {
            context.org.get_or_insert(code);
        }
        if let Some(code) = vocabulary.indicator(&compact(sheet)).one() {
            context.indicator.get_or_insert(code);
        }
        let mut years: Vec<i32> = found.periods.iter().map(|period| period.start_year()).collect();
        years.dedup();
        if let [year] = years.as_slice() {
            context.year = Some(*year);
            for text in std::mem::take(&mut found.without_year) {
                found.extend(span::parse(&text, Some(*year)).ok());
            }
        }
        match found.periods.as_slice() {
            [period] if found.open.is_empty() => context.period = Some(period.to_string()),
            several if found.open.is_empty() => context.open = several.iter().map(ToString::to_string).collect(),
            _ => context.open = found.open,
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

    /// One title, or the sheet's name.
    fn title(&mut self, title: &str, vocabulary: &dyn Vocabulary, found: &mut Found) {
        let title = half_width(title);
        let mut rest = title.clone().into_owned();
        for part in title::labelled(&title) {
            let (org, unit) = (
                || part.first(|text| vocabulary.org(text).one()),
                || part.first(|text| vocabulary.is_unit(text).then(|| text.to_owned())),
            );
            match part.label {
                Label::Org => self.org = org().or(self.org.take()),
                Label::Unit => self.unit = unit().or(self.unit.take()),
                Label::UnitOrOrg => match unit() {
                    Some(unit) => self.unit = Some(unit),
                    None => self.org = org().or(self.org.take()),
                },
                Label::Indicator => {
                    self.indicator = part
                        .first(|text| vocabulary.indicator(text).one())
                        .or(self.indicator.take());
                }
                Label::Period => found.read(&part.words.concat()),
                Label::Day => {
                    let blank = " ".repeat(part.place.len());
                    rest.replace_range(part.place.clone(), &blank);
                }
            }
        }
        for mention in title::mentions(&rest) {
            match mention {
                Mention::Period(period) => found.extend([period]),
                Mention::Open(choices) => found.open.extend(choices),
            }
        }
        found.read(compact(&rest).trim_matches(['(', ')']));
    }
}

/// Months that titles name.
#[derive(Default)]
struct Found {
    /// None of them inside another.
    periods: Vec<Period>,
    /// Choices of texts that may mean several.
    open: Vec<String>,
    /// Texts such as `1-9月`.
    without_year: Vec<String>,
}

impl Found {
    /// A text that may be a period as a whole.
    fn read(&mut self, text: &str) {
        match span::parse(text, None) {
            Ok(period) => self.extend([period]),
            Err(SpanFault::NoYear) => self.without_year.push(text.to_owned()),
            Err(SpanFault::Ambiguous(_) | SpanFault::Form) => {}
        }
    }

    /// 2021年1-9月 below 2021年度 is what the figures stand for: the year is that of the report. Other periods stay both, and somebody must say which: a sheet
    /// 三季度 below 1-9月 may hold the quarter, or the months up to its end.
    fn extend(&mut self, more: impl IntoIterator<Item = Period>) {
        let holds = |outer: &Period, inner: &Period| {
            let is_year = outer.kind() == PeriodKind::Year;
            outer == inner
                || (is_year && outer.start_month() <= inner.start_month() && inner.end_month() <= outer.end_month())
        };
        for period in more {
            if !self.periods.iter().any(|known| holds(&period, known)) {
                self.periods.retain(|known| !holds(known, &period));
                self.periods.push(period);
            }
        }
    }
}
