//! The value and unit columns of a row: exact digits, a unit of the right quantity, a number that can be.

use analytics::decimal;
use analytics::status::Status;
use entity::choice::IndicatorKind;
use entity::indicator;

use super::check::{Check, clip};
use crate::intake::figures::number;
use crate::service::catalog::scale;

/// What a value cell says.
pub(super) struct Amount {
    pub(super) value: Option<f64>,
    pub(super) decimals: i32,
    pub(super) unit_id: Option<i64>,
}

impl<'a> Check<'a> {
    /// Value in the base unit, printed decimals and the unit as written.
    pub(super) fn amount(&mut self, indicator: &indicator::Model, status: Status) -> Option<Amount> {
        let unit = self.unit(indicator)?;
        let unit_id = Some(unit.id);
        if !status.has_value() {
            return Some(Amount {
                value: None,
                decimals: 0,
                unit_id,
            });
        }
        let text = self.row.get("value");
        let number = match number::parse(text) {
            Ok(number) => number,
            Err(fault) => {
                self.fault("value", format!("`{}` {}", clip(text), fault.what()), fault.hint());
                return None;
            }
        };
        let value = self.in_base(unit, number.value)?;
        if !self.fits(indicator, value) {
            return None;
        }
        Some(Amount {
            value: Some(value),
            decimals: i32::try_from(number.decimals).unwrap_or(0),
            unit_id,
        })
    }

    fn in_base(&mut self, unit: &entity::unit::Model, number: rust_decimal::Decimal) -> Option<f64> {
        let value = scale(unit).ok().and_then(|scale| decimal::in_base(number, scale));
        if value.is_none() {
            self.fault("value", "the number is out of range", "check the number and its unit");
        }
        value
    }

    /// The unit as written, which must measure the same quantity; blank is the indicator's own where that cannot be mistaken.
    fn unit(&mut self, indicator: &indicator::Model) -> Option<&'a entity::unit::Model> {
        let own = self.catalog.unit(indicator.unit_id)?;
        let Some(word) = self.row.some("unit") else {
            if indicator.display_unit_id != indicator.unit_id && self.row.some("value").is_some() {
                let shown = self
                    .catalog
                    .unit(indicator.display_unit_id)
                    .map_or("", |unit| unit.label_zh.as_str());
                self.fault(
                    "unit",
                    "the unit is blank",
                    format!("write {} or {shown}: they differ by a factor", own.label_zh),
                );
                return None;
            }
            return Some(own);
        };
        let Some(unit) = self.catalog.unit_by_word(word) else {
            self.fault(
                "unit",
                format!("there is no unit `{}`", clip(word)),
                format!("write {} or another unit of the same quantity", own.label_zh),
            );
            return None;
        };
        if unit.quantity != own.quantity {
            let message = format!(
                "{word} counts {}, `{}` is counted in {} ({})",
                unit.quantity, indicator.code, own.label_zh, own.quantity
            );
            self.fault(
                "unit",
                message,
                "these never merge: take the indicator that is counted in this unit",
            );
            return None;
        }
        Some(unit)
    }

    /// Whole counts, 1 or 0 for yes or no, and the valid range.
    fn fits(&mut self, indicator: &indicator::Model, value: f64) -> bool {
        match indicator.kind {
            IndicatorKind::Count if value.fract() != 0.0 => {
                self.fault("value", "a count is a whole number", "check the number and its unit");
                return false;
            }
            IndicatorKind::YesNo if value != 0.0 && value != 1.0 => {
                self.fault("value", "yes is 1, no is 0", "write 1 or 0");
                return false;
            }
            _ => {}
        }
        let Ok(own) = self
            .catalog
            .unit(indicator.unit_id)
            .map_or(Ok(rust_decimal::Decimal::ONE), scale)
        else {
            return true;
        };
        let told = decimal::in_unit(value, own);
        let (low, high) = (
            indicator.valid_min.unwrap_or(f64::NEG_INFINITY),
            indicator.valid_max.unwrap_or(f64::INFINITY),
        );
        if told < low || told > high {
            self.fault(
                "value",
                format!(
                    "{told} is outside the valid range of `{}`, {low} to {high}",
                    indicator.code
                ),
                "check the number, its unit and the indicator",
            );
            return false;
        }
        true
    }
}
