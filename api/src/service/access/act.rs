//! What can be done, and what it takes: the roles that may, and the scope that a token needs.

use entity::choice::Role;
use strum::{Display, EnumIter, EnumString, IntoEnumIterator};

use crate::error::Error;

/// What can be done. `docs/access.md` is the same table for people, and a test holds the two together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Act {
    /// Learning who one is: nobody needs a role for it.
    Greet,
    /// Reading figures and all that is computed from them.
    Read,
    /// Reporting figures.
    Import,
    /// Setting targets.
    SetTargets,
    /// Taking an import back.
    Undo,
    /// Checking what others reported.
    Review,
    /// Giving marks: one's own as who reports, others' as who reviews.
    Mark,
    /// Deciding objections.
    Decide,
    /// Saying something about what is handed in.
    Comment,
    /// Making public.
    Publish,
    /// Changing the catalogue, over all organisations.
    Define,
    /// Granting roles, and seeing who holds which.
    Grant,
    /// Making principals, and tokens for others.
    Administer,
    /// Reading what was done.
    Audit,
    /// Making and revoking tokens of one's own.
    OwnTokens,
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// Reading.
    Read,
    /// Importing, undoing and setting targets.
    Import,
    /// Reviewing.
    Review,
    /// Publishing.
    Publish,
    /// Administration: the catalogue, principals, grants, the audit trail.
    Admin,
    /// Making and revoking one's own tokens.
    Token,
}

impl Act {
    /// The roles that may do it. Every role may do what has no role in it.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        use Role::{Admin, Publisher, Reporter, Reviewer, Viewer};
        match self {
            Self::Greet | Self::OwnTokens | Self::Read => &[Viewer, Reporter, Reviewer, Publisher, Admin],
            Self::Import | Self::Undo => &[Reporter, Admin],
            Self::SetTargets | Self::Publish => &[Publisher, Admin],
            Self::Review => &[Reviewer, Admin],
            Self::Mark => &[Reporter, Reviewer, Admin],
            Self::Decide => &[Reviewer, Publisher, Admin],
            Self::Comment => &[Reporter, Reviewer, Publisher, Admin],
            Self::Define | Self::Grant | Self::Administer | Self::Audit => &[Admin],
        }
    }

    /// The scope that a token needs for it.
    #[must_use]
    pub fn scope(self) -> Option<Scope> {
        match self {
            // Marks and words need the scope of the act that they belong to: that is asked where it is known.
            Self::Greet | Self::Mark | Self::Comment => None,
            Self::Read => Some(Scope::Read),
            Self::Import | Self::SetTargets | Self::Undo => Some(Scope::Import),
            Self::Review | Self::Decide => Some(Scope::Review),
            Self::Publish => Some(Scope::Publish),
            Self::Define | Self::Grant | Self::Administer | Self::Audit => Some(Scope::Admin),
            Self::OwnTokens => Some(Scope::Token),
        }
    }

    /// Whether it takes the role over all organisations and themes, and not over a part of them.
    #[must_use]
    pub fn is_for_all(self) -> bool {
        matches!(self, Self::Define | Self::Administer | Self::Audit)
    }

    /// What it is called in a refusal.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Greet => "ask who you are",
            Self::Read => "read figures",
            Self::Import => "report figures",
            Self::SetTargets => "set targets",
            Self::Undo => "take imports back",
            Self::Review => "review",
            Self::Mark => "give marks",
            Self::Decide => "decide objections",
            Self::Comment => "comment on what is handed in",
            Self::Publish => "publish",
            Self::Define => "change the catalogue",
            Self::Grant => "grant roles",
            Self::Administer => "administer principals",
            Self::Audit => "read the audit trail",
            Self::OwnTokens => "manage your tokens",
        }
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// None.
    pub const NONE: Self = Self(0);
    /// All there are.
    pub const ALL: Self = Self(u8::MAX);

    /// These.
    #[must_use]
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |all, scope| all | 1 << *scope as u8))
    }

    /// Whether `scope` is in it.
    #[must_use]
    pub fn has(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u8 != 0
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        other.list().into_iter().all(|scope| self.has(scope))
    }

    /// One by one.
    #[must_use]
    pub fn list(self) -> Vec<Scope> {
        Scope::iter().filter(|scope| self.has(*scope)).collect()
    }

    /// As stored: `read,import`.
    #[must_use]
    pub fn code(self) -> String {
        let names: Vec<String> = self.list().iter().map(ToString::to_string).collect();
        names.join(",")
    }

    /// The scopes of a text such as `read,import`.
    ///
    /// # Errors
    /// [`Error::Input`] with those there are.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let scopes = names
            .map(|name| {
                name.parse::<Scope>().map_err(|_| {
                    let known = Self::ALL.code();
                    Error::input("there is no such scope", format!("the scopes are {known}"))
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::of(&scopes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_kept_as_they_are_written() {
        let some = Scopes::parse("import, read").unwrap();
        assert_eq!(some.code(), "read,import");
        assert!(some.has(Scope::Read) && !some.has(Scope::Admin));
        assert!(Scopes::ALL.holds(some) && !some.holds(Scopes::ALL) && some.holds(Scopes::NONE));
        assert!(Scopes::parse("everything").is_err());
    }

    #[test]
    fn a_viewer_only_reads_and_an_admin_may_do_everything() {
        for act in Act::iter() {
            let reads = matches!(act, Act::Greet | Act::Read | Act::OwnTokens);
            assert_eq!(act.roles().contains(&Role::Viewer), reads, "{act}");
            assert!(act.roles().contains(&Role::Admin), "{act}");
        }
    }
}
