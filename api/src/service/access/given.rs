//! Principals and the roles they are given.

use entity::choice::Role;
use entity::db::Handle;
use entity::{principal, role_grant};
use serde_json::{Value as Json, json};

use super::act::Act;
use super::caller::{Caller, Held, Who};
use super::reach::Reach;
use super::token::not_found;
use crate::error::Error;
use crate::export::table::when;
use crate::service::Service;
use crate::service::audit::{self, Event, record};
use crate::service::catalog::Catalog;
use crate::service::selector;

/// A role that is to be granted.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// To whom.
    pub principal: String,
    /// Which.
    pub role: Role,
    /// Over the organisation of this code and all below it; over all when none.
    pub org: Option<String>,
    /// Over indicators of the theme of this code; over all when none.
    pub theme: Option<String>,
    /// From when on, in µs since the epoch.
    pub valid_from: Option<i64>,
    /// Until when, not included.
    pub valid_to: Option<i64>,
}

impl Service {
    /// Makes a principal. `subject` is who it is at the issuer of sign-ins.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Input`] for a name that cannot be one, [`Error::Conflict`] for one that is taken.
    pub async fn create_principal(
        &self,
        caller: &Caller,
        name: &str,
        label: Option<String>,
        subject: Option<String>,
    ) -> Result<principal::Model, Error> {
        caller.may(Act::Administer)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@');
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            return Err(Error::input(
                "a principal cannot have this name",
                "use 1 to 64 of a-z, 0-9, `.`, `_`, `-` and `@`; a name for people goes into `label`",
            ));
        }
        let tx = self.db.begin_write().await?;
        let taken = principal::by_name(&tx, name).await?.is_some();
        let bound = match &subject {
            Some(subject) => !principal::by_subjects(&tx, std::slice::from_ref(subject))
                .await?
                .is_empty(),
            None => false,
        };
        if taken || bound {
            return Err(Error::Conflict {
                message: "the name or the subject is another principal's".to_owned(),
                hint: Some("names are never used again; take another".to_owned()),
            });
        }
        let new = principal::New {
            name: name.to_owned(),
            label,
            subject,
            created_at: audit::now(),
            created_by: caller.name().to_owned(),
            disabled_at: None,
        };
        let made = json!({ "label": new.label, "subject": new.subject });
        let id = principal::insert(&tx, new).await?;
        record(
            &tx,
            caller,
            Event::new("create_principal", format!("principal {name}")).after(made),
        )
        .await?;
        let row = principal::by_ids(&tx, &[id]).await?.pop();
        tx.commit().await?;
        row.ok_or_else(|| Error::internal("a principal that was stored is not there"))
    }

    /// Lets a principal do nothing any more, or again what it may. Its tokens and grants stay.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn set_principal_enabled(
        &self,
        caller: &Caller,
        name: &str,
        enabled: bool,
    ) -> Result<principal::Model, Error> {
        caller.may(Act::Administer)?;
        let tx = self.db.begin_write().await?;
        let row = principal::by_name(&tx, name).await?.ok_or_else(|| not_found(name))?;
        if row.disabled_at.is_none() == enabled {
            return Ok(row);
        }
        let disabled_at = (!enabled).then(audit::now);
        let changed = principal::New {
            disabled_at,
            ..principal::New::from(&row)
        };
        principal::update(&tx, row.id, changed).await?;
        let action = if enabled {
            "enable_principal"
        } else {
            "disable_principal"
        };
        record(&tx, caller, Event::new(action, format!("principal {name}"))).await?;
        tx.commit().await?;
        Ok(principal::Model { disabled_at, ..row })
    }

    /// Every principal.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn principals(&self, caller: &Caller) -> Result<Vec<principal::Model>, Error> {
        caller.may(Act::Administer)?;
        Ok(principal::all(&self.db).await?)
    }

    /// Grants a role. Whoever is administrator of a part grants over that part alone.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Input`] for a time that ends before it begins.
    pub async fn grant_role(&self, caller: &Caller, new: &NewGrant) -> Result<role_grant::Model, Error> {
        caller.may(Act::Grant)?;
        if new.valid_from.zip(new.valid_to).is_some_and(|(from, to)| to <= from) {
            return Err(Error::input(
                "the grant ends before it begins",
                "name an end after the begin",
            ));
        }
        let tx = self.db.begin_write().await?;
        let catalog = self.follower.catalog(&tx).await?;
        let org = new
            .org
            .as_deref()
            .map(|code| selector::org(&catalog, code))
            .transpose()?;
        let org_id = org.and_then(|org| catalog.tree().id(org));
        let theme_id = new
            .theme
            .as_deref()
            .map(|code| selector::theme(&catalog, code))
            .transpose()?;
        within(&Reach::of(caller, Act::Grant, &catalog), &catalog, org_id, theme_id)?;
        outlasts(caller, &catalog, (org, theme_id), new.valid_to)?;
        let row = principal::by_name(&tx, &new.principal).await?;
        let owner = row.ok_or_else(|| not_found(&new.principal))?;
        let granted = role_grant::New {
            principal_id: owner.id,
            role: new.role,
            org_id,
            theme_id,
            valid_from: new.valid_from,
            valid_to: new.valid_to,
            created_at: audit::now(),
            created_by: caller.name().to_owned(),
            revoked_at: None,
        };
        let id = role_grant::insert(&tx, granted).await?;
        let told = json!({
            "principal": owner.name, "role": new.role.code(), "org": new.org, "theme": new.theme,
            "valid_from": new.valid_from, "valid_to": new.valid_to,
        });
        record(&tx, caller, Event::new("grant_role", format!("grant {id}")).after(told)).await?;
        let row = by_id(&tx, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes a grant back. Taking it back again changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn revoke_grant(&self, caller: &Caller, id: i64) -> Result<role_grant::Model, Error> {
        caller.may(Act::Grant)?;
        let tx = self.db.begin_write().await?;
        let row = by_id(&tx, id).await?;
        let catalog = self.follower.catalog(&tx).await?;
        within(
            &Reach::of(caller, Act::Grant, &catalog),
            &catalog,
            row.org_id,
            row.theme_id,
        )?;
        if row.revoked_at.is_some() {
            return Ok(row);
        }
        let now = audit::now();
        role_grant::revoke(&tx, id, now).await?;
        let event = Event::new("revoke_grant", format!("grant {id}"))
            .before(json!({ "revoked_at": Json::Null }))
            .after(json!({ "revoked_at": now }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        Ok(role_grant::Model {
            revoked_at: Some(now),
            ..row
        })
    }

    /// The grants over the part of which `caller` is administrator, revoked ones too.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn grants(&self, caller: &Caller) -> Result<Vec<role_grant::Model>, Error> {
        caller.may(Act::Grant)?;
        let catalog = std::sync::Arc::clone(&self.snapshot().await?.catalog);
        let mut rows = role_grant::all(&self.db).await?;
        let reach = Reach::of(caller, Act::Grant, &catalog);
        rows.retain(|row| within(&reach, &catalog, row.org_id, row.theme_id).is_ok());
        Ok(rows)
    }
}

async fn by_id(handle: &impl Handle, id: i64) -> Result<role_grant::Model, Error> {
    let row = role_grant::by_ids(handle, &[id]).await?.pop();
    row.ok_or_else(|| Error::NotFound {
        what: "grant",
        name: id.to_string(),
        hint: Some("`grants` lists them by number".to_owned()),
    })
}

/// Refuses a grant that would hold longer than those with which `caller` is administrator of its part.
fn outlasts(
    caller: &Caller,
    catalog: &Catalog,
    (org, theme): (Option<u32>, Option<i64>),
    end: Option<i64>,
) -> Result<(), Error> {
    if !matches!(caller.who(), Who::Principal { .. }) {
        return Ok(());
    }
    let covers = |held: &&Held| {
        let is_over = match (held.org.map(|id| catalog.tree().ordinal(id)), org) {
            (None, _) => true,
            (Some(top), Some(org)) => top.is_some_and(|top| catalog.tree().run(top).contains(&org)),
            (Some(_), None) => false,
        };
        Act::Grant.roles().contains(&held.role) && is_over && (held.theme.is_none() || held.theme == theme)
    };
    let longest = |held: &Held| held.until.unwrap_or(i64::MAX);
    let most = caller
        .held()
        .iter()
        .filter(covers)
        .map(longest)
        .max()
        .unwrap_or(i64::MIN);
    if end.unwrap_or(i64::MAX) <= most {
        return Ok(());
    }
    Err(Error::Forbidden {
        message: "a grant may not hold longer than your own".to_owned(),
        hint: when::moment(most).map(|most| format!("name an end until {most}")),
    })
}

/// Whether a grant over this lies within `reach`, of which the caller is administrator.
fn within(reach: &Reach, catalog: &Catalog, org: Option<i64>, theme: Option<i64>) -> Result<(), Error> {
    let ordinal = org.and_then(|id| catalog.tree().ordinal(id));
    let is_within = reach.is_all()
        || ordinal.is_some_and(|org| match theme {
            None => reach.has_whole_org(org),
            Some(theme) => reach.has(theme, org),
        });
    if is_within {
        return Ok(());
    }
    Err(Error::Forbidden {
        message: "this is more than you are administrator of".to_owned(),
        hint: Some("grant over your own organisations and theme".to_owned()),
    })
}
