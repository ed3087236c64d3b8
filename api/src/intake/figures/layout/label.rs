//! One label of a header: what it names.

use analytics::period::Period;

use super::super::field::{self, Field};
use super::super::mapping::{Dims, Mapping, Role};
use super::super::plain::split_unit;
use super::super::span;
use super::super::vocabulary::{Named, Vocabulary};
use super::super::word::is_sum;

/// What a label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// All there is to say of the column.
    Role(Role),
    /// A part of what its figures are.
    Dims(Dims),
    /// `单位`: an organisation or a unit, by what stands below.
    UnitOrOrg,
    /// The sum of the columns beside it.
    Total,
    /// One of several codes.
    Several(Vec<String>),
    /// Nothing known.
    Unknown,
}

/// What headers mean in one sheet.
pub(super) struct Labels<'a> {
    pub(super) vocabulary: &'a dyn Vocabulary,
    pub(super) mapping: &'a Mapping,
    /// The period of the sheet, for 本期 and 上年同期.
    pub(super) period: Option<Period>,
    /// The year of the sheet, for periods that leave it out.
    pub(super) year: Option<i32>,
}

/// Years that a header means; other numbers are figures.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
const CURRENT: [&str; 5] = ["本期", "本年", "今年", "本年度", "本期累计"];
const YEAR_BEFORE: [&str; 5] = ["上年同期", "去年同期", "上年", "去年", "上年度"];

impl Labels<'_> {
    /// What a compact label says.
    pub(super) fn piece(&self, label: &str) -> Piece {
        if let Some(role) = self.mapping.role(label) {
            return match role {
                Role::Value(dims) => Piece::Dims(dims),
                other => Piece::Role(other),
            };
        }
        let (name, unit) = split_unit(label);
        let unit = unit.filter(|unit| self.vocabulary.is_unit(unit)).map(str::to_owned);
        let whole = if unit.is_some() { name } else { label };
        if label == "单位" {
            return Piece::UnitOrOrg;
        }
        if is_sum(label) {
            return Piece::Total;
        }
        if let Some(field) = Field::of_label(whole) {
            return match field {
                Field::Value => Piece::Dims(Dims {
                    unit,
                    ..Dims::default()
                }),
                other => Piece::Role(Role::Field(other)),
            };
        }
        if field::is_ignored(label) || field::is_ignored(name) {
            return Piece::Role(Role::Ignored);
        }
        self.dims(whole, unit).unwrap_or_else(|| {
            if self.vocabulary.is_unit(label) {
                Piece::Dims(Dims {
                    unit: Some(label.to_owned()),
                    ..Dims::default()
                })
            } else {
                Piece::Unknown
            }
        })
    }

    fn dims(&self, name: &str, unit: Option<String>) -> Option<Piece> {
        let mut dims = Dims {
            unit,
            ..Dims::default()
        };
        match self.vocabulary.indicator(name) {
            Named::One(code) => dims.indicator = Some(code),
            Named::Several(codes) => return Some(Piece::Several(codes)),
            Named::Nothing => match self.period(name) {
                Some(period) => dims.period = Some(period.to_string()),
                None => match self.vocabulary.org(name) {
                    Named::One(code) => dims.org = Some(code),
                    Named::Several(codes) => return Some(Piece::Several(codes)),
                    Named::Nothing => match self.vocabulary.item(name) {
                        Named::One(code) => dims.breakdown = Some(code),
                        Named::Several(codes) => return Some(Piece::Several(codes)),
                        Named::Nothing => return None,
                    },
                },
            },
        }
        Some(Piece::Dims(dims))
    }

    fn period(&self, name: &str) -> Option<Period> {
        if CURRENT.contains(&name) {
            return self.period;
        }
        if YEAR_BEFORE.contains(&name) {
            return self.period.and_then(Period::previous_year);
        }
        span::parse(name, self.year)
            .ok()
            .filter(|period| YEARS.contains(&period.start_year()))
    }
}
