//! From what a request carries to who asks. Tokens are looked up in the database each time, so that one that was revoked is refused by the next request of any
//! server.

use entity::db::{Db, Handle};
use entity::{api_token, principal, role_grant};

use super::act::Scopes;
use super::caller::{Caller, Held, Origin, Who};
use super::door::USE_STEP;
use super::issuer::Named;
use super::secret;
use crate::config::Public;
use crate::error::Error;
use crate::service::Service;
use crate::service::audit::{self, Event};

/// What the subject of a group begins with.
const GROUP: &str = "group:";
/// The longest text that may be a token.
const LONGEST: usize = 8 * 1024;

impl Service {
    /// Who asks, with `credentials` from the `authorization` header or a socket's first message: a stranger where there are none.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for credentials that are not, or no longer, good: never a stranger in their place.
    pub async fn sign_in(&self, credentials: Option<&[u8]>, origin: Origin) -> Result<Caller, Error> {
        let Some(credentials) = credentials else {
            return Ok(match &self.sign_in.public {
                Public::Nothing => Caller::nobody(origin),
                Public::Published => Caller::public(origin),
                Public::Everything(name) => Caller::operator(name.clone()).from(origin),
            });
        };
        match self.known(credentials).await {
            Ok(caller) => Ok(caller.from(origin)),
            Err(error) => {
                if matches!(error, Error::Unauthenticated { .. }) {
                    let event = Event::new("sign_in", subject(credentials));
                    self.refused(&Caller::nobody(origin), event);
                }
                Err(error)
            }
        }
    }

    /// Whether what let `caller` in still holds: for what stays open longer than a request.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it does not.
    pub async fn still(&self, caller: &Caller) -> Result<Caller, Error> {
        let Who::Principal {
            id,
            token,
            until,
            groups,
            ..
        } = caller.who()
        else {
            return Ok(caller.clone());
        };
        let now = audit::now();
        let found = match token {
            Some(token) => api_token::by_ids(&self.db, &[*token])
                .await?
                .pop()
                .filter(|row| is_good(row, now)),
            None => None,
        };
        if (token.is_some() && found.is_none()) || until.is_some_and(|until| until <= now) {
            return Err(expired());
        }
        let row = principal::by_ids(&self.db, &[*id]).await?.pop();
        let row = row.filter(|row| row.disabled_at.is_none()).ok_or_else(expired)?;
        let known = principal::by_ids(&self.db, groups).await?;
        let open: Vec<i64> = known
            .iter()
            .filter(|group| group.disabled_at.is_none())
            .map(|group| group.id)
            .collect();
        let held = held(&self.db, &with(*id, &open), now).await?;
        let again = match until {
            Some(until) => Caller::named(*id, row.name, *until, groups.clone(), held),
            None => Caller::principal(*id, row.name, *token, caller.scopes(), held),
        };
        Ok(again.from(caller.origin().clone()))
    }

    async fn known(&self, credentials: &[u8]) -> Result<Caller, Error> {
        let text = std::str::from_utf8(credentials)
            .ok()
            .filter(|text| text.is_ascii() && text.len() <= LONGEST);
        let text = text.ok_or_else(unknown)?;
        let (scheme, token) = text.split_once(' ').ok_or_else(unknown)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unknown());
        }
        let token = token.trim();
        match &self.sign_in.issuer {
            Some(issuer) if !token.starts_with(secret::PREFIX) => {
                let named = issuer.named(token).await?.ok_or_else(unknown)?;
                self.by_name(named).await
            }
            _ => self.by_token(token).await,
        }
    }

    /// The principal whom an issuer named. Who is good there is not yet anybody here.
    async fn by_name(&self, named: Named) -> Result<Caller, Error> {
        // A group's subject is nobody's own.
        if named.subject.starts_with(GROUP) {
            return Err(unknown());
        }
        let groups = named.groups.iter().map(|group| format!("{GROUP}{group}"));
        let subjects: Vec<String> = groups.chain([named.subject.clone()]).collect();
        let mut found = principal::by_subjects(&self.db, &subjects).await?;
        found.retain(|row| row.disabled_at.is_none());
        let is_own = |row: &principal::Model| row.subject.as_ref() == Some(&named.subject);
        let own = found.iter().position(is_own).ok_or_else(unknown)?;
        let row = found.swap_remove(own);
        let groups: Vec<i64> = found.iter().map(|group| group.id).collect();
        let held = held(&self.db, &with(row.id, &groups), audit::now()).await?;
        Ok(Caller::named(row.id, row.name, named.until, groups, held))
    }

    async fn by_token(&self, token: &str) -> Result<Caller, Error> {
        let presented = secret::read(token).ok_or_else(unknown)?;
        let row = api_token::by_public_id(&self.db, presented.public_id).await?;
        // One that does not exist takes as long as one with a wrong secret.
        let fits = presented.fits(row.as_ref().map_or("", |row| row.secret_hash.as_str()));
        let row = row.filter(|_| fits).ok_or_else(unknown)?;
        let now = audit::now();
        if !is_good(&row, now) {
            return Err(expired());
        }
        let owner = principal::by_ids(&self.db, &[row.principal_id]).await?.pop();
        let owner = owner.filter(|owner| owner.disabled_at.is_none()).ok_or_else(expired)?;
        let held = held(&self.db, &[owner.id], now).await?;
        if self.sign_in.is_due(row.id, now) && row.last_used_at.is_none_or(|last| now - last >= USE_STEP) {
            tokio::spawn(touch(self.db.clone(), row.id, now));
        }
        let scopes = Scopes::parse(&row.scopes).unwrap_or(Scopes::NONE);
        Ok(Caller::principal(owner.id, owner.name, Some(row.id), scopes, held))
    }
}

/// Writes the last use down, where that is possible at once: nobody waits for it, and the next use will do as well.
async fn touch(db: Db, token: i64, now: i64) {
    let write = async {
        let tx = db.begin_write().await?;
        api_token::touch(&tx, token, now).await?;
        tx.commit().await
    };
    if let Err(error) = write.await {
        tracing::debug!(%error, "the last use of a token was not written down");
    }
}

/// A principal and its groups.
fn with(principal: i64, groups: &[i64]) -> Vec<i64> {
    [&[principal], groups].concat()
}

/// The roles that some principals hold at `now`.
pub(super) async fn held(handle: &impl Handle, principals: &[i64], now: i64) -> Result<Vec<Held>, Error> {
    let grants = role_grant::of_principals(handle, principals).await?;
    let holds = |grant: &role_grant::Model| {
        grant.valid_from.is_none_or(|from| from <= now) && grant.valid_to.is_none_or(|to| now < to)
    };
    let held = |grant: role_grant::Model| Held {
        role: grant.role,
        org: grant.org_id,
        theme: grant.theme_id,
        until: grant.valid_to,
    };
    Ok(grants.into_iter().filter(holds).map(held).collect())
}

fn is_good(token: &api_token::Model, now: i64) -> bool {
    token.revoked_at.is_none() && token.expires_at.is_none_or(|end| now < end)
}

/// What may be written down of credentials that were refused: never a secret.
fn subject(credentials: &[u8]) -> String {
    let text = std::str::from_utf8(credentials).unwrap_or_default();
    let token = text.split_once(' ').map_or("", |(_, token)| token.trim());
    match secret::read(token) {
        Some(presented) => format!("token {}", presented.public_id),
        None => "credentials".to_owned(),
    }
}

/// One answer for everything that is not a token of ours, so that nobody learns which part of it was right.
pub(super) fn unknown() -> Error {
    Error::Unauthenticated {
        message: "the token is not known here".to_owned(),
        hint: "send authorization: Bearer TOKEN with a token as it was shown when it was made".to_owned(),
    }
}

fn expired() -> Error {
    Error::Unauthenticated {
        message: "the token has expired or was revoked".to_owned(),
        hint: "make a new one, or ask an administrator".to_owned(),
    }
}
