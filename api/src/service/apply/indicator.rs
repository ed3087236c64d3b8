//! Indicators, parts before wholes, and their definitions.

use std::collections::HashMap;

use analytics::formula::Formula;
use entity::choice::TotalRule;
use entity::{indicator, indicator_version};
use toml::Spanned;

use super::run::{Run, month, save};
use crate::error::Error;
use crate::intake::catalog::entry::{self, Catalog, Placed};
use crate::service::convert;

impl Run<'_> {
    pub(super) async fn indicators(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<String, (i64, indicator::New)> = indicator::all(self.tx)
            .await?
            .iter()
            .map(|row| (row.code.clone(), (row.id, row.into())))
            .collect();
        for entry in parts_first(catalog) {
            let wanted = self.indicator(entry)?;
            let id = save!(
                self,
                indicator,
                format!("indicator {}", entry.code.get_ref()),
                stored.get(entry.code.get_ref()),
                wanted
            );
            self.remember("indicator", &entry.code, id);
        }
        self.keep("indicator", stored.into_keys());
        Ok(())
    }

    fn indicator(&self, entry: &entry::Indicator) -> Result<indicator::New, Error> {
        let unit_id = self.id("unit", &entry.unit)?;
        let number = |text: &Option<Spanned<String>>| text.as_ref().and_then(|text| text.get_ref().parse::<f64>().ok());
        let part = |code: &Option<Spanned<String>>| code.as_ref().map(|code| self.id("indicator", code)).transpose();
        Ok(indicator::New {
            code: entry.code.get_ref().clone(),
            kind: convert::stored_kind(parsed(&entry.kind)?),
            theme_id: self.id("theme", &entry.theme)?,
            unit_id,
            display_unit_id: entry
                .display_unit
                .as_ref()
                .map_or(Ok(unit_id), |unit| self.id("unit", unit))?,
            over_orgs: convert::stored_over_orgs(parsed(&entry.over_orgs)?),
            over_time: convert::stored_over_time(parsed(&entry.over_time)?),
            polarity: convert::stored_polarity(parsed(&entry.polarity)?),
            total: match entry.total.as_ref().map(|total| total.get_ref().as_str()) {
                Some("SUMMED") => TotalRule::Summed,
                _ => TotalRule::Reported,
            },
            decimals: *entry.decimals.get_ref(),
            valid_min: number(&entry.min),
            valid_max: number(&entry.max),
            numerator_id: part(&entry.numerator)?,
            denominator_id: part(&entry.denominator)?,
            formula: entry.formula.as_ref().map(|formula| formula.get_ref().clone()),
            name_zh: entry.name.zh.clone(),
            name_en: entry.name.en.clone(),
            legal_basis_zh: entry.legal_basis.as_ref().map(|basis| basis.zh.clone()),
            legal_basis_en: entry.legal_basis.as_ref().map(|basis| basis.en.clone()),
        })
    }

    pub(super) async fn versions(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<(i64, i32), (i64, indicator_version::New)> = indicator_version::all(self.tx)
            .await?
            .iter()
            .map(|row| ((row.indicator_id, row.number), (row.id, row.into())))
            .collect();
        for Placed { entry, .. } in &catalog.indicators {
            let indicator_id = self.id("indicator", &entry.code)?;
            for (number, version) in (1i32..).zip(&entry.version) {
                let wanted = indicator_version::New {
                    indicator_id,
                    number,
                    valid_from: month(version.from.as_ref()),
                    breaks_series: version.breaks_series,
                    definition_zh: version.definition.zh.clone(),
                    definition_en: version.definition.en.clone(),
                };
                let label = format!("definition {number} of {}", entry.code.get_ref());
                save!(
                    self,
                    indicator_version,
                    label,
                    stored.get(&(indicator_id, number)),
                    wanted
                );
            }
        }
        Ok(())
    }
}

/// The indicators in an order in which every part stands before what is made of it.
fn parts_first(catalog: &Catalog) -> Vec<&entry::Indicator> {
    let entries: HashMap<&str, &entry::Indicator> = catalog
        .indicators
        .iter()
        .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry))
        .collect();
    let mut order: Vec<&entry::Indicator> = Vec::new();
    let mut placed = std::collections::HashSet::new();
    let mut stack: Vec<(&entry::Indicator, bool)> = catalog
        .indicators
        .iter()
        .rev()
        .map(|placed| (&placed.entry, false))
        .collect();
    while let Some((entry, parts_done)) = stack.pop() {
        if parts_done {
            if placed.insert(entry.code.get_ref().as_str()) {
                order.push(entry);
            }
            continue;
        }
        stack.push((entry, true));
        let parts = [&entry.numerator, &entry.denominator]
            .into_iter()
            .flatten()
            .map(|code| code.get_ref().clone());
        let formula = entry
            .formula
            .as_ref()
            .and_then(|text| text.get_ref().parse::<Formula>().ok());
        let variables: Vec<String> = formula.iter().flat_map(Formula::variables).map(str::to_owned).collect();
        stack.extend(
            parts
                .chain(variables)
                .filter_map(|code| entries.get(code.as_str()))
                .map(|entry| (*entry, false)),
        );
    }
    order
}

fn parsed<T: std::str::FromStr>(text: &Spanned<String>) -> Result<T, Error> {
    text.get_ref().parse().map_err(|_| {
        Error::internal(format!(
            "the checked catalogue has no such name as `{}`",
            text.get_ref()
        ))
    })
}
