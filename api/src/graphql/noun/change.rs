//! The change from base to current.

use std::sync::Arc;

use analytics::{change, decimal, sentence};
use async_graphql::Object;

use super::unit::{reading, rounded, unit_scale};
use crate::error::Error;
use crate::graphql::scalar::choice::{Direction, Judgement, Locale, ReasonCode, Rounding};
use crate::service::snapshot::Snapshot;

pub(crate) struct Change {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) indicator: i64,
    pub(crate) period: analytics::period::Period,
    pub(crate) against: sentence::Against,
    pub(crate) change: change::Change,
}

/// From base to current: the numbers where they may be given, and always the reason.
#[Object]
impl Change {
    /// Current − base in the indicator's `unit`; null for shares, whose difference is in percentage points.
    async fn absolute(
        &self,
        #[graphql(desc = "Digits after the point; unrounded when left out.")] decimals: Option<i32>,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How it is rounded.")] rounding: Option<Rounding>,
    ) -> Result<Option<f64>, Error> {
        let scale = unit_scale(&self.snapshot, self.indicator, false)?;
        rounded(
            self.change.absolute.map(|value| decimal::in_unit(value, scale)),
            decimals,
            rounding,
        )
    }

    /// (Current − base) ÷ base × 100; null for shares unless `ofRates` is set, and wherever `reason` says so.
    async fn percent(
        &self,
        #[graphql(default = 2, desc = "Digits after the point, 0 to 15.")] decimals: i32,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How it is rounded.")] rounding: Option<Rounding>,
        #[graphql(
            default = false,
            desc = "Give the relative change of shares as well. It is not the change in percentage points."
        )]
        of_rates: bool,
    ) -> Result<Option<f64>, Error> {
        let relative = self.change.relative().filter(|_| of_rates);
        rounded(self.change.percent.or(relative), Some(decimals), rounding)
    }

    /// Difference of two shares in percentage points (百分点); null for counts and amounts.
    async fn percentage_points(
        &self,
        #[graphql(default = 2, desc = "Digits after the point, 0 to 15.")] decimals: i32,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How it is rounded.")] rounding: Option<Rounding>,
    ) -> Result<Option<f64>, Error> {
        rounded(self.change.percentage_points, Some(decimals), rounding)
    }

    /// Which way it went, told from the unrounded numbers; null when there is nothing to compare.
    async fn direction(&self) -> Option<Direction> {
        self.change.direction.map(Into::into)
    }

    /// What that means under the indicator's polarity; a neutral indicator is never judged.
    async fn judgement(&self) -> Judgement {
        self.change.judgement.into()
    }

    /// Why the numbers are there or not.
    async fn reason(&self) -> ReasonCode {
        self.change.reason.into()
    }

    /// Whether the change is told from noise at 5 %; null where no test applies. 2 → 6 is +200 % and is within noise.
    async fn distinguishable(&self) -> Option<bool> {
        self.change.distinguishable()
    }

    /// Two-sided p-value of "nothing changed": two proportions for shares with parts, two Poisson counts for counts.
    async fn p_value(&self) -> Option<f64> {
        self.change.p_value()
    }

    /// The change in words: 同比增长 20.98%.
    async fn text(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How numbers are rounded.")] rounding: Option<
            Rounding,
        >,
        #[graphql(
            default = false,
            desc = "Say growth of 200 % or more as a multiple: 增长 3.6 倍 is +360 %."
        )]
        times: bool,
    ) -> Result<String, Error> {
        let scale = unit_scale(&self.snapshot, self.indicator, true)?;
        let (label, decimals) = reading(&self.snapshot, self.indicator, locale)?;
        let setting = sentence::Setting {
            period: self.period,
            against: self.against,
            absolute: self
                .change
                .absolute
                .map(|value| (decimal::in_unit(value, scale), label)),
            decimals,
            rounding: rounding.unwrap_or(Rounding::HalfUp).into(),
            times,
        };
        Ok(sentence::describe(
            &self.change,
            &setting,
            locale.unwrap_or(Locale::Zh).into(),
        ))
    }
}
