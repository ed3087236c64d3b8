//! Tokens with which principals sign in.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::api_token;

use super::principal::name;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::access_choice::TokenScope;
use crate::graphql::scalar::time::DateTime;
use crate::service::access::{NewToken, Scopes};

pub(crate) struct Token {
    model: api_token::Model,
    principal: String,
}

/// A token of a principal. Its secret was shown once and is known to nobody here.
#[Object]
impl Token {
    /// Public part, by which it is revoked.
    async fn public_id(&self) -> &str {
        &self.model.public_id
    }

    /// Name of the principal whose it is.
    async fn principal(&self) -> &str {
        &self.principal
    }

    /// What it is for.
    async fn label(&self) -> Option<&str> {
        self.model.label.as_deref()
    }

    /// What it may be used for.
    async fn scopes(&self) -> Result<Vec<TokenScope>, Error> {
        let scopes = Scopes::parse(&self.model.scopes).map_err(|_| Error::internal("a token with strange scopes"))?;
        Ok(scopes.list().into_iter().map(Into::into).collect())
    }

    /// When it was made.
    async fn created_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.created_at)
    }

    /// Who made it.
    async fn created_by(&self) -> &str {
        &self.model.created_by
    }

    /// From when on it is refused; null when it does not expire.
    async fn expires_at(&self) -> Option<DateTime> {
        self.model.expires_at.and_then(DateTime::from_micros)
    }

    /// When it was last used, within a minute or so; null when never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.model.last_used_at.and_then(DateTime::from_micros)
    }

    /// When it was revoked; null while it is good.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.model.revoked_at.and_then(DateTime::from_micros)
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
        let mut tokens = Vec::with_capacity(rows.len());
        for row in rows {
            tokens.push(token(ctx, row).await?);
        }
        Ok(tokens)
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
            token: token(ctx, shown.row).await?,
        })
    }

    /// Revokes a token, at once.
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its public part.")] public_id: String,
    ) -> Result<Token> {
        let row = ctx.service()?.revoke_token(ctx.caller()?, &public_id).await?;
        token(ctx, row).await
    }
}

async fn token(ctx: &Context<'_>, model: api_token::Model) -> Result<Token> {
    Ok(Token {
        principal: name(ctx, model.principal_id).await?,
        model,
    })
}
