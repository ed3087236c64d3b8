//! Units of measurement.

use std::sync::Arc;

use async_graphql::Object;

use crate::error::Error;
use crate::graphql::scalar::choice::Locale;
use crate::service::catalog::scale;
use crate::service::snapshot::Snapshot;
use analytics::decimal::to_f64;

pub(crate) struct Unit {
    model: entity::unit::Model,
}

impl Unit {
    /// The unit of key `id`.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, id: i64) -> Result<Self, Error> {
        let model = snapshot
            .catalog
            .unit(id)
            .cloned()
            .ok_or_else(|| Error::internal("an indicator without unit"))?;
        Ok(Self { model })
    }
}

/// What people read behind a number: the label of the unit that an indicator is read in, and the indicator's decimals.
pub(crate) fn reading(snapshot: &Snapshot, indicator: i64, locale: Option<Locale>) -> Result<(&str, u32), Error> {
    let missing = || Error::internal("a figure without indicator or unit");
    let indicator = snapshot.catalog.indicator(indicator).ok_or_else(missing)?;
    let unit = snapshot.catalog.unit(indicator.display_unit_id).ok_or_else(missing)?;
    let label = match locale.unwrap_or(Locale::Zh) {
        Locale::Zh => &unit.label_zh,
        Locale::En => &unit.label_en,
    };
    Ok((label, u32::try_from(indicator.decimals).unwrap_or(0)))
}

/// A unit of measurement. Units of one quantity convert into each other by their scale; 人, 人次 and 批次 are three quantities.
#[Object]
impl Unit {
    /// Stable code, as `wan_yuan`.
    async fn code(&self) -> &str {
        &self.model.code
    }

    /// What people read: 万元.
    async fn label(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &self.model.label_zh,
            Locale::En => &self.model.label_en,
        }
    }

    /// The quantity it measures, as `money`; only units of one quantity convert into each other.
    async fn quantity(&self) -> &str {
        &self.model.quantity
    }

    /// Base units in one of it: 10000 for 万元, 0.01 for %.
    async fn scale(&self) -> Result<f64, Error> {
        Ok(to_f64(scale(&self.model)?))
    }
}
