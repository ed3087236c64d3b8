//! The comparison held against a naive model: a plain list of figures, searched from the start for every question.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Baseline, Comparability, Comparison, Data, Request, compare};
use crate::fact::{Columns, FactStore, State};
use crate::flag::{Flag, Flags};
use crate::indicator::{Indicator, IndicatorKind, Indicators, OverOrgs, OverTime, Polarity};
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::tree::{Node, OrgTree};

const FLOW: i64 = 1;
const STOCK: i64 = 2;
const WHOLE: i64 = 3;
const SHARE: i64 = 4;
const DIFFERENCE: i64 = 5;
const MEAN: i64 = 6;
const ORGS: u32 = 3;

#[derive(Clone, Debug)]
struct Figure {
    indicator: i64,
    org: u32,
    period: Period,
    value: Option<f64>,
    status: Status,
    flags: Flags,
}

fn indicator(id: i64, code: &str, kind: IndicatorKind, over_time: OverTime) -> Indicator {
    Indicator {
        id,
        code: code.to_owned(),
        kind,
        over_orgs: OverOrgs::Sum,
        over_time,
        summed: false,
        polarity: Polarity::HigherBetter,
        unit_scale: if kind == IndicatorKind::Ratio {
            Decimal::new(1, 2)
        } else {
            Decimal::ONE
        },
        is_rate: kind == IndicatorKind::Ratio,
        parts: (kind == IndicatorKind::Ratio).then_some((FLOW, WHOLE)),
        formula: (kind == IndicatorKind::Derived).then(|| "whole - flow".parse().unwrap()),
        breaks: if id == STOCK {
            vec![month("2021-07").start_month()]
        } else {
            Vec::new()
        },
    }
}

fn month(code: &str) -> Period {
    code.parse().unwrap()
}

fn indicators() -> Indicators {
    [
        indicator(FLOW, "flow", IndicatorKind::Count, OverTime::Sum),
        indicator(STOCK, "stock", IndicatorKind::Count, OverTime::Last),
        indicator(WHOLE, "whole", IndicatorKind::Count, OverTime::Sum),
        indicator(SHARE, "share", IndicatorKind::Ratio, OverTime::Sum),
        indicator(DIFFERENCE, "difference", IndicatorKind::Derived, OverTime::Sum),
        indicator(MEAN, "mean", IndicatorKind::Amount, OverTime::Mean),
    ]
    .into_iter()
    .collect()
}

/// A period of any type in 2020 to 2022.
fn any_period() -> impl Strategy<Value = Period> {
    prop_oneof![
        (0..3i32).prop_map(|year| (year * 12, 12)),
        (0..6i32).prop_map(|half| (half * 6, 6)),
        (0..12i32).prop_map(|quarter| (quarter * 3, 3)),
        (0..36i32).prop_map(|month| (month, 1)),
        (0..30i32, 2..15i32),
    ]
    .prop_map(|(start, months)| Period::from_months(2020 * 12 + start, 2020 * 12 + start + months - 1).unwrap())
}

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        8 => Just(Status::Normal),
        1 => Just(Status::Provisional),
        1 => Just(Status::LowerBound),
        1 => Just(Status::Missing),
        1 => Just(Status::Suppressed),
    ]
}

fn any_figure() -> impl Strategy<Value = Figure> {
    let indicator = prop_oneof![Just(FLOW), Just(STOCK), Just(WHOLE), Just(SHARE), Just(MEAN)];
    let flags = prop_oneof![20 => Just(Flags::NONE), 1 => Just(Flag::ScopeChanged.into()), 1 => Just(Flag::BoundaryChanged.into())];
    (indicator, 0..ORGS, any_period(), -3..9i32, any_status(), flags).prop_map(
        |(indicator, org, period, value, status, flags)| Figure {
            indicator,
            org,
            period,
            value: status.has_value().then(|| f64::from(value)),
            status,
            flags,
        },
    )
}

/// One figure a cell; the complete months of a year now and then, which chance alone would never give.
fn any_figures() -> impl Strategy<Value = Vec<Figure>> {
    let year = (
        prop_oneof![Just(FLOW), Just(WHOLE), Just(MEAN), Just(STOCK)],
        0..ORGS,
        0..2i32,
        prop_oneof![Just(1), Just(3), Just(6)],
        0..9i32,
    );
    let complete = year.prop_map(|(indicator, org, year, length, value)| {
        let whole = Period::year(2020 + year).unwrap();
        let figure = |period| Figure {
            indicator,
            org,
            period,
            value: Some(f64::from(value)),
            status: Status::Normal,
            flags: Flags::NONE,
        };
        whole.parts(length).map(figure).collect::<Vec<_>>()
    });
    (
        prop::collection::vec(any_figure(), 0..60),
        prop::collection::vec(complete, 0..4),
    )
        .prop_map(|(loose, complete)| {
            let mut figures: Vec<Figure> = Vec::new();
            for figure in loose.into_iter().chain(complete.into_iter().flatten()) {
                if !figures.iter().any(|other| {
                    (other.indicator, other.org, other.period) == (figure.indicator, figure.org, figure.period)
                }) {
                    figures.push(figure);
                }
            }
            figures
        })
}

fn store(figures: &[Figure]) -> FactStore {
    let chunk = |indicator: i64| {
        let mut columns = Columns::default();
        for (id, figure) in (0i64..)
            .zip(figures)
            .filter(|(_, figure)| figure.indicator == indicator)
        {
            let state = State {
                status: figure.status,
                flags: figure.flags,
                decimals: 0,
            };
            columns.push(figure.org, 0, figure.period, figure.value, state, id);
        }
        (indicator, columns)
    };
    FactStore::build(1, [FLOW, STOCK, WHOLE, SHARE, MEAN].map(chunk), ORGS as usize).unwrap()
}

/// The value and, where there is none, why.
type Naive = Result<f64, Reason>;

struct Model<'a> {
    figures: &'a [Figure],
    org: u32,
    missing: Reason,
}

impl Model<'_> {
    fn at(&self, indicator: i64, period: Period) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| (figure.indicator, figure.org, figure.period) == (indicator, self.org, period))
    }

    fn number(&self, indicator: i64, period: Period) -> Option<f64> {
        self.at(indicator, period)?.value
    }

    fn stored(&self, indicator: i64, period: Period) -> Naive {
        let exact = self.at(indicator, period);
        if let Some(value) = exact.and_then(|figure| figure.value) {
            return Ok(value);
        }
        if exact.is_some_and(|figure| figure.status == Status::Suppressed) {
            return Err(self.missing);
        }
        let withheld = self.withholds_a_part(indicator, period);
        for length in [6, 3, 1] {
            if length >= period.months() || period.months() % length != 0 || period.start_month() % length != 0 {
                continue;
            }
            let parts: Vec<Option<f64>> = period.parts(length).map(|part| self.number(indicator, part)).collect();
            let all: Option<Vec<f64>> = parts.iter().copied().collect();
            let value = match indicator {
                STOCK => parts.last().copied().flatten(),
                MEAN => all.map(|values| values.iter().sum::<f64>() / values.len() as f64),
                SHARE => None,
                _ => all.map(|values| values.iter().sum()),
            };
            if let Some(value) = value {
                return Ok(value);
            }
        }
        if withheld {
            return Err(self.missing);
        }
        let touches = |figure: &&Figure| {
            (figure.indicator, figure.org) == (indicator, self.org)
                && figure.value.is_some()
                && figure.period != period
                && figure.period.overlaps(period)
        };
        Err(if self.figures.iter().any(|figure| touches(&figure)) {
            Reason::PeriodMismatch
        } else {
            self.missing
        })
    }

    /// Whether a part that the period can be put together from is withheld; of a stock, the part that ends with it.
    fn withholds_a_part(&self, indicator: i64, period: Period) -> bool {
        self.figures.iter().any(|figure| {
            let length = figure.period.months();
            let is_part = length < period.months()
                && [6, 3, 1].contains(&length)
                && [period.months(), period.start_month(), figure.period.start_month()]
                    .iter()
                    .all(|months| months % length == 0)
                && period.start_month() <= figure.period.start_month()
                && figure.period.end_month() <= period.end_month();
            (figure.indicator, figure.org, figure.status) == (indicator, self.org, Status::Suppressed)
                && is_part
                && indicator != SHARE
                && (indicator != STOCK || figure.period.end_month() == period.end_month())
        })
    }

    /// Whether the value is withheld: the figure itself, or a part without which there is none.
    fn is_withheld(&self, indicator: i64, period: Period) -> bool {
        let says = |part: i64| {
            self.stored(part, period).is_err()
                && (self
                    .at(part, period)
                    .is_some_and(|figure| figure.status == Status::Suppressed)
                    || self.withholds_a_part(part, period))
        };
        match indicator {
            SHARE => [SHARE, FLOW, WHOLE].into_iter().any(says),
            DIFFERENCE => [FLOW, WHOLE].into_iter().any(says),
            other => says(other),
        }
    }

    fn value(&self, indicator: i64, period: Period) -> Naive {
        match indicator {
            SHARE => {
                let (above, below, printed) = (
                    self.stored(FLOW, period),
                    self.stored(WHOLE, period),
                    self.stored(SHARE, period),
                );
                match (above, below) {
                    (Ok(_), Ok(0.0)) => Err(Reason::DenominatorZero),
                    (Ok(above), Ok(below)) => Ok(above / below),
                    _ if printed.is_ok() => printed,
                    _ if self.is_withheld(SHARE, period) => Err(self.missing),
                    _ if [above, below, printed].contains(&Err(Reason::PeriodMismatch)) => Err(Reason::PeriodMismatch),
                    (Ok(_), Err(_)) => Err(Reason::DenominatorMissing),
                    _ => Err(self.missing),
                }
            }
            DIFFERENCE => match (self.stored(FLOW, period), self.stored(WHOLE, period)) {
                (Ok(flow), Ok(whole)) => Ok(whole - flow),
                _ if self.is_withheld(DIFFERENCE, period) => Err(self.missing),
                (flow, whole) if [flow, whole].contains(&Err(Reason::PeriodMismatch)) => Err(Reason::PeriodMismatch),
                _ => Err(self.missing),
            },
            _ => self.stored(indicator, period),
        }
    }
}

/// Whether anything in `(base begins, current ends]` cuts the series.
fn cut(figures: &[Figure], indicator: i64, org: u32, current: Period, base: Period) -> Option<Reason> {
    let read = match indicator {
        SHARE => vec![SHARE, FLOW, WHOLE],
        DIFFERENCE => vec![FLOW, WHOLE],
        other => vec![other],
    };
    let between = |month: i32| base.start_month() < month && month <= current.end_month();
    if indicator == STOCK && between(month("2021-07").start_month()) {
        return Some(Reason::DefinitionChanged);
    }
    let flagged = |flag: Flag| {
        figures.iter().any(|figure| {
            read.contains(&figure.indicator)
                && figure.org == org
                && between(figure.period.start_month())
                && figure.flags.contains(flag)
        })
    };
    if flagged(Flag::ScopeChanged) {
        Some(Reason::DefinitionChanged)
    } else {
        flagged(Flag::BoundaryChanged).then_some(Reason::BoundaryChanged)
    }
}

fn check(figures: &[Figure], row: &Comparison, period: Period, base_period: Period) -> Result<(), TestCaseError> {
    let model = |missing| Model {
        figures,
        org: row.org,
        missing,
    };
    let now = model(Reason::CurrentMissing).value(row.indicator, period);
    let before = model(Reason::BaseMissing).value(row.indicator, base_period);
    let near =
        |left: Option<f64>, right: f64| left.is_some_and(|left| (left - right).abs() <= 1e-9 * right.abs().max(1.0));
    let withheld = |at: Period| model(Reason::CurrentMissing).is_withheld(row.indicator, at);
    for (measure, expected, at) in [(&row.current, now, period), (&row.base, before, base_period)] {
        if expected.is_err() && expected != Err(Reason::DenominatorZero) {
            prop_assert_eq!(measure.status == Status::Suppressed, withheld(at), "{:?}", measure);
        }
        match expected {
            Ok(value) => prop_assert!(
                near(measure.value, value) && measure.reason.is_none(),
                "{measure:?} is not {value}"
            ),
            Err(reason) => prop_assert_eq!((measure.value, measure.reason), (None, Some(reason))),
        }
        prop_assert_eq!(measure.value.is_some(), measure.status.has_value());
    }
    let change = &row.change;
    let (now, before) = match (now, before) {
        (Err(reason), _) | (_, Err(reason)) => {
            prop_assert_eq!(
                (change.reason, change.absolute, change.percent, change.percentage_points),
                (reason, None, None, None)
            );
            return Ok(());
        }
        (Ok(now), Ok(before)) => (now, before),
    };
    let rate = row.indicator == SHARE;
    prop_assert_eq!(change.absolute.is_some(), !rate);
    if !rate {
        prop_assert!(near(change.absolute, now - before));
    }
    let expected = match cut(figures, row.indicator, row.org, period, base_period) {
        Some(reason) => (reason, None, None),
        None if rate => (Reason::Ok, None, Some((now - before) * 100.0)),
        None if before == 0.0 && now == 0.0 => (Reason::Ok, Some(0.0), None),
        None if before == 0.0 => (Reason::BaseZero, None, None),
        None if before < 0.0 || now < 0.0 => (Reason::BaseNegative, None, None),
        None => (Reason::Ok, Some((now - before) / before * 100.0), None),
    };
    prop_assert_eq!(change.reason, expected.0);
    for (found, expected) in [(change.percent, expected.1), (change.percentage_points, expected.2)] {
        match expected {
            Some(value) => prop_assert!(near(found, value), "{found:?} is not {value}"),
            None => prop_assert_eq!(found, None),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_row_is_what_the_list_of_figures_says(figures in any_figures(), period in any_period()) {
        let nodes: Vec<Node> = (0..i64::from(ORGS)).map(|id| Node { id, valid_from: None, valid_to: None, level: 0, optional: false }).collect();
        let tree = OrgTree::build(&nodes, &[]).unwrap();
        let (store, indicators) = (store(&figures), indicators());
        let base = period.previous_year().unwrap();
        let asked = vec![FLOW, STOCK, WHOLE, SHARE, DIFFERENCE, MEAN];
        let request = Request { indicators: asked.clone(), orgs: (0..ORGS).collect(), period, baseline: Baseline::Period(Some(base)), comparability: Comparability::All, across_breaks: false };
        let rows = compare(Data { store: &store, targets: &FactStore::default(), indicators: &indicators, tree: &tree }, &request).unwrap();
        prop_assert_eq!(rows.len(), asked.len() * ORGS as usize);
        for row in &rows {
            check(&figures, row, period, base)?;
        }
    }
}
