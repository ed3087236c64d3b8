//! Tokens with which principals sign in.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::api_token;

use super::principal::name;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::access_choice::TokenScope;
use crate::graphql::scalar::time::DateTime;
use crate::service::access::{NewToken, Scopes};

pub(crate) struct Token(api_token::Model);

/// A token of a principal. Its secret was shown once and is known to nobody here.
#[Object]
impl Token {
    /// Public part, by which it is revoked.
    async fn public_id(&self) -> &str {
        &self.0.public_id
    }

    /// Name of the principal whose it is.
    async fn principal(&self, ctx: &Context<'_>) -> Result<String> {
        name(ctx, self.0.principal_id).await
    }

    /// What it is for.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// What it may be used for.
    async fn scopes(&self) -> Result<Vec<TokenScope>, Error> {
        let scopes = Scopes::parse(&self.0.scopes).map_err(|_| Error::internal("a token with strange scopes"))?;
        Ok(scopes.list().into_iter().map(Into::into).collect())
    }

    /// When it was made.
    async fn created_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.0.created_at)
    }

    /// Who made it.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }

    /// From when on it is refused; null when it does not expire.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.and_then(DateTime::from_micros)
    }

    /// When it was last used, within a minute or so; null when never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.and_then(DateTime::from_micros)
    }

    /// When it was revoked; null while it is good.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.and_then(DateTime::from_micros)
    }
}

/// A token that is to be made.
#[derive(InputObject)]
pub(crate) struct CreateTokenInput {
    /// Name of the principal whose it is; your own when left out.
    principal: Option<String>,
    /// What it is for.
    label: Option<String>,
    /// What it may be used for: no more than the token that makes it.
    scopes: Vec<TokenScope>,
    /// From when on it is refused; never when left out.
    expires_at: Option<DateTime>,
}

/// A token that was made.
#[derive(SimpleObject)]
pub(crate) struct CreateTokenPayload {
    /// Token itself, to be kept now: nobody can see it again.
    secret: String,
    /// What is stored of it.
    token: Token,
}

#[derive(Default)]
pub(crate) struct ApiTokenQuery;

/// Queries of tokens.
#[Object]
impl ApiTokenQuery {
    /// Tokens: your own, or for administrators those of a principal or of all.
    async fn tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the principal whose they are.")] principal: Option<String>,
    ) -> Result<Vec<Token>> {
        let rows = ctx.service()?.tokens(ctx.caller()?, principal.as_deref()).await?;
        Ok(rows.into_iter().map(Token).collect())
    }
}

#[derive(Default)]
pub(crate) struct ApiTokenMutation;

/// Mutations of tokens.
#[Object]
impl ApiTokenMutation {
    /// Makes a token for yourself, or as an administrator for another principal.
    async fn create_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: CreateTokenInput,
    ) -> Result<CreateTokenPayload> {
        let caller = ctx.caller()?;
        let scopes: Vec<_> = input.scopes.into_iter().map(Into::into).collect();
        let new = NewToken {
            principal: input.principal.unwrap_or_else(|| caller.name().to_owned()),
            label: input.label,
            scopes: Scopes::of(&scopes),
            expires_at: input.expires_at.map(DateTime::micros),
        };
        let shown = ctx.service()?.create_token(caller, &new).await?;
        Ok(CreateTokenPayload {
            secret: shown.secret,
            token: Token(shown.row),
        })
    }

    /// Revokes a token, at once.
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its public part.")] public_id: String,
    ) -> Result<Token> {
        let row = ctx.service()?.revoke_token(ctx.caller()?, &public_id).await?;
        Ok(Token(row))
    }
}
