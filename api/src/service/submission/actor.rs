//! Who acts on a submission. Everything about rights stands on this value: nothing else of the workflow knows names.

use crate::error::Error;
use crate::service::access::Caller;

/// The longest name.
const LONGEST: usize = 400;

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    caller: Caller,
    name: String,
}

impl Actor {
    /// Whoever asks.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        Self {
            name: caller.author(),
            caller: caller.clone(),
        }
    }

    /// Somebody at the machine, by a name for the record.
    ///
    /// # Errors
    /// [`Error::Input`] for no name, or one that is too long.
    pub fn named(name: &str) -> Result<Self, Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST {
            let hint = format!("write a name of 1 to {LONGEST} characters");
            return Err(Error::input("who acts is not said", hint));
        }
        Ok(Self::of(&Caller::operator(name)))
    }

    /// Who asks.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The name for the record.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this actor is among those of these names. A principal is one person, for whomever it says that it acts.
    #[must_use]
    pub fn is_among(&self, names: &[String]) -> bool {
        let own = self.caller.name();
        let is_own = |name: &String| match self.caller.principal_id() {
            Some(_) => name == own || name.strip_prefix(own).is_some_and(|rest| rest.starts_with(", for ")),
            None => *name == self.name,
        };
        names.iter().any(is_own)
    }
}
