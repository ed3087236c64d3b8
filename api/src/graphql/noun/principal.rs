//! Who may ask.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::principal;

use super::org_unit::OrgUnit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::access_choice::{Role, TokenScope};
use crate::graphql::scalar::time::DateTime;
use crate::service::access::Who;

pub(crate) struct Principal(principal::Model);

/// Somebody who may ask: a person or a program.
#[Object]
impl Principal {
    /// Name by which it is known, and written down as author; never changes and is never used again.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name for people.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Who it is at the issuer of sign-ins; null when it comes with tokens of this server alone.
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Whether it may do anything.
    async fn enabled(&self) -> bool {
        self.0.disabled_at.is_none()
    }

    /// When it was made.
    async fn created_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.0.created_at)
    }

    /// Who made it.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }
}

/// Who asks, and what that is allowed to.
#[derive(SimpleObject)]
pub(crate) struct Me {
    /// Name; `anonymous` for a caller without sign-in.
    name: String,
    /// Whether it is known who asks.
    signed_in: bool,
    /// What the token may be used for; empty without sign-in.
    scopes: Vec<TokenScope>,
    /// Roles that are held now; empty for a caller without sign-in.
    roles: Vec<HeldRole>,
}

/// A role that the caller holds now.
#[derive(SimpleObject)]
pub(crate) struct HeldRole {
    /// Role.
    role: Role,
    /// Organisation over which it is held, with all below it; null for all organisations.
    org_unit: Option<OrgUnit>,
    /// Code of the theme whose indicators it is about; null for all.
    theme: Option<String>,
}

/// A principal that is to be made.
#[derive(InputObject)]
pub(crate) struct CreatePrincipalInput {
    /// Name: 1 to 64 of a-z, 0-9, `.`, `_`, `-` and `@`.
    name: String,
    /// Name for people.
    label: Option<String>,
    /// Who it is at the issuer of sign-ins.
    subject: Option<String>,
}

#[derive(Default)]
pub(crate) struct PrincipalQuery;

/// Queries of principals.
#[Object]
impl PrincipalQuery {
    /// Who asks, and what that is allowed to.
    async fn me(&self, ctx: &Context<'_>) -> Result<Me> {
        let (caller, snapshot) = (ctx.caller()?, ctx.snapshot()?);
        let role = |held: &crate::service::access::Held| {
            let ordinal = held.org.and_then(|id| snapshot.catalog.tree().ordinal(id));
            let theme = held.theme.and_then(|id| snapshot.catalog.theme(id));
            Ok(HeldRole {
                role: held.role.into(),
                org_unit: ordinal.map(|ordinal| OrgUnit::new(&snapshot, ordinal)).transpose()?,
                theme: theme.map(|theme| theme.code.clone()),
            })
        };
        Ok(Me {
            name: caller.name().to_owned(),
            signed_in: matches!(caller.who(), Who::Principal { .. }),
            scopes: caller.scopes().list().into_iter().map(Into::into).collect(),
            roles: caller.held().iter().map(role).collect::<Result<_, Error>>()?,
        })
    }

    /// Principals. For administrators.
    async fn principals(&self, ctx: &Context<'_>) -> Result<Vec<Principal>> {
        let rows = ctx.service()?.principals(ctx.caller()?).await?;
        Ok(rows.into_iter().map(Principal).collect())
    }
}

#[derive(Default)]
pub(crate) struct PrincipalMutation;

/// Mutations of principals.
#[Object]
impl PrincipalMutation {
    /// Makes a principal. It may do nothing until it is granted a role.
    async fn create_principal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The principal.")] input: CreatePrincipalInput,
    ) -> Result<Principal> {
        let service = ctx.service()?;
        let made = service.create_principal(ctx.caller()?, &input.name, input.label, input.subject);
        Ok(Principal(made.await?))
    }

    /// Lets a principal do nothing any more, at once and with all its tokens.
    async fn disable_principal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name.")] name: String,
    ) -> Result<Principal> {
        let changed = ctx.service()?.set_principal_enabled(ctx.caller()?, &name, false);
        Ok(Principal(changed.await?))
    }

    /// Lets a principal that was disabled do again what it may.
    async fn enable_principal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name.")] name: String,
    ) -> Result<Principal> {
        let changed = ctx.service()?.set_principal_enabled(ctx.caller()?, &name, true);
        Ok(Principal(changed.await?))
    }
}

/// The name of a principal's key.
pub(super) async fn name(ctx: &Context<'_>, id: i64) -> Result<String> {
    let found = ctx.principals()?.load_one(id).await?;
    Ok(found.map(|row| row.name.clone()).unwrap_or_default())
}
