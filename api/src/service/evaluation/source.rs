//! The stored figures under every value of a result, down to the line of the document.

use std::collections::{BTreeSet, HashMap};

use analytics::decimal;
use analytics::op::Cited;
use analytics::period::Period;
use entity::{observation, source};

use crate::error::Error;
use crate::export::evaluation::report::{Citation, Evaluation};
use crate::service::Service;
use crate::service::edition::Edition;
use crate::service::framework::{Scheme, unit_scale};

/// Figures that are read at a time.
const PAGE: usize = 10_000;

impl Service {
    /// Adds to every criterion of `result`, whose units are `orgs`, the figures that its value of `period` rests on.
    pub(super) async fn add_sources(
        &self,
        result: &mut Evaluation,
        edition: &Edition,
        scheme: &Scheme,
        period: Period,
        orgs: &[u32],
    ) -> Result<(), Error> {
        let mut found: HashMap<(usize, usize), Vec<Cited>> = HashMap::new();
        for (node, definition) in scheme.core.nodes.iter().enumerate() {
            let Some(indicator) = definition.criterion.as_ref().and_then(|criterion| criterion.indicator) else {
                continue;
            };
            let used: Vec<(usize, u32)> = orgs
                .iter()
                .copied()
                .enumerate()
                .filter(|(unit, _)| {
                    let node = result.units.get(*unit).and_then(|unit| unit.nodes.get(node));
                    node.is_some_and(|node| node.used.is_some())
                })
                .collect();
            let at = |(unit, org): &(usize, u32)| {
                // A value of a year earlier rests on the figures of that year.
                let is_prior = result.units[*unit].nodes[node].outcome.as_deref() == Some("PRIOR_YEAR");
                (
                    *org,
                    if is_prior {
                        period.previous_year().unwrap_or(period)
                    } else {
                        period
                    },
                )
            };
            let cells: Vec<(u32, Period)> = used.iter().map(at).collect();
            let lists = self.lineage_of(edition, indicator, cells).await?;
            found.extend(used.into_iter().map(|(unit, _)| (unit, node)).zip(lists));
        }
        let keys: BTreeSet<i64> = found.values().flatten().map(|cited| cited.cell.id).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let (mut rows, mut documents) = (HashMap::new(), HashMap::new());
        for page in keys.chunks(PAGE) {
            let figures = observation::by_ids(&self.db, page).await?;
            rows.extend(figures.into_iter().map(|row| (row.id, row)));
        }
        let ids: BTreeSet<i64> = rows
            .values()
            .filter_map(|row: &observation::Model| row.source_id)
            .collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        for page in ids.chunks(PAGE) {
            let sources = source::by_ids(&self.db, page).await?;
            documents.extend(sources.into_iter().map(|row| (row.id, row.title)));
        }
        for ((unit, node), cited) in found {
            let citations = cited
                .iter()
                .map(|cited| citation(edition, cited, &rows, &documents))
                .collect::<Result<_, _>>()?;
            if let Some(node) = result.units.get_mut(unit).and_then(|unit| unit.nodes.get_mut(node)) {
                node.known.sources = citations;
            }
        }
        Ok(())
    }
}

fn citation(
    edition: &Edition,
    cited: &Cited,
    rows: &HashMap<i64, observation::Model>,
    documents: &HashMap<i64, String>,
) -> Result<Citation, Error> {
    let catalog = edition.catalog();
    let row = rows.get(&cited.cell.id);
    let scale = unit_scale(catalog, cited.indicator)?;
    let stored = || {
        cited
            .cell
            .value
            .map_or_else(String::new, |value| decimal::in_unit(value, scale).to_string())
    };
    Ok(Citation {
        observation: cited.cell.id,
        indicator: catalog
            .indicator(cited.indicator)
            .map(|row| row.code.clone())
            .unwrap_or_default(),
        org: catalog.org(cited.org).map(|org| org.code.clone()).unwrap_or_default(),
        period: cited
            .cell
            .period()
            .map_or_else(String::new, |period| period.to_string()),
        printed: row.and_then(|row| row.printed.clone()).unwrap_or_else(stored),
        document: row.and_then(|row| documents.get(&row.source_id?).cloned()),
        locator: row.and_then(|row| row.locator.clone()),
    })
}
