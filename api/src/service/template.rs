//! What organisations owe for a period, with last year's figures and plausible ranges beside it.

use std::collections::HashMap;

use analytics::decimal;
use analytics::period::Period;
use entity::choice::IndicatorKind;
use entity::indicator;
use entity::observation::{self, Filter, Model, Page};
use rust_decimal::Decimal;

use super::Service;
use super::access::{Act, Caller, Sight};
use super::catalog::{Catalog, scale};
use super::selector::{IndicatorSelector, OrgSelector};
use crate::error::Error;
use crate::export::template::Owed;

/// Earlier years whose figures tell what is plausible.
const YEARS: i32 = 5;
/// Earlier figures without which nothing is called plausible.
const FEW: usize = 2;

/// What a template is to ask for.
#[derive(Clone, Debug)]
pub struct TemplateQuery {
    /// Of which organisations.
    pub orgs: OrgSelector,
    /// Which indicators.
    pub indicators: IndicatorSelector,
    /// For which period.
    pub period: Period,
    /// All of these indicators, and not only those that the organisation has reported in earlier years.
    pub all: bool,
}

/// The figures of one organisation and indicator.
type Known = HashMap<(i64, i64), Vec<Model>>;

impl Service {
    /// The figures that are owed, by organisation and in the order of the catalogue.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes.
    pub async fn template(&self, caller: &Caller, query: &TemplateQuery) -> Result<Vec<Owed>, Error> {
        caller.may(Act::Read)?;
        self.template_of(&self.sight(caller).await?, query).await
    }

    /// The same over one version.
    pub(super) async fn template_of(&self, sight: &Sight, query: &TemplateQuery) -> Result<Vec<Owed>, Error> {
        let (snapshot, catalog) = (&sight.snapshot, &sight.snapshot.catalog);
        let chosen = query.indicators.resolve(sight)?;
        let orgs: Vec<u32> = query
            .orgs
            .resolve(sight, &chosen, Some(query.period))?
            .into_iter()
            .filter(|org| catalog.tree().exists(*org, query.period))
            .collect();
        let filter = Filter {
            indicators: Some(chosen.clone()),
            orgs: Some(orgs.iter().filter_map(|org| catalog.tree().id(*org)).collect()),
            breakdown_items: Some(vec![0]),
            ..Filter::default()
        };
        let mut known: Known = HashMap::new();
        for years in 0..=YEARS {
            let Some(period) = query.period.shift_years(-years) else {
                continue;
            };
            let filter = Filter {
                exact: Some((period.start_month(), period.end_month())),
                ..filter.clone()
            };
            let page = Page {
                limit: i64::MAX as u64,
                ..Page::default()
            };
            for row in observation::page(&self.db, &filter, snapshot.recorded_at, &page).await? {
                known.entry((row.org_id, row.indicator_id)).or_default().push(row);
            }
        }
        let mut owed = Vec::new();
        for org in orgs {
            for indicator in chosen.iter().filter_map(|id| catalog.indicator(*id)) {
                owed.extend(owe(catalog, org, indicator, query, &known));
            }
        }
        Ok(owed)
    }
}

/// The figure that an organisation owes of an indicator, if it does: formulas and rates whose parts are counted are computed.
fn owe(
    catalog: &Catalog,
    org: u32,
    indicator: &indicator::Model,
    query: &TemplateQuery,
    known: &Known,
) -> Option<Owed> {
    let model = catalog.org(org)?;
    let figures = known.get(&(model.id, indicator.id)).map_or(&[][..], Vec::as_slice);
    let is_computed = indicator.kind == IndicatorKind::Derived || indicator.numerator_id.is_some();
    if (is_computed && figures.is_empty()) || (figures.is_empty() && !query.all) {
        return None;
    }
    let unit = catalog.unit(indicator.display_unit_id)?;
    let scale = scale(unit).unwrap_or(Decimal::ONE);
    let told = |value: f64| decimal::in_unit(value, scale);
    let of = |period: Option<Period>| {
        let months = period.map(|period| (period.start_month(), period.end_month()));
        figures
            .iter()
            .find(|row| Some((row.start_month, row.end_month)) == months)
    };
    let current = of(Some(query.period));
    let earlier: Vec<f64> = figures
        .iter()
        .filter(|row| row.start_month < query.period.start_month())
        .filter_map(|row| row.value)
        .collect();
    // Limits of the catalogue are told in the indicator's own unit.
    let own = catalog
        .unit(indicator.unit_id)
        .and_then(|unit| super::catalog::scale(unit).ok())
        .unwrap_or(Decimal::ONE);
    let limit = |value: Option<f64>| {
        let base = decimal::exact(value?).and_then(|value| decimal::in_base(value, own))?;
        Some(told(base))
    };
    let valid = (limit(indicator.valid_min), limit(indicator.valid_max));
    Some(Owed {
        indicator: indicator.code.clone(),
        indicator_name: indicator.name_zh.clone(),
        definition: catalog
            .versions(indicator.id)
            .last()
            .map_or_else(String::new, |version| version.definition_zh.clone()),
        org: model.code.clone(),
        org_name: model.name_zh.clone(),
        period: query.period.to_string(),
        unit: unit.words.split('|').next().unwrap_or_default().to_owned(),
        decimals: u32::try_from(indicator.decimals).unwrap_or(0),
        value: current.and_then(|row| row.value).map(told),
        last_year: of(query.period.previous_year()).and_then(|row| row.value).map(told),
        plausible: plausible(&earlier).map(|(low, high)| within((told(low), told(high)), valid)),
        valid,
        revision: current.map_or(0, |row| row.revision),
    })
}

/// From half of the least to twice the greatest of the earlier figures: wide enough for a normal year, narrow enough for a slip of a digit.
fn plausible(earlier: &[f64]) -> Option<(f64, f64)> {
    if earlier.len() < FEW {
        return None;
    }
    let low = earlier.iter().copied().fold(f64::INFINITY, f64::min);
    let high = earlier.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let below = if low > 0.0 { low / 2.0 } else { low * 2.0 };
    let above = if high > 0.0 { high * 2.0 } else { high / 2.0 };
    Some((below, above))
}

fn within((low, high): (f64, f64), valid: (Option<f64>, Option<f64>)) -> (f64, f64) {
    (low.max(valid.0.unwrap_or(low)), high.min(valid.1.unwrap_or(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_a_digit_is_outside_what_is_plausible() {
        assert_eq!(plausible(&[720.0]), None);
        let (low, high) = plausible(&[600.0, 720.0, 690.0]).unwrap();
        assert!(low < 600.0 && 720.0 < high);
        assert!(72.0 < low && high < 7200.0);
        assert_eq!(plausible(&[-4.0, -2.0]), Some((-8.0, -1.0)));
        assert_eq!(within((48.0, 200.0), (Some(0.0), Some(100.0))), (48.0, 100.0));
    }
}
