//! Nodes of a framework.

use std::sync::Arc;

use analytics::decimal::to_f64;
use async_graphql::{Object, Result, SimpleObject};

use super::figure::pick;
use super::indicator::Indicator;
use crate::error::Error;
use crate::export::evaluation::report::NodeLabel;
use crate::graphql::scalar::choice::Locale;
use crate::graphql::scalar::evaluation_choice::{MissingPolicy, RuleKind, named};
use crate::service::snapshot::Snapshot;

/// Full marks of a node in one track.
#[derive(SimpleObject)]
pub(crate) struct FrameworkWeight {
    /// Code of the track.
    track: String,
    /// Full marks.
    weight: f64,
}

pub(crate) struct FrameworkNode {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) label: NodeLabel,
    pub(crate) tracks: Vec<String>,
}

/// A dimension, a criterion or an adjustment of a framework.
#[Object]
impl FrameworkNode {
    /// Code, unique in the framework.
    async fn code(&self) -> &str {
        &self.label.code
    }

    /// Code of the dimension it belongs to; null at the top.
    async fn parent(&self) -> Option<&str> {
        self.label.parent.as_deref()
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> String {
        pick(&self.label.name, locale)
    }

    /// Full marks by track; none for an adjustment.
    async fn weights(&self) -> Vec<FrameworkWeight> {
        let weights = self.tracks.iter().zip(&self.label.weights);
        weights
            .filter_map(|(track, weight)| {
                Some(FrameworkWeight {
                    track: track.clone(),
                    weight: to_f64((*weight)?),
                })
            })
            .collect()
    }

    /// Rule; null for a dimension.
    async fn rule(&self) -> Result<Option<RuleKind>, Error> {
        let rule = self
            .label
            .rule
            .as_deref()
            .map(named::<analytics::score::framework::RuleKind>);
        Ok(rule.transpose()?.map(Into::into))
    }

    /// The rule in words; null for a dimension.
    async fn rule_text(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> Option<String> {
        self.label.rule_text.as_ref().map(|text| pick(text, locale))
    }

    /// What a value that is not there does; null for a dimension.
    async fn missing(&self) -> Result<Option<MissingPolicy>, Error> {
        let missing = self
            .label
            .missing
            .as_deref()
            .map(named::<analytics::score::framework::Missing>);
        Ok(missing.transpose()?.map(Into::into))
    }

    /// Indicator whose values are scored; null where somebody gives the points.
    async fn indicator(&self) -> Result<Option<Indicator>, Error> {
        let code = self.label.indicator.as_deref();
        let found = code.and_then(|code| self.snapshot.catalog.indicator_by_code(code));
        found.map(|row| Indicator::new(&self.snapshot, row.id)).transpose()
    }

    /// Which evidence is wanted.
    async fn evidence(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> Option<String> {
        self.label.evidence.as_ref().map(|text| pick(text, locale))
    }
}
