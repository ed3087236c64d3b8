//! Over which organisations and indicators somebody may do something, resolved against one version of the tree into runs of ordinals.

use std::ops::Range;

use super::act::Act;
use super::caller::Caller;
use crate::error::Error;
use crate::service::catalog::Catalog;

/// Organisations that a refusal names.
const MOST_NAMED: usize = 5;

/// A part of all figures: rectangles of organisations and themes, or everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reach(Option<Vec<Part>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Part {
    orgs: Range<u32>,
    theme: Option<i64>,
}

impl Reach {
    /// Where `caller` may do `act`. A subtree is that of the newest tree: whoever has an organisation has all its years.
    #[must_use]
    pub fn of(caller: &Caller, act: Act, catalog: &Catalog) -> Self {
        let Some(held) = caller.parts(act) else {
            return Self(None);
        };
        let tree = catalog.tree();
        let all = 0..u32::try_from(tree.len()).unwrap_or(u32::MAX);
        let parts = held.iter().filter_map(|held| {
            let orgs = match held.org {
                None => all.clone(),
                Some(id) => tree.run(tree.ordinal(id)?),
            };
            let theme = held.theme;
            Some(Part { orgs, theme })
        });
        Self(Some(parts.collect()))
    }

    /// Whether it is everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a part of it is of one theme only.
    #[must_use]
    pub fn is_by_theme(&self) -> bool {
        self.0.iter().flatten().any(|part| part.theme.is_some())
    }

    /// Whether some indicator of an organisation is in it.
    #[must_use]
    pub fn has_org(&self, org: u32) -> bool {
        self.any(|part| part.orgs.contains(&org))
    }

    /// Whether all indicators of an organisation are in it.
    #[must_use]
    pub fn has_whole_org(&self, org: u32) -> bool {
        self.any(|part| part.theme.is_none() && part.orgs.contains(&org))
    }

    /// Whether all indicators of some organisation are in it.
    #[must_use]
    pub fn has_whole(&self) -> bool {
        self.any(|part| part.theme.is_none() && !part.orgs.is_empty())
    }

    /// Whether a theme is in it, of some organisation.
    #[must_use]
    pub fn has_theme(&self, theme: i64) -> bool {
        self.any(|part| !part.orgs.is_empty() && part.theme.is_none_or(|own| own == theme))
    }

    /// Whether a theme of an organisation is in it.
    #[must_use]
    pub fn has(&self, theme: i64, org: u32) -> bool {
        self.any(|part| part.orgs.contains(&org) && part.theme.is_none_or(|own| own == theme))
    }

    fn any(&self, fits: impl Fn(&Part) -> bool) -> bool {
        self.0.as_ref().is_none_or(|parts| parts.iter().any(fits))
    }
}

impl Caller {
    /// Whether it may do `act` to everything.
    #[must_use]
    pub fn may_all(&self, act: Act) -> bool {
        self.parts(act).is_none()
    }

    /// Refuses `act` on an organisation, for one theme or for all, that is not in the caller's part.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unauthenticated`].
    pub fn need_org(&self, act: Act, catalog: &Catalog, org: i64, theme: Option<i64>) -> Result<(), Error> {
        let ordinal = catalog.tree().ordinal(org);
        let reach = Reach::of(self, act, catalog);
        let is_in = ordinal.is_some_and(|org| match theme {
            Some(theme) => reach.has(theme, org),
            None => reach.has_whole_org(org),
        });
        if reach.is_all() || is_in {
            return Ok(());
        }
        self.may(act)?;
        let code = ordinal
            .and_then(|org| catalog.org(org))
            .map_or("?", |org| org.code.as_str());
        Err(Error::Forbidden {
            message: format!("you may not {} of {code}; nothing was changed", act.words()),
            hint: Some("it takes a grant over this organisation: ask an administrator".to_owned()),
        })
    }

    /// Refuses `act` on an organisation unless one of `acts` is the caller's there.
    ///
    /// # Errors
    /// As [`Caller::need_org`], of the last one.
    pub fn need_any(&self, acts: &[Act], catalog: &Catalog, org: i64, theme: Option<i64>) -> Result<(), Error> {
        let mut outcome = Ok(());
        for act in acts {
            outcome = self.need_org(*act, catalog, org, theme);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    /// Refuses `act` on figures, given as indicator and organisation, that are not all in the caller's part.
    ///
    /// # Errors
    /// [`Error::Forbidden`] naming the first organisations; [`Error::Unauthenticated`].
    pub fn need(&self, act: Act, catalog: &Catalog, keys: impl IntoIterator<Item = (i64, i64)>) -> Result<(), Error> {
        let reach = Reach::of(self, act, catalog);
        if reach.is_all() {
            return Ok(());
        }
        let mut outside: Vec<&str> = Vec::new();
        for (indicator, org) in keys {
            let theme = catalog.indicator(indicator).map(|row| row.theme_id);
            let ordinal = catalog.tree().ordinal(org);
            if theme.zip(ordinal).is_some_and(|(theme, org)| reach.has(theme, org)) {
                continue;
            }
            let code = ordinal
                .and_then(|org| catalog.org(org))
                .map_or("?", |org| org.code.as_str());
            if !outside.contains(&code) {
                outside.push(code);
            }
            if outside.len() == MOST_NAMED {
                break;
            }
        }
        if outside.is_empty() {
            return Ok(());
        }
        self.may(act)?;
        Err(Error::Forbidden {
            message: format!(
                "you may not {} of {}; nothing was changed",
                act.words(),
                outside.join(", ")
            ),
            hint: Some("leave out what is not yours, or ask an administrator".to_owned()),
        })
    }
}
