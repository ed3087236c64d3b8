//! Units of measurement.

use std::sync::Arc;

use analytics::decimal::{self, to_f64};
use async_graphql::Object;
use rust_decimal::Decimal;

use crate::error::Error;
use crate::graphql::scalar::choice::{Locale, Rounding};
use crate::service::catalog::scale;
use crate::service::snapshot::Snapshot;

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

/// Base units in one of the unit that an indicator is kept in, or read in.
pub(crate) fn unit_scale(snapshot: &Snapshot, indicator: i64, display: bool) -> Result<Decimal, Error> {
    let indicator = snapshot
        .catalog
        .indicator(indicator)
        .ok_or_else(|| Error::internal("a figure without indicator"))?;
    let id = if display {
        indicator.display_unit_id
    } else {
        indicator.unit_id
    };
    scale(
        snapshot
            .catalog
            .unit(id)
            .ok_or_else(|| Error::internal("an indicator without unit"))?,
    )
}

/// A value as people read it, with at most the indicator's decimals and the unit.
pub(crate) fn readable(
    snapshot: &Snapshot,
    indicator: i64,
    value: f64,
    locale: Option<Locale>,
    rounding: decimal::Rounding,
) -> Result<String, Error> {
    let scale = unit_scale(snapshot, indicator, true)?;
    let (label, decimals) = reading(snapshot, indicator, locale)?;
    let number = decimal::shortest(decimal::in_unit(value, scale), decimals, rounding);
    Ok(if label == "%" {
        format!("{number}%")
    } else {
        format!("{number} {label}")
    })
}

/// Rounded where decimals are asked for; half up unless another rule is.
pub(crate) fn rounded(
    value: Option<f64>,
    decimals: Option<i32>,
    rounding: Option<Rounding>,
) -> Result<Option<f64>, Error> {
    let Some(decimals) = decimals else { return Ok(value) };
    let decimals = u32::try_from(decimals)
        .ok()
        .filter(|decimals| *decimals <= 15)
        .ok_or_else(|| {
            Error::input(
                format!("decimals is {decimals}"),
                "ask for 0 to 15 digits after the point",
            )
        })?;
    Ok(value.map(|value| decimal::round(value, decimals, rounding.unwrap_or(Rounding::HalfUp).into())))
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
