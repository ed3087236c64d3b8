//! Making, listing and revoking tokens.

use entity::db::Tx;
use entity::{api_token, principal};
use serde_json::json;

use super::act::{Act, Scopes};
use super::caller::{Caller, Who};
use super::secret;
use crate::error::Error;
use crate::export::table::when;
use crate::service::Service;
use crate::service::audit::{self, Event, record};

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose it is.
    pub principal: String,
    /// What it is for.
    pub label: Option<String>,
    /// What it may be used for.
    pub scopes: Scopes,
    /// From when on it is refused, in µs since the epoch.
    pub expires_at: Option<i64>,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The token itself, which nobody can see again.
    pub secret: String,
    /// What is stored of it.
    pub row: api_token::Model,
}

/// How long a token may be good that is made with a signed sign-in: 90 days in µs.
const LONGEST_OF_SIGNED: i64 = 90 * 24 * 3_600 * 1_000_000;

impl Service {
    /// Makes a token. It may do no more than the one who makes it.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Input`] for no scopes or an end that has passed.
    pub async fn create_token(&self, caller: &Caller, new: &NewToken) -> Result<Shown, Error> {
        let minted = secret::mint()?;
        let now = audit::now();
        if new.scopes.list().is_empty() {
            return Err(Error::input(
                "a token without scopes may do nothing",
                "name some: read,import",
            ));
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::input(
                "the token would have expired already",
                "name a later time",
            ));
        }
        let tx = self.db.begin_write().await?;
        let owner = own(&tx, caller, &new.principal).await?;
        if !caller.scopes().holds(new.scopes) {
            return Err(Error::Forbidden {
                message: "a token may not do more than the one that makes it".to_owned(),
                hint: Some(format!("yours may {}", caller.scopes().code())),
            });
        }
        self.outlives(caller, new.expires_at, now).await?;
        let row = api_token::New {
            principal_id: owner.id,
            public_id: minted.public_id.clone(),
            secret_hash: minted.secret_hash,
            label: new.label.clone(),
            scopes: new.scopes.code(),
            created_at: now,
            created_by: caller.name().to_owned(),
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let id = api_token::insert(&tx, row).await?;
        let made = json!({ "principal": owner.name, "scopes": new.scopes.code(), "expires_at": new.expires_at });
        let event = Event::new("create_token", format!("token {}", minted.public_id)).after(made);
        record(&tx, caller, event).await?;
        let row = api_token::by_ids(&tx, &[id]).await?.pop();
        tx.commit().await?;
        let row = row.ok_or_else(|| Error::internal("a token that was stored is not there"))?;
        Ok(Shown {
            secret: minted.text,
            row,
        })
    }

    /// Refuses a token that would be good longer than what it is made with.
    async fn outlives(&self, caller: &Caller, end: Option<i64>, now: i64) -> Result<(), Error> {
        let Who::Principal { token, until, .. } = caller.who() else {
            return Ok(());
        };
        let most = match (token, until) {
            (Some(token), _) => {
                let own = api_token::by_ids(&self.db, &[*token]).await?.pop();
                own.and_then(|own| own.expires_at)
            }
            // The issuer does not know it, and cannot take it back.
            (None, Some(_)) => Some(now + LONGEST_OF_SIGNED),
            (None, None) => None,
        };
        match most.filter(|most| end.is_none_or(|end| end > *most)) {
            None => Ok(()),
            Some(most) => Err(Error::Forbidden {
                message: "a token may not be good longer than what it is made with".to_owned(),
                hint: when::moment(most).map(|most| format!("name an end until {most}")),
            }),
        }
    }

    /// The tokens of a principal, or of all: never their secrets.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn tokens(&self, caller: &Caller, principal: Option<&str>) -> Result<Vec<api_token::Model>, Error> {
        let tokens = match (principal, caller.principal_id()) {
            (Some(name), own) => {
                let found = principal::by_name(&self.db, name).await?;
                if found.as_ref().map(|row| row.id) != own || own.is_none() {
                    caller.may(Act::Administer)?;
                }
                let found = found.ok_or_else(|| not_found(name))?;
                api_token::of_principal(&self.db, found.id).await?
            }
            (None, Some(own)) if caller.may(Act::Administer).is_err() => api_token::of_principal(&self.db, own).await?,
            (None, _) => {
                caller.may(Act::Administer)?;
                api_token::all(&self.db).await?
            }
        };
        Ok(tokens)
    }

    /// Revokes a token by its public id: the next request with it is refused. Revoking it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn revoke_token(&self, caller: &Caller, public_id: &str) -> Result<api_token::Model, Error> {
        let tx = self.db.begin_write().await?;
        let found = api_token::by_public_id(&tx, public_id).await?;
        let own = found.as_ref().map(|row| row.principal_id);
        if own.is_none() || own != caller.principal_id() {
            caller.may(Act::Administer)?;
        } else {
            caller.may(Act::OwnTokens)?;
        }
        let row = found.ok_or_else(|| Error::NotFound {
            what: "token",
            name: public_id.chars().take(40).collect(),
            hint: Some("`tokens` lists them by their public id".to_owned()),
        })?;
        if row.revoked_at.is_some() {
            return Ok(row);
        }
        let now = audit::now();
        api_token::revoke(&tx, row.id, now).await?;
        let event = Event::new("revoke_token", format!("token {public_id}"))
            .before(json!({ "revoked_at": null }))
            .after(json!({ "revoked_at": now }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        Ok(api_token::Model {
            revoked_at: Some(now),
            ..row
        })
    }
}

/// The principal of a name, if `caller` may make tokens for it.
async fn own(tx: &Tx, caller: &Caller, name: &str) -> Result<principal::Model, Error> {
    let found = principal::by_name(tx, name).await?;
    let is_own = found.as_ref().is_some_and(|row| Some(row.id) == caller.principal_id());
    caller.may(if is_own { Act::OwnTokens } else { Act::Administer })?;
    let found = found.ok_or_else(|| not_found(name))?;
    if found.disabled_at.is_some() {
        return Err(Error::input(
            "this principal was disabled",
            "enable it first, or name another",
        ));
    }
    Ok(found)
}

pub(super) fn not_found(name: &str) -> Error {
    Error::NotFound {
        what: "principal",
        name: name.chars().take(80).collect(),
        hint: Some("`principals` lists the names".to_owned()),
    }
}
