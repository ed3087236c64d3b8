//! What is odd about the figures: each finding names its kind, how bad it is, and the cells concerned. A finding is a question to whoever reported, never a
//! correction.

mod cells;
mod change;
mod finding;
mod owed;
mod request;
mod series;
mod words;

pub use finding::{CellRef, Evidence, Finding, FindingKind, Severity};
pub use request::FindingsRequest;
pub use words::Names;

use self::series::Subject;
use super::cut::Breaks;
use super::data::Data;
use super::recipe::{How, Recipe};
use crate::error::Error;

/// Stored figures that a search looks at: its cost.
#[must_use]
pub fn figures_read(data: Data<'_>, request: &FindingsRequest) -> u64 {
    let chunks = data.indicators.closure(&request.indicators);
    let chunks = chunks.iter().filter_map(|id| data.store.chunk(*id));
    let all = data.tree.len().max(1) as u64;
    let asked = (request.orgs.len() as u64).min(all);
    chunks.map(|chunk| chunk.len() as u64).sum::<u64>() * asked / all
}

/// All findings, by indicator and organisation in the order asked for, then by period; `breakdown_of` gives the breakdown of an item.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn findings(
    data: Data<'_>,
    request: &FindingsRequest,
    breakdown_of: impl Fn(u32) -> Option<i64>,
) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    for indicator in request.indicators.iter().filter_map(|id| data.indicators.get(*id)) {
        let recipe = Recipe::of(&data, indicator)?;
        // What is odd about a formula's result is odd about its inputs.
        if matches!(recipe.how, How::Derived { .. }) {
            continue;
        }
        let breaks = Breaks::of(&recipe);
        let mut lane = Vec::new();
        for org in &request.orgs {
            let subject = Subject::new(&data, &recipe, &breaks, *org, request);
            cells::check(&subject, &breakdown_of, &mut lane);
            change::check(&subject, &mut lane);
        }
        owed::check(&data, &recipe, request, &mut lane);
        lane.retain(|finding| request.wants(finding));
        let place = |finding: &Finding| {
            let cell = finding.cells.first();
            let org = cell.and_then(|cell| request.orgs.iter().position(|org| *org == cell.org));
            (org, cell.map(|cell| cell.period), finding.kind)
        };
        lane.sort_by_cached_key(place);
        found.append(&mut lane);
    }
    Ok(found)
}
