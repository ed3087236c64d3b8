//! Roles that principals were granted.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::role_grant;

use super::org_unit::OrgUnit;
use super::principal::name;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::access_choice::Role;
use crate::graphql::scalar::time::DateTime;
use crate::service::access::NewGrant;
use crate::service::snapshot::Snapshot;

pub(crate) struct Grant {
    snapshot: Arc<Snapshot>,
    model: role_grant::Model,
}

/// A role that was granted over a part of the organisations.
#[Object]
impl Grant {
    /// Number of the grant.
    async fn id(&self) -> ID {
        ID(self.model.id.to_string())
    }

    /// Name of the principal that holds it.
    async fn principal(&self, ctx: &Context<'_>) -> Result<String> {
        name(ctx, self.model.principal_id).await
    }

    /// Role.
    async fn role(&self) -> Role {
        self.model.role.into()
    }

    /// Organisation over which it is held, with all below it; null for all organisations.
    async fn org_unit(&self) -> Result<Option<OrgUnit>, Error> {
        let ordinal = self
            .model
            .org_id
            .and_then(|id| self.snapshot.catalog.tree().ordinal(id));
        ordinal.map(|ordinal| OrgUnit::new(&self.snapshot, ordinal)).transpose()
    }

    /// Code of the theme whose indicators it is about; null for all.
    async fn theme(&self) -> Option<&str> {
        let theme = self.snapshot.catalog.theme(self.model.theme_id?)?;
        Some(&theme.code)
    }

    /// From when on it holds; null when from its beginning.
    async fn valid_from(&self) -> Option<DateTime> {
        self.model.valid_from.and_then(DateTime::from_micros)
    }

    /// Until when it holds, not included; null when without end.
    async fn valid_to(&self) -> Option<DateTime> {
        self.model.valid_to.and_then(DateTime::from_micros)
    }

    /// When it was granted.
    async fn created_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.created_at)
    }

    /// Who granted it.
    async fn created_by(&self) -> &str {
        &self.model.created_by
    }

    /// When it was taken back; null while it holds.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.model.revoked_at.and_then(DateTime::from_micros)
    }
}

/// A role that is to be granted.
#[derive(InputObject)]
pub(crate) struct GrantRoleInput {
    /// Name of the principal.
    principal: String,
    /// Role.
    role: Role,
    /// Code of the organisation over which it is held, with all below it; all organisations when left out.
    org: Option<String>,
    /// Code of the theme whose indicators it is about; all when left out.
    theme: Option<String>,
    /// From when on; at once when left out.
    valid_from: Option<DateTime>,
    /// Until when, not included; without end when left out.
    valid_to: Option<DateTime>,
}

#[derive(Default)]
pub(crate) struct RoleGrantQuery;

/// Queries of grants.
#[Object]
impl RoleGrantQuery {
    /// Grants over the organisations of which you are administrator, those that were taken back too.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<Grant>> {
        let rows = ctx.service()?.grants(ctx.caller()?).await?;
        rows.into_iter().map(|row| Grant::new(ctx, row)).collect()
    }
}

#[derive(Default)]
pub(crate) struct RoleGrantMutation;

/// Mutations of grants.
#[Object]
impl RoleGrantMutation {
    /// Grants a role over an organisation and all below it. Whoever is administrator of a part grants over that part.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant.")] input: GrantRoleInput,
    ) -> Result<Grant> {
        let new = NewGrant {
            principal: input.principal,
            role: input.role.into(),
            org: input.org,
            theme: input.theme,
            valid_from: input.valid_from.map(DateTime::micros),
            valid_to: input.valid_to.map(DateTime::micros),
        };
        let row = ctx.service()?.grant_role(ctx.caller()?, &new).await?;
        Grant::new(ctx, row)
    }

    /// Takes a grant back, at once.
    async fn revoke_grant(&self, ctx: &Context<'_>, #[graphql(desc = "Its number.")] id: ID) -> Result<Grant> {
        let id = id
            .parse()
            .map_err(|_| Error::input("`id` is no number", "grants lists them"))?;
        let row = ctx.service()?.revoke_grant(ctx.caller()?, id).await?;
        Grant::new(ctx, row)
    }
}

impl Grant {
    fn new(ctx: &Context<'_>, model: role_grant::Model) -> Result<Self> {
        Ok(Self {
            snapshot: ctx.snapshot()?,
            model,
        })
    }
}
