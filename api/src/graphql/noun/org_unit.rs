//! Organisations as a tree.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{org_succession, org_unit};

use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, Page, connection, of_list};
use crate::graphql::scalar::choice::{Locale, OrgLevel, SuccessionKind};
use crate::graphql::scalar::global_id::GlobalId;
use crate::graphql::scalar::period::Period;
use crate::service::access::Sight;
use crate::service::selector;
use crate::service::snapshot::Snapshot;

#[derive(Clone)]
pub(crate) struct OrgUnit {
    snapshot: Arc<Snapshot>,
    ordinal: u32,
    model: org_unit::Model,
}

impl OrgUnit {
    /// The organisation of an ordinal.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, ordinal: u32) -> Result<Self, Error> {
        let model = snapshot
            .catalog
            .org(ordinal)
            .cloned()
            .ok_or_else(|| Error::internal("a figure without organisation"))?;
        Ok(Self {
            snapshot: Arc::clone(snapshot),
            ordinal,
            model,
        })
    }

    /// The organisation of a code, if there is one and it may be read.
    pub(crate) fn by_code(sight: &Sight, code: &str) -> Result<Option<Self>, Error> {
        let Some(ordinal) = sight.snapshot.catalog.org_by_code(code) else {
            return Ok(None);
        };
        sight.need(&[], ordinal)?;
        Self::new(&sight.snapshot, ordinal).map(Some)
    }

    fn successions(
        &self,
        sight: &Sight,
        rows: &[org_succession::Model],
        other: fn(&org_succession::Model) -> i64,
    ) -> Result<Vec<Succession>, Error> {
        let told = |row: &org_succession::Model| {
            let lacking = || Error::internal("a succession without organisation or month");
            let ordinal = self.snapshot.catalog.tree().ordinal(other(row)).ok_or_else(lacking)?;
            if !sight.sees_org(ordinal) {
                return Ok(None);
            }
            Ok(Some(Succession {
                kind: row.kind.into(),
                month: month(Some(row.month)).ok_or_else(lacking)?,
                org_unit: Self::new(&self.snapshot, ordinal)?,
            }))
        };
        rows.iter().filter_map(|row| told(row).transpose()).collect()
    }

    /// A page of organisations.
    fn page(snapshot: &Arc<Snapshot>, ordinals: &[u32], page: &Page<String>) -> Result<OrgUnitConnection, Error> {
        let found: Vec<Self> = ordinals
            .iter()
            .map(|ordinal| Self::new(snapshot, *ordinal))
            .collect::<Result<_, _>>()?;
        Ok(OrgUnitConnection(of_list(
            &found,
            page,
            |org| &org.model.code,
            Clone::clone,
        )?))
    }
}

/// An organisation whose figures are kept: a city, district, street, community or department.
#[Object]
impl OrgUnit {
    /// Opaque global identifier, for `node`.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::OrgUnit(self.model.code.clone()).encode()
    }

    /// Immutable code, as `shenzhen-luohu-sungang`.
    async fn code(&self) -> &str {
        &self.model.code
    }

    /// Full name.
    async fn name(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &self.model.name_zh,
            Locale::En => &self.model.name_en,
        }
    }

    /// How high it stands.
    async fn level(&self) -> OrgLevel {
        self.model.level.into()
    }

    /// Organisation directly above, today or in the last month of a period; null at the top, and at the top of what you may read.
    async fn parent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As it was in the last month of this period.")] period: Option<Period>,
    ) -> Result<Option<OrgUnit>, Error> {
        let parent = self
            .snapshot
            .catalog
            .tree()
            .parent(self.ordinal, period.map(|period| period.0));
        let sight = ctx.sight()?;
        let parent = parent.filter(|parent| sight.sees_org(*parent));
        parent.map(|ordinal| Self::new(&self.snapshot, ordinal)).transpose()
    }

    /// Organisations directly below, today or in the last month of a period.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "As it was in the last month of this period.")] period: Option<Period>,
    ) -> Result<OrgUnitConnection, Error> {
        let page = Arguments {
            first,
            after,
            ..Arguments::default()
        }
        .check(ctx.limits()?)?;
        let sight = ctx.sight()?;
        let children: Vec<u32> = self
            .snapshot
            .catalog
            .tree()
            .children(self.ordinal, period.map(|period| period.0))
            .filter(|child| sight.sees_org(*child))
            .collect();
        let children = Self::page(&self.snapshot, &children, &page)?;
        ctx.spend(children.0.edges.len())?;
        Ok(children)
    }

    /// First month of its existence, where known.
    async fn valid_from(&self) -> Option<Period> {
        month(self.model.valid_from)
    }

    /// Last month of its existence; null while it exists.
    async fn valid_to(&self) -> Option<Period> {
        month(self.model.valid_to)
    }

    /// What it followed: it began by a split, a merger or under another name. Empty where it began otherwise.
    async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<Succession>, Error> {
        let rows = self.snapshot.catalog.predecessors(self.model.id);
        self.successions(ctx.sight()?, rows, |row| row.predecessor_id)
    }

    /// What followed it when it ended. Empty while it exists, and where nothing did.
    async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<Succession>, Error> {
        let rows = self.snapshot.catalog.successors(self.model.id);
        self.successions(ctx.sight()?, rows, |row| row.successor_id)
    }
}

/// One organisation after another.
#[derive(SimpleObject)]
pub(crate) struct Succession {
    /// How.
    kind: SuccessionKind,
    /// First month of the later one.
    month: Period,
    /// Organisation on the other side.
    org_unit: OrgUnit,
}

fn month(month: Option<i32>) -> Option<Period> {
    let month = month?;
    analytics::period::Period::from_months(month, month).map(Period)
}

/// Which organisations: every condition narrows, none takes all.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct OrgSelector {
    /// Those of these codes, answered in this order.
    pub(crate) codes: Option<Vec<String>>,
    /// Those in the subtree below the organisation of this code, as the tree was in the period asked about.
    pub(crate) within: Option<String>,
    /// Those of this level.
    pub(crate) level: Option<OrgLevel>,
    /// With `within`: the organisation itself as well.
    #[graphql(name = "self")]
    pub(crate) with_self: Option<bool>,
}

impl From<OrgSelector> for selector::OrgSelector {
    fn from(input: OrgSelector) -> Self {
        Self {
            codes: input.codes,
            within: input.within,
            with_self: input.with_self.unwrap_or(false),
            level: input.level.map(Into::into),
        }
    }
}

connection!(OrgUnitConnection, OrgUnitEdge, OrgUnit);

#[derive(Default)]
pub(crate) struct OrgUnitQuery;

/// Queries of organisations.
#[Object]
impl OrgUnitQuery {
    /// Organisation of a code; null when there is none.
    async fn org_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Immutable code.")] code: String,
    ) -> Result<Option<OrgUnit>, Error> {
        OrgUnit::by_code(ctx.sight()?, &code)
    }

    /// Organisations in the order of the tree.
    async fn org_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organisations; all when left out.")] select: Option<OrgSelector>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<OrgUnitConnection, Error> {
        let page = Arguments {
            first,
            after,
            last,
            before,
        }
        .check(ctx.limits()?)?;
        let sight = ctx.sight()?;
        let ordinals = selector::OrgSelector::from(select.unwrap_or_default()).resolve(sight, &[], None)?;
        OrgUnit::page(&sight.snapshot, &ordinals, &page)
    }
}
