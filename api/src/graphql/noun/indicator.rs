//! Indicators and their definitions.

use std::sync::Arc;

use analytics::decimal::to_f64;
use async_graphql::{Context, ID, InputObject, Object};
use entity::{indicator, indicator_version};
use rust_decimal::Decimal;

use super::unit::Unit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, connection, of_list};
use crate::graphql::scalar::choice::{IndicatorKind, Locale, OverOrgs, OverTime, Polarity};
use crate::graphql::scalar::global_id::GlobalId;
use crate::graphql::scalar::period::Period;
use crate::service::catalog::scale;
use crate::service::snapshot::Snapshot;
use crate::service::{convert, selector};

#[derive(Clone)]
pub(crate) struct Indicator {
    snapshot: Arc<Snapshot>,
    model: indicator::Model,
}

impl Indicator {
    /// The indicator of key `id`.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, id: i64) -> Result<Self, Error> {
        let model = snapshot
            .catalog
            .indicator(id)
            .cloned()
            .ok_or_else(|| Error::internal("a figure without indicator"))?;
        Ok(Self {
            snapshot: Arc::clone(snapshot),
            model,
        })
    }

    /// The indicator of a code, if there is one.
    pub(crate) fn by_code(snapshot: &Arc<Snapshot>, code: &str) -> Option<Self> {
        let model = snapshot.catalog.indicator_by_code(code).cloned()?;
        Some(Self {
            snapshot: Arc::clone(snapshot),
            model,
        })
    }

    fn of(model: &indicator::Model, snapshot: &Arc<Snapshot>) -> Self {
        Self {
            snapshot: Arc::clone(snapshot),
            model: model.clone(),
        }
    }
}

/// What is counted, in which unit, how it adds up, and which way is good.
#[Object]
impl Indicator {
    /// Opaque global identifier, for `node`.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Indicator(self.model.code.clone()).encode()
    }

    /// Stable code, as `petition_received_count`.
    async fn code(&self) -> &str {
        &self.model.code
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &self.model.name_zh,
            Locale::En => &self.model.name_en,
        }
    }

    /// What is counted and what is not, as defined now; `versions` has the history.
    async fn definition(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        let newest = self.snapshot.catalog.versions(self.model.id).last();
        newest.map_or("", |version| match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &version.definition_zh,
            Locale::En => &version.definition_en,
        })
    }

    /// Kind of number.
    async fn kind(&self) -> IndicatorKind {
        convert::kind(self.model.kind).into()
    }

    /// Unit of `value` in every answer: 元 for money, % for shares.
    async fn unit(&self) -> Result<Unit, Error> {
        Unit::new(&self.snapshot, self.model.unit_id)
    }

    /// Unit that people read, used by `display`: 万元 for money that is kept in 元.
    async fn display_unit(&self) -> Result<Unit, Error> {
        Unit::new(&self.snapshot, self.model.display_unit_id)
    }

    /// Digits after the point in `display`.
    async fn decimals(&self) -> i32 {
        self.model.decimals
    }

    /// What numerator ÷ denominator is multiplied by: 100 for a percentage; null where there is no ratio.
    async fn factor(&self) -> Result<Option<f64>, Error> {
        if self.model.numerator_id.is_none() {
            return Ok(None);
        }
        let Some(unit) = self.snapshot.catalog.unit(self.model.unit_id) else {
            return Ok(None);
        };
        Ok(Decimal::ONE.checked_div(scale(unit)?).map(to_f64))
    }

    /// Which way is good.
    async fn polarity(&self) -> Polarity {
        convert::polarity(self.model.polarity).into()
    }

    /// Code of its theme, one of the nine tasks of the 2021–2025 outline in the default catalogue.
    async fn theme(&self) -> &str {
        self.snapshot
            .catalog
            .theme(self.model.theme_id)
            .map_or("", |theme| &theme.code)
    }

    /// Name of its theme.
    async fn theme_name(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        self.snapshot
            .catalog
            .theme(self.model.theme_id)
            .map_or("", |theme| match locale.unwrap_or(Locale::Zh) {
                Locale::Zh => &theme.name_zh,
                Locale::En => &theme.name_en,
            })
    }

    /// How values of several organisations become one.
    async fn over_orgs(&self) -> OverOrgs {
        convert::over_orgs(self.model.over_orgs).into()
    }

    /// How values of several periods become one.
    async fn over_time(&self) -> OverTime {
        convert::over_time(self.model.over_time).into()
    }

    /// Least value that is accepted, in `unit`.
    async fn minimum(&self) -> Option<f64> {
        self.model.valid_min
    }

    /// Greatest value that is accepted, in `unit`.
    async fn maximum(&self) -> Option<f64> {
        self.model.valid_max
    }

    /// Indicator above the line of a ratio.
    async fn numerator(&self) -> Result<Option<Indicator>, Error> {
        self.model
            .numerator_id
            .map(|id| Self::new(&self.snapshot, id))
            .transpose()
    }

    /// Indicator below the line of a ratio.
    async fn denominator(&self) -> Result<Option<Indicator>, Error> {
        self.model
            .denominator_id
            .map(|id| Self::new(&self.snapshot, id))
            .transpose()
    }

    /// Formula of a derived indicator, over indicator codes.
    async fn formula(&self) -> Option<&str> {
        self.model.formula.as_deref()
    }

    /// Law or document it rests on.
    async fn legal_basis(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> Option<&str> {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => self.model.legal_basis_zh.as_deref(),
            Locale::En => self.model.legal_basis_en.as_deref(),
        }
    }

    /// Definitions, oldest first.
    async fn versions(&self) -> Vec<IndicatorVersion> {
        self.snapshot
            .catalog
            .versions(self.model.id)
            .iter()
            .cloned()
            .map(IndicatorVersion)
            .collect()
    }
}

pub(crate) struct IndicatorVersion(indicator_version::Model);

/// A definition of an indicator, counting from a period on.
#[Object]
impl IndicatorVersion {
    /// 1 for the first definition.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// First month it counts for; null for the first definition.
    async fn valid_from(&self) -> Option<Period> {
        let month = self.0.valid_from?;
        analytics::period::Period::from_months(month, month).map(Period)
    }

    /// Whether values before and after are not comparable: a change across it is `DEFINITION_CHANGED`.
    async fn breaks_series(&self) -> bool {
        self.0.breaks_series
    }

    /// What is counted and what is not.
    async fn definition(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &self.0.definition_zh,
            Locale::En => &self.0.definition_en,
        }
    }
}

/// Which indicators: every condition narrows, none takes all.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct IndicatorSelector {
    /// Those of these codes, answered in this order.
    pub(crate) codes: Option<Vec<String>>,
    /// Those of the theme of this code.
    pub(crate) theme: Option<String>,
}

impl From<IndicatorSelector> for selector::IndicatorSelector {
    fn from(input: IndicatorSelector) -> Self {
        Self {
            codes: input.codes,
            theme: input.theme,
        }
    }
}

connection!(IndicatorConnection, IndicatorEdge, Indicator);

#[derive(Default)]
pub(crate) struct IndicatorQuery;

/// Queries of indicators.
#[Object]
impl IndicatorQuery {
    /// Indicator of a code; null when there is none.
    async fn indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Stable code.")] code: String,
    ) -> Result<Option<Indicator>, Error> {
        Ok(Indicator::by_code(&ctx.snapshot()?, &code))
    }

    /// Indicators by theme and code.
    #[allow(clippy::too_many_arguments, reason = "the names are the contract's")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those of the theme of this code.")] theme: Option<String>,
        #[graphql(desc = "Those of this kind.")] kind: Option<IndicatorKind>,
        #[graphql(desc = "Those whose code or name contains this text, whatever its case.")] search: Option<String>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<IndicatorConnection, Error> {
        let page = Arguments {
            first,
            after,
            last,
            before,
        }
        .check(ctx.limits()?)?;
        let snapshot = ctx.snapshot()?;
        let theme = theme
            .as_deref()
            .map(|code| selector::theme(&snapshot.catalog, code))
            .transpose()?;
        let wanted = search.map(|text| text.to_lowercase());
        let fits = |indicator: &&indicator::Model| {
            theme.is_none_or(|theme| indicator.theme_id == theme)
                && kind.is_none_or(|kind| IndicatorKind::from(convert::kind(indicator.kind)) == kind)
                && wanted.as_ref().is_none_or(|text| {
                    [&indicator.code, &indicator.name_zh, &indicator.name_en]
                        .iter()
                        .any(|name| name.to_lowercase().contains(text.as_str()))
                })
        };
        let found: Vec<&indicator::Model> = snapshot.catalog.indicators().iter().filter(fits).collect();
        let rows = of_list(
            &found,
            &page,
            |indicator| &indicator.code,
            |indicator| Indicator::of(indicator, &snapshot),
        )?;
        Ok(IndicatorConnection(rows))
    }
}
