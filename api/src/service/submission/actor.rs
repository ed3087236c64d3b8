//! Who acts on a submission. Everything about rights stands on this value: nothing else of the workflow knows names.

use crate::error::Error;

/// Longest name.
const LONGEST: usize = 200;

/// Whoever does something. Two actors are the same person exactly when their names are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    name: String,
}

impl Actor {
    /// Somebody of this name.
    ///
    /// # Errors
    /// [`Error::Input`] for a name that is blank or too long.
    pub fn named(name: &str) -> Result<Self, Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST {
            let hint = format!("write a name of 1 to {LONGEST} characters");
            return Err(Error::input("who acts is not said", hint));
        }
        Ok(Self { name: name.to_owned() })
    }

    /// The name, as it is put on record.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is one of these people.
    #[must_use]
    pub fn is_among(&self, names: &[String]) -> bool {
        names.contains(&self.name)
    }
}
