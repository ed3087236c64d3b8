//! Who asks: a principal with grants, a stranger, or whoever stands at the machine.

use std::sync::Arc;

use entity::choice::Role;

use super::act::{Act, Scopes};
use crate::error::Error;

/// Who asks. Clones share it.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    who: Who,
    scopes: Scopes,
    held: Vec<Held>,
    origin: Origin,
    on_behalf_of: Option<String>,
}

/// Who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A stranger who may do nothing.
    Nobody,
    /// A stranger who may read what is published.
    Public,
    /// A principal who signed in.
    Principal {
        /// Its key.
        id: i64,
        /// Its name.
        name: String,
        /// The key of the token it came with; none for a sign-in by an issuer.
        token: Option<i64>,
        /// When a sign-in by an issuer ends, in µs since the epoch.
        until: Option<i64>,
        /// The keys of the groups whose grants it has as well.
        groups: Vec<i64>,
    },
    /// Whoever has the database anyway: the command line.
    Operator(String),
}

/// A role that a caller holds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub role: Role,
    /// Over this organisation and all below it; over all when none.
    pub org: Option<i64>,
    /// Over indicators of this theme; over all when none.
    pub theme: Option<i64>,
    /// Until then, in µs since the epoch; without end when none.
    pub until: Option<i64>,
}

/// From where a request came, for the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request's id.
    pub request_id: Option<String>,
    /// The address.
    pub address: Option<String>,
}

impl Caller {
    fn of(who: Who, scopes: Scopes, held: Vec<Held>, origin: Origin) -> Self {
        Self(Arc::new(Inner {
            who,
            scopes,
            held,
            origin,
            on_behalf_of: None,
        }))
    }

    /// A stranger who may do nothing.
    #[must_use]
    pub fn nobody(origin: Origin) -> Self {
        Self::of(Who::Nobody, Scopes::NONE, Vec::new(), origin)
    }

    /// A stranger who may read what is published.
    #[must_use]
    pub fn public(origin: Origin) -> Self {
        Self::of(Who::Public, Scopes::NONE, Vec::new(), origin)
    }

    /// Whoever has the database anyway, under a name of their own choice: the command line.
    #[must_use]
    pub fn operator(name: impl Into<String>) -> Self {
        Self::of(Who::Operator(name.into()), Scopes::ALL, Vec::new(), Origin::default())
    }

    /// A principal with what it holds now.
    #[must_use]
    pub fn principal(id: i64, name: String, token: Option<i64>, scopes: Scopes, held: Vec<Held>) -> Self {
        let who = Who::Principal {
            id,
            name,
            token,
            until: None,
            groups: Vec::new(),
        };
        Self::of(who, scopes, held, Origin::default())
    }

    /// A principal whom an issuer named, until then, with the grants of its groups.
    pub(super) fn named(id: i64, name: String, until: i64, groups: Vec<i64>, held: Vec<Held>) -> Self {
        let who = Who::Principal {
            id,
            name,
            token: None,
            until: Some(until),
            groups,
        };
        Self::of(who, Scopes::ALL, held, Origin::default())
    }

    /// The same from there.
    #[must_use]
    pub fn from(&self, origin: Origin) -> Self {
        Self(Arc::new(Inner {
            origin,
            ..Inner::clone(&self.0)
        }))
    }

    /// The same, with a note for whom it is done.
    ///
    /// # Errors
    /// [`Error::Input`] for a note that is none.
    pub fn on_behalf(&self, note: Option<&str>) -> Result<Self, Error> {
        let Some(note) = note.map(str::trim).filter(|note| !note.is_empty()) else {
            return Ok(self.clone());
        };
        if note.chars().count() > 200 || note.chars().any(char::is_control) {
            return Err(Error::input(
                "`onBehalfOf` is too long or not one line",
                "write a name of at most 200 characters",
            ));
        }
        Ok(Self(Arc::new(Inner {
            on_behalf_of: Some(note.to_owned()),
            ..Inner::clone(&self.0)
        })))
    }

    /// Who it is.
    #[must_use]
    pub fn who(&self) -> &Who {
        &self.0.who
    }

    /// The name for the record.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0.who {
            Who::Nobody | Who::Public => "anonymous",
            Who::Principal { name, .. } | Who::Operator(name) => name,
        }
    }

    /// The author of what it writes: its name, with the note for whom.
    #[must_use]
    pub fn author(&self) -> String {
        match &self.0.on_behalf_of {
            Some(note) => format!("{}, for {note}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// For whom it says that it acts.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.0.on_behalf_of.as_deref()
    }

    /// The principal's key.
    #[must_use]
    pub fn principal_id(&self) -> Option<i64> {
        match self.0.who {
            Who::Principal { id, .. } => Some(id),
            _ => None,
        }
    }

    /// From where it comes.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// What its token may be used for.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        self.0.scopes
    }

    /// The roles it holds.
    #[must_use]
    pub fn held(&self) -> &[Held] {
        &self.0.held
    }

    /// What names of its own choice are kept under, so that two callers never meet under one name; none where names are shared.
    #[must_use]
    pub fn space(&self) -> Option<String> {
        self.principal_id().map(|id| format!("p{id}:"))
    }

    /// Whether it is a stranger.
    #[must_use]
    pub fn is_stranger(&self) -> bool {
        matches!(self.0.who, Who::Nobody | Who::Public)
    }

    /// The roles that allow `act`, each over its part; `None` where everything is allowed.
    pub(super) fn parts(&self, act: Act) -> Option<Vec<Held>> {
        match self.0.who {
            Who::Operator(_) => None,
            Who::Public if act == Act::Read => None,
            Who::Nobody | Who::Public => Some(Vec::new()),
            Who::Principal { .. } => {
                if act.scope().is_some_and(|scope| !self.0.scopes.has(scope)) {
                    return Some(Vec::new());
                }
                let held = self.0.held.iter().copied();
                let held: Vec<Held> = held.filter(|held| act.roles().contains(&held.role)).collect();
                let over_all = held.iter().any(|held| held.org.is_none() && held.theme.is_none());
                (!over_all).then_some(held)
            }
        }
    }

    /// Whether it may do such a thing to any part at all; which one is decided where the part is known.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a stranger, [`Error::Forbidden`] for a principal.
    pub fn may(&self, act: Act) -> Result<(), Error> {
        let allowed = match (act, self.parts(act)) {
            (Act::Greet, _) | (_, None) => true,
            // One's own tokens need no role.
            (Act::OwnTokens, Some(_)) => {
                matches!(self.0.who, Who::Principal { .. }) && self.0.scopes.has(super::Scope::Token)
            }
            (act, Some(parts)) => !parts.is_empty() && !act.is_for_all(),
        };
        match allowed {
            true => Ok(()),
            false => Err(self.refusal(act)),
        }
    }

    fn refusal(&self, act: Act) -> Error {
        if self.is_stranger() {
            return Error::Unauthenticated {
                message: format!("sign in to {}", act.words()),
                hint: "send the header authorization: Bearer TOKEN; an administrator makes tokens".to_owned(),
            };
        }
        if let Some(scope) = act.scope().filter(|scope| !self.0.scopes.has(*scope)) {
            return Error::Forbidden {
                message: format!("this token may not {}", act.words()),
                hint: Some(format!("use a token with the scope `{scope}`")),
            };
        }
        let roles: Vec<String> = act.roles().iter().map(|role| role.code()).collect();
        let over = if act.is_for_all() {
            " over all organisations"
        } else {
            ""
        };
        Error::Forbidden {
            message: format!("you may not {}", act.words()),
            hint: Some(format!(
                "it takes the role {}{over}: ask an administrator",
                roles.join(" or ")
            )),
        }
    }
}
