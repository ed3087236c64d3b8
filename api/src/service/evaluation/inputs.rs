//! What is known of each criterion of each organisation, in this period and a year earlier.

use std::collections::HashMap;

use analytics::decimal;
use analytics::flag::Flag;
use analytics::indicator::OverOrgs;
use analytics::measure::Measure;
use analytics::op::{self, Baseline, Comparability, Comparison, Request};
use analytics::period::Period;
use analytics::reason::Reason;
use analytics::score::framework::{Goal, Missing, Rule};
use analytics::score::sheet::Cell;
use analytics::status::Status;
use entity::choice::MarkStage;
use entity::evaluation_mark;
use rust_decimal::Decimal;

use super::population::Member;
use crate::error::Error;
use crate::export::evaluation::report::Known;
use crate::service::Service;
use crate::service::catalog::Catalog;
use crate::service::edition::Edition;
use crate::service::framework::{Scheme, unit_scale};

/// Marks by organisation, node and stage.
pub(super) type Marks = HashMap<(i64, String, MarkStage), evaluation_mark::Model>;

/// What is known, by member and node.
pub(super) struct Inputs {
    pub(super) now: Vec<Vec<Known>>,
    /// None where the calendar has no year before.
    pub(super) previous: Option<Vec<Vec<Known>>>,
}

/// The values of one pair of periods.
struct Pair {
    rows: Vec<Comparison>,
    /// By indicator: where its rows begin.
    starts: HashMap<i64, usize>,
}

impl Pair {
    /// The values of `indicator` for the member at `place`: now and at the base.
    fn of(&self, indicator: i64, place: usize) -> Option<&Comparison> {
        self.rows.get(self.starts.get(&indicator)? + place)
    }
}

/// What the inputs are read over.
pub(super) struct Reading<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) edition: &'a Edition,
    pub(super) members: &'a [Member],
    pub(super) period: Period,
    pub(super) marks: &'a Marks,
    pub(super) previous_marks: &'a Marks,
}

impl Service {
    /// Reads the inputs.
    pub(super) async fn inputs(&self, reading: &Reading<'_>) -> Result<Inputs, Error> {
        let wanted = |pick: fn(&Rule, Missing) -> bool| -> Vec<i64> {
            let criteria = reading
                .scheme
                .core
                .nodes
                .iter()
                .filter_map(|node| node.criterion.as_ref());
            let mut found: Vec<i64> = criteria
                .filter(|criterion| pick(&criterion.rule, criterion.missing))
                .filter_map(|criterion| criterion.indicator)
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let all = wanted(|_, _| true);
        let falling_back = wanted(|_, missing| missing == Missing::PriorYear);
        let aimed = wanted(|rule, _| matches!(rule, Rule::Target { goal: Goal::Stored, .. }));
        let (period, before) = (reading.period, reading.period.previous_year());
        let values = self.pair(reading, &all, (period, Baseline::Period(before))).await?;
        let targets = self.pair(reading, &aimed, (period, Baseline::Target)).await?;
        let now = reading.known(&values, &targets, None, Side::Current)?;
        let previous = match before {
            None => None,
            Some(before) => {
                let earlier = Baseline::Period(before.previous_year());
                let fallback = self.pair(reading, &falling_back, (before, earlier)).await?;
                let targets = self.pair(reading, &aimed, (before, Baseline::Target)).await?;
                Some(reading.known(&values, &targets, Some(&fallback), Side::Base)?)
            }
        };
        Ok(Inputs { now, previous })
    }

    async fn pair(
        &self,
        reading: &Reading<'_>,
        indicators: &[i64],
        (period, baseline): (Period, Baseline),
    ) -> Result<Pair, Error> {
        let members = reading.members.len();
        let starts = indicators
            .iter()
            .enumerate()
            .map(|(place, id)| (*id, place * members))
            .collect();
        let request = Request {
            indicators: indicators.to_vec(),
            orgs: reading.members.iter().map(|member| member.org).collect(),
            period,
            baseline,
            comparability: Comparability::All,
            across_breaks: true,
        };
        let rows = if indicators.is_empty() {
            Vec::new()
        } else {
            self.calculate(reading.edition, move |data| op::compare(data, &request))
                .await?
        };
        Ok(Pair { rows, starts })
    }
}

/// Which value of a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Current,
    Base,
}

impl Reading<'_> {
    fn known(
        &self,
        values: &Pair,
        targets: &Pair,
        fallback: Option<&Pair>,
        side: Side,
    ) -> Result<Vec<Vec<Known>>, Error> {
        let catalog = self.edition.catalog();
        let marks = if side == Side::Current {
            self.marks
        } else {
            self.previous_marks
        };
        let mut known = Vec::with_capacity(self.members.len());
        let tellers = self.tellers(catalog)?;
        for (place, member) in self.members.iter().enumerate() {
            let org = catalog.tree().id(member.org).unwrap_or_default();
            let mut nodes = Vec::with_capacity(tellers.len());
            for (node, teller) in self.scheme.core.nodes.iter().zip(&tellers) {
                let mut one = match teller
                    .as_ref()
                    .and_then(|teller| Some((teller, values.of(teller.indicator, place)?)))
                {
                    None => Known::default(),
                    Some((teller, row)) => {
                        let (value, prior) = match side {
                            Side::Current => (&row.current, Some(&row.base)),
                            Side::Base => {
                                let earlier = fallback.and_then(|pair| pair.of(teller.indicator, place));
                                (&row.base, earlier.map(|row| &row.base))
                            }
                        };
                        let target = targets.of(teller.indicator, place).map(|row| &row.base);
                        Known {
                            prior: prior
                                .filter(|_| teller.falls_back)
                                .and_then(|prior| teller.value(prior)),
                            target: target.and_then(|target| teller.told(target.value)),
                            ..teller.known(value)
                        }
                    }
                };
                if let Some(criterion) = &node.criterion {
                    let mark = |stage| marks.get(&(org, node.code.clone(), stage));
                    let given = mark(MarkStage::Review).filter(|_| criterion.rule.is_given());
                    let decided = mark(MarkStage::Final).filter(|mark| mark.points.is_some()).or(given);
                    one.awarded = decided.and_then(|mark| mark.points.as_deref()?.parse().ok());
                }
                nodes.push(one);
            }
            known.push(nodes);
        }
        Ok(known)
    }

    /// By node: how its values are told.
    fn tellers(&self, catalog: &Catalog) -> Result<Vec<Option<Teller>>, Error> {
        let teller = |node: &analytics::score::framework::Node| {
            let Some((criterion, indicator)) = node.criterion.as_ref().and_then(|one| Some((one, one.indicator?)))
            else {
                return Ok(None);
            };
            let row = catalog.indicator(indicator);
            let part = |id: Option<i64>| id.map(|id| unit_scale(catalog, id)).transpose();
            Ok(Some(Teller {
                indicator,
                scale: unit_scale(catalog, indicator)?,
                parts: [
                    part(row.and_then(|row| row.numerator_id))?,
                    part(row.and_then(|row| row.denominator_id))?,
                ],
                is_sum: catalog
                    .specs()
                    .get(indicator)
                    .is_some_and(|spec| spec.over_orgs == OverOrgs::Sum),
                falls_back: criterion.missing == Missing::PriorYear,
            }))
        };
        self.scheme.core.nodes.iter().map(teller).collect()
    }
}

/// How the values of a criterion are told.
struct Teller {
    indicator: i64,
    scale: Decimal,
    parts: [Option<Decimal>; 2],
    is_sum: bool,
    falls_back: bool,
}

impl Teller {
    fn told(&self, value: Option<f64>) -> Option<Decimal> {
        told(value, self.scale)
    }

    /// A value that can stand beside whole ones: a sum that lacks some of its parts is none.
    fn value(&self, measure: &Measure) -> Option<Decimal> {
        let is_partial = self.is_sum && measure.flags.contains(Flag::Incomplete);
        self.told(measure.value.filter(|_| !is_partial))
    }

    fn known(&self, measure: &Measure) -> Known {
        let value = self.value(measure);
        let part = |value: Option<f64>, scale: Option<Decimal>| scale.and_then(|scale| told(value, scale));
        let reason = match (value, measure.value) {
            (Some(_), _) => None,
            (None, Some(_)) => Some("INCOMPLETE".to_owned()),
            (None, None) => measure.reason.map(|reason| match reason {
                Reason::BaseMissing => Reason::CurrentMissing.to_string(),
                reason => reason.to_string(),
            }),
        };
        Known {
            not_applicable: value.is_none()
                && (measure.status == Status::NotApplicable || measure.reason == Some(Reason::DenominatorZero)),
            value,
            status: Some(measure.status.to_string()),
            flags: measure.flags.iter().map(|flag| flag.to_string()).collect(),
            reason,
            numerator: part(measure.numerator, self.parts[0]),
            denominator: part(measure.denominator, self.parts[1]),
            coverage: Some((measure.coverage.present, measure.coverage.expected)),
            ..Known::default()
        }
    }
}

fn told(value: Option<f64>, scale: Decimal) -> Option<Decimal> {
    let number = decimal::exact(decimal::in_unit(value?, scale))?;
    Some(number.normalize())
}

/// What the calculation looks at.
pub(super) fn cell(known: &Known) -> Cell {
    Cell {
        value: known.value,
        not_applicable: known.not_applicable,
        prior: known.prior,
        target: known.target,
        awarded: known.awarded,
    }
}
