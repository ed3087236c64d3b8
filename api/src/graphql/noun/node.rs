//! Global object identification: any object again by its `id`.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, Result};

use super::indicator::Indicator;
use super::observation::Observation;
use super::org_unit::OrgUnit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::global_id::GlobalId;
use crate::service::provisional;

/// An object that can be fetched again by its `id`.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque global identifier."))]
pub(crate) enum Node {
    /// An indicator.
    Indicator(Indicator),
    /// An organisation.
    OrgUnit(OrgUnit),
    /// An observation.
    Observation(Observation),
}

#[derive(Default)]
pub(crate) struct NodeQuery;

/// Queries by identifier.
#[Object]
impl NodeQuery {
    /// Object of an identifier; null when it is gone.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As given by the `id` of an object.")] id: ID,
    ) -> Result<Option<Node>> {
        fetch(ctx, &id).await
    }

    /// Objects of identifiers, in their order; null for each that is gone.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As given by the `id` of objects.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let most = ctx.limits()?.max_page;
        if ids.len() as u64 > most {
            let hint = format!("ask for at most {most} at a time");
            return Err(Error::input(format!("{} ids are too many", ids.len()), hint).into());
        }
        futures_util::future::try_join_all(ids.iter().map(|id| fetch(ctx, id))).await
    }
}

async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let snapshot = ctx.snapshot()?;
    Ok(match GlobalId::decode(id)? {
        GlobalId::Indicator(code) => Indicator::by_code(&snapshot, &code).map(Node::Indicator),
        GlobalId::OrgUnit(code) => OrgUnit::by_code(ctx.sight()?, &code)?.map(Node::OrgUnit),
        // Unpublished figures are read with the question that asked for them, and by nobody who only knows their number.
        GlobalId::Observation(id) if provisional::draft_of(id).is_some() => None,
        GlobalId::Observation(id) => {
            let found = ctx.observations()?.load_one(id).await?;
            // One that may not be read is told like one that is gone: nobody learns which figures others have.
            let sight = ctx.sight()?;
            let found = found.filter(|row| sight.sees_id(row.indicator_id, row.org_id));
            found.map(|model| Node::Observation(Observation::new(&snapshot, Arc::unwrap_or_clone(model))))
        }
    })
}
