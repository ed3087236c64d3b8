//! What many values of one answer will ask for, read beforehand: the figures under them and their documents, in two queries however many values there are.

use analytics::measure::Measure;
use analytics::op::Cited;
use async_graphql::{Context, Result};

use super::context::Ask;
use super::loader;

/// Which fields of its values a query asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    printed: bool,
    sources: bool,
    touched: bool,
}

impl Wants {
    /// What is asked of the values at `paths` below the field that is being resolved.
    pub(super) fn of(ctx: &Context<'_>, paths: &[&[&str]]) -> Self {
        let asks = |name: &str| {
            paths.iter().any(|path| {
                let value = path.iter().fold(ctx.look_ahead(), |field, step| field.field(step));
                value.field(name).exists()
            })
        };
        Self {
            printed: asks("printed"),
            sources: asks("sources"),
            touched: asks("touched"),
        }
    }

    /// Whether the figures under the values must be found.
    pub(super) fn lineage(self) -> bool {
        self.sources || self.touched
    }

    /// The keys of all that `measures` and `cited` will ask for.
    pub(super) fn keys<'a>(
        self,
        measures: impl Iterator<Item = &'a Measure>,
        cited: impl Iterator<Item = &'a Cited>,
    ) -> Vec<i64> {
        if !self.printed && !self.sources {
            return Vec::new();
        }
        cited
            .map(|cited| cited.cell.id)
            .filter(|_| self.sources)
            .chain(measures.filter_map(|measure| measure.reported_by))
            .collect()
    }

    /// Reads the observations of `keys`, and their documents where they are asked for.
    pub(super) async fn prepare(self, ctx: &Context<'_>, keys: Vec<i64>) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let sources = if self.sources { Some(ctx.sources()?) } else { None };
        Ok(loader::prepare(ctx.observations()?, sources, keys).await?)
    }
}
