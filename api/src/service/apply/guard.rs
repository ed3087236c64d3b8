//! What a catalogue may not change: the meaning of figures that are stored.

use std::collections::HashMap;

use entity::db::Tx;
use entity::observation::{self, Filter};
use entity::{indicator, indicator_version, org_succession, org_unit, unit};

use super::run::month;
use crate::error::Error;
use crate::intake::catalog::entry::Catalog;
use crate::intake::problem::Problem;
use crate::service::convert;

/// The changes that would give stored figures another meaning.
pub(super) async fn check(tx: &Tx, catalog: &Catalog) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    let units: HashMap<String, unit::Model> = unit::all(tx)
        .await?
        .into_iter()
        .map(|unit| (unit.code.clone(), unit))
        .collect();
    for placed in &catalog.units {
        let Some(stored) = units.get(placed.entry.code.get_ref()) else {
            continue;
        };
        if stored.quantity != placed.entry.quantity || stored.scale != *placed.entry.scale.get_ref() {
            let message = format!(
                "unit `{}` is stored as {} of {}",
                stored.code, stored.scale, stored.quantity
            );
            problems.push(placed.problem(
                placed.entry.scale.span(),
                "scale",
                message,
                "a unit keeps its quantity and scale; give the new one a code of its own",
            ));
        }
    }
    indicators(tx, catalog, &units, &mut problems).await?;
    versions(tx, catalog, &mut problems).await?;
    successions(tx, catalog, &mut problems).await?;
    Ok(problems)
}

/// Who has ended reports nothing later: such figures are another organisation's. And what stays stored beside the files must go together with them.
async fn successions(tx: &Tx, catalog: &Catalog, problems: &mut Vec<Problem>) -> Result<(), Error> {
    if catalog.successions.is_empty() {
        return Ok(());
    }
    let stored: HashMap<String, i64> = org_unit::all(tx)
        .await?
        .into_iter()
        .map(|row| (row.code, row.id))
        .collect();
    let listed = |id: i64| {
        let mut codes = catalog.orgs.iter().map(|placed| placed.entry.code.get_ref());
        codes.any(|code| stored.get(code) == Some(&id))
    };
    let unlisted: Vec<i64> = org_succession::all(tx)
        .await?
        .into_iter()
        .filter(|row| !listed(row.predecessor_id))
        .map(|row| row.successor_id)
        .collect();
    for placed in &catalog.successions {
        for code in &placed.entry.from {
            let Some(org) = stored.get(code.get_ref()) else {
                continue;
            };
            let filter = Filter {
                orgs: Some(vec![*org]),
                start_month_from: month(Some(&placed.entry.month)),
                ..Filter::default()
            };
            let figures = observation::count(tx, &filter, None).await?;
            if figures > 0 {
                let message = format!(
                    "`{}` has {figures} figures for {} and later",
                    code.get_ref(),
                    placed.entry.month.get_ref()
                );
                let hint = "correct the month, or revise these figures to MISSING and import them for the successor";
                problems.push(placed.problem(code.span(), "from", message, hint));
            }
        }
        for code in &placed.entry.to {
            if stored.get(code.get_ref()).is_some_and(|org| unlisted.contains(org)) {
                let message = format!(
                    "`{}` is stored as the successor of an organisation that is not in the files",
                    code.get_ref()
                );
                problems.push(placed.problem(code.span(), "to", message, "keep that organisation in the files"));
            }
        }
    }
    Ok(())
}

async fn indicators(
    tx: &Tx,
    catalog: &Catalog,
    units: &HashMap<String, unit::Model>,
    problems: &mut Vec<Problem>,
) -> Result<(), Error> {
    let stored: HashMap<String, indicator::Model> = indicator::all(tx)
        .await?
        .into_iter()
        .map(|row| (row.code.clone(), row))
        .collect();
    for placed in &catalog.indicators {
        let entry = &placed.entry;
        let Some(stored) = stored.get(entry.code.get_ref()) else {
            continue;
        };
        let kind = entry.kind.get_ref().parse().map(convert::stored_kind).ok();
        let unit = units.get(entry.unit.get_ref()).map(|unit| unit.id);
        let (other_kind, other_unit) = (kind != Some(stored.kind), unit != Some(stored.unit_id));
        if !other_kind && !other_unit {
            continue;
        }
        let filter = Filter {
            indicators: Some(vec![stored.id]),
            ..Filter::default()
        };
        let figures = observation::count(tx, &filter, None).await?;
        if figures > 0 {
            let (key, span) = if other_kind {
                ("kind", entry.kind.span())
            } else {
                ("unit", entry.unit.span())
            };
            let message = format!(
                "`{}` has {figures} figures; another {key} would change what they mean",
                entry.code.get_ref()
            );
            problems.push(placed.problem(span, key, message, "give the new indicator a code of its own"));
        }
    }
    Ok(())
}

async fn versions(tx: &Tx, catalog: &Catalog, problems: &mut Vec<Problem>) -> Result<(), Error> {
    let codes: HashMap<i64, String> = indicator::all(tx)
        .await?
        .into_iter()
        .map(|row| (row.id, row.code))
        .collect();
    let mut stored: HashMap<&str, usize> = HashMap::new();
    for version in indicator_version::all(tx).await? {
        if let Some(code) = codes.get(&version.indicator_id) {
            *stored.entry(code).or_default() += 1;
        }
    }
    for placed in &catalog.indicators {
        let known = stored.get(placed.entry.code.get_ref().as_str()).copied().unwrap_or(0);
        if placed.entry.version.len() < known {
            let message = format!(
                "`{}` has {known} definitions, the file {}",
                placed.entry.code.get_ref(),
                placed.entry.version.len()
            );
            problems.push(placed.problem(
                placed.entry.code.span(),
                "version",
                message,
                "definitions are history: keep the old ones and add the new one below",
            ));
        }
    }
    Ok(())
}
