//! A number with everything that must be said beside it.

use analytics::decimal;
use analytics::measure;
use analytics::op::Cited;
use async_graphql::{Context, Object, Result, SimpleObject};

use super::breakdown::BreakdownTotal;
use super::org_unit::OrgUnit;
use super::source::Citation;
use super::unit::{Unit, readable, rounded, unit_scale};
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::choice::{DiscrepancyCause, Flag, Locale, ObservationStatus, ReasonCode, Rounding};
use crate::graphql::scalar::period::Period;
use crate::service::edition::Edition;

pub(crate) struct Measure {
    edition: Edition,
    indicator: i64,
    org: u32,
    measure: measure::Measure,
    stands_on: StandsOn,
}

/// The stored rows under a value.
pub(crate) enum StandsOn {
    /// Observations; read only where somebody asks for them.
    Figures(Vec<Cited>),
    /// The target that `measure.reported_by` names.
    Target,
}

impl Measure {
    /// A value of `indicator` for `org`.
    pub(crate) fn new(
        edition: &Edition,
        indicator: i64,
        org: u32,
        measure: measure::Measure,
        stands_on: StandsOn,
    ) -> Self {
        Self {
            edition: edition.clone(),
            indicator,
            org,
            measure,
            stands_on,
        }
    }

    fn told(&self, value: Option<f64>) -> Result<Option<f64>, Error> {
        let scale = unit_scale(&self.edition.snapshot, self.indicator, false)?;
        Ok(value.map(|value| decimal::in_unit(value, scale)))
    }

    /// A numerator or denominator, in its own indicator's unit.
    fn part(
        &self,
        value: Option<f64>,
        pick: fn(&entity::indicator::Model) -> Option<i64>,
    ) -> Result<Option<f64>, Error> {
        let Some(part) = self.edition.catalog().indicator(self.indicator).and_then(pick) else {
            return Ok(None);
        };
        let scale = unit_scale(&self.edition.snapshot, part, false)?;
        Ok(value.map(|value| decimal::in_unit(value, scale)))
    }
}

/// A value of one indicator for one organisation and period: reported, put together from parts, or computed; or the reason why there is none.
#[Object]
impl Measure {
    /// Period asked for; null when there is no such base.
    async fn period(&self) -> Option<Period> {
        self.measure.period.map(Period)
    }

    /// Number in `unit`; null exactly when `reason` says why. A ratio with both parts is computed from them.
    async fn value(
        &self,
        #[graphql(desc = "Digits after the point; unrounded when left out.")] decimals: Option<i32>,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How it is rounded.")] rounding: Option<Rounding>,
    ) -> Result<Option<f64>, Error> {
        rounded(self.told(self.measure.value)?, decimals, rounding)
    }

    /// As people read it, with at most the indicator's decimals and the unit: `9.8 万元`; null when there is no number.
    async fn display(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
        #[graphql(default_with = "Some(Rounding::HalfUp)", desc = "How it is rounded.")] rounding: Option<Rounding>,
    ) -> Result<Option<String>, Error> {
        let Some(value) = self.measure.value else {
            return Ok(None);
        };
        let rounding = rounding.unwrap_or(Rounding::HalfUp).into();
        readable(&self.edition.snapshot, self.indicator, value, locale, rounding).map(Some)
    }

    /// As printed in the source for just this cell; null where no source prints it.
    async fn printed(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(id) = self.measure.reported_by else {
            return Ok(None);
        };
        Ok(match self.stands_on {
            StandsOn::Target => ctx.targets()?.load_one(id).await?.and_then(|row| row.printed.clone()),
            StandsOn::Figures(_) => {
                let row = ctx.observations()?.load_one(id).await?;
                row.and_then(|row| row.printed.clone())
            }
        })
    }

    /// Number that the source prints for a ratio, in `unit`, whether or not it is the value.
    async fn reported(&self) -> Result<Option<f64>, Error> {
        self.told(self.measure.reported)
    }

    /// What the parts of the period that are there add up to, in `unit`, where some are missing; null otherwise. It is not the period's value and is never compared.
    async fn partial(&self) -> Result<Option<f64>, Error> {
        self.told(self.measure.partial)
    }

    /// Value of the organisation itself, in `unit`: reported, or computed from its own parts; null when it has none.
    async fn reported_here(&self) -> Result<Option<f64>, Error> {
        self.told(self.measure.reported_here)
    }

    /// Value put together from the organisations below, in `unit`; null when none of them has a figure, or when their figures do not add up.
    async fn rolled_up(&self) -> Result<Option<f64>, Error> {
        self.told(self.measure.rolled_up)
    }

    /// `reportedHere` − `rolledUp`: what is not explained by the organisations below.
    async fn gap(&self) -> Result<Option<f64>, Error> {
        let gap = self
            .measure
            .reported_here
            .zip(self.measure.rolled_up)
            .map(|(here, below)| decimal::subtract(decimal::clean(here), decimal::clean(below)));
        self.told(gap)
    }

    /// Where the printed ratio is not the computed one.
    async fn discrepancy(&self) -> Result<Option<Discrepancy>, Error> {
        let Some(found) = self.measure.discrepancy else {
            return Ok(None);
        };
        let told = |value: f64| self.told(Some(value)).map(Option::unwrap_or_default);
        Ok(Some(Discrepancy {
            reported: told(found.reported)?,
            computed: told(found.computed)?,
            difference: told(found.difference)?,
            cause: found.cause.into(),
        }))
    }

    /// Numerator of a ratio, in its own unit.
    async fn numerator(&self) -> Result<Option<f64>, Error> {
        self.part(self.measure.numerator, |indicator| indicator.numerator_id)
    }

    /// Denominator of a ratio, in its own unit.
    async fn denominator(&self) -> Result<Option<f64>, Error> {
        self.part(self.measure.denominator, |indicator| indicator.denominator_id)
    }

    /// Unit of `value`.
    async fn unit(&self) -> Result<Unit, Error> {
        let indicator = self
            .edition
            .catalog()
            .indicator(self.indicator)
            .ok_or_else(|| Error::internal("a figure without indicator"))?;
        Unit::new(&self.edition.snapshot, indicator.unit_id)
    }

    /// What the value, or its absence, means.
    async fn status(&self) -> ObservationStatus {
        self.measure.status.into()
    }

    /// Remarks, those of the parts included.
    async fn flags(&self) -> Vec<Flag> {
        self.measure.flags.iter().map(Into::into).collect()
    }

    /// How much of what belongs in the value is in it.
    async fn coverage(&self, ctx: &Context<'_>) -> Result<Coverage, Error> {
        let coverage = &self.measure.coverage;
        let asked = ctx.look_ahead();
        let orgs = |name: &str, ordinals: &[u32]| {
            // A list is made for those who ask for it: a city's is long.
            let ordinals = if asked.field(name).exists() { ordinals } else { &[] };
            ctx.spend(ordinals.len())?;
            ordinals
                .iter()
                .map(|org| OrgUnit::new(&self.edition.snapshot, *org))
                .collect::<Result<Vec<_>, _>>()
        };
        let named: &[u32] = if asked.field("missing").exists() {
            &coverage.missing_orgs
        } else {
            &[]
        };
        ctx.spend(named.len())?;
        let names = named
            .iter()
            .filter_map(|org| self.edition.catalog().org(*org))
            .map(|org| org.name_zh.clone());
        Ok(Coverage {
            present: coverage.present,
            expected: coverage.expected,
            missing: coverage.missing.iter().map(ToString::to_string).chain(names).collect(),
            missing_org_units: orgs("missingOrgUnits", &coverage.missing_orgs)?,
            half_org_units: orgs("halfOrgUnits", &coverage.half_orgs)?,
        })
    }

    /// Wilson 95 % interval of a share with both parts.
    async fn interval(&self) -> Result<Option<Interval>, Error> {
        let Some(interval) = self.measure.interval else {
            return Ok(None);
        };
        let told = |value: f64| self.told(Some(value)).map(Option::unwrap_or_default);
        Ok(Some(Interval {
            low: told(interval.low)?,
            high: told(interval.high)?,
        }))
    }

    /// Why there is no value; null when there is one.
    async fn reason(&self) -> Option<ReasonCode> {
        self.measure.reason.map(Into::into)
    }

    /// Stored figures that it rests on, each with its document.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Citation>> {
        let cited = match &self.stands_on {
            StandsOn::Figures(cited) => cited,
            StandsOn::Target => {
                let targets = ctx.targets()?.load_many(self.measure.reported_by).await?;
                return Ok(targets.into_values().map(Citation::Target).collect());
            }
        };
        let keys = || cited.iter().map(|cited| cited.cell.id);
        let found = ctx.observations()?.load_many(keys()).await?;
        Ok(keys()
            .filter_map(|id| found.get(&id).cloned())
            .map(Citation::Observation)
            .collect())
    }

    /// Breakdowns of the organisation's own figure for just this period, each beside its total; empty when none is stored.
    async fn breakdowns(&self) -> Result<Vec<BreakdownTotal>, Error> {
        let Some(period) = self.measure.period else {
            return Ok(Vec::new());
        };
        let of = |item: u32| Some(self.edition.catalog().item(i64::from(item))?.breakdown_id);
        let found = analytics::op::breakdown::breakdowns(self.edition.data(), self.indicator, self.org, period, of)?;
        found
            .iter()
            .filter_map(|total| BreakdownTotal::new(&self.edition, self.indicator, total).transpose())
            .collect()
    }

    /// How much of the value each remark on its figures touches, by size; of a ratio, of its denominator. Empty when none has a remark.
    async fn touched(&self) -> Vec<Touched> {
        let StandsOn::Figures(cited) = &self.stands_on else {
            return Vec::new();
        };
        let denominator = self.measure.numerator.zip(self.measure.denominator).and_then(|_| {
            let indicator = self.edition.catalog().indicator(self.indicator)?;
            indicator.denominator_id
        });
        let touched = analytics::op::touched(cited, denominator);
        touched
            .into_iter()
            .map(|touched| Touched {
                flag: touched.flag.into(),
                share: touched.share,
            })
            .collect()
    }
}

/// How much of a value a remark touches.
#[derive(SimpleObject)]
pub(crate) struct Touched {
    /// The remark.
    flag: Flag,
    /// Part of the value under it, 0 to 1.
    share: f64,
}

/// A printed ratio that its own parts do not give.
#[derive(SimpleObject)]
pub(crate) struct Discrepancy {
    /// As printed, in the indicator's unit.
    reported: f64,
    /// From the parts, in the indicator's unit.
    computed: f64,
    /// Printed − computed.
    difference: f64,
    /// Likely cause.
    cause: DiscrepancyCause,
}

/// How much of what belongs in a value is in it.
#[derive(SimpleObject)]
pub(crate) struct Coverage {
    /// Parts that are there.
    present: u32,
    /// Parts that belong.
    expected: u32,
    /// Parts that are not there, by name: periods, or organisations in Chinese.
    missing: Vec<String>,
    /// Organisations below that are not in the value.
    missing_org_units: Vec<OrgUnit>,
    /// Organisations below of which only one part of a ratio is there: they are not used.
    half_org_units: Vec<OrgUnit>,
}

/// An interval of plausible values, in the indicator's unit.
#[derive(SimpleObject)]
pub(crate) struct Interval {
    /// Lower end.
    low: f64,
    /// Upper end.
    high: f64,
}
