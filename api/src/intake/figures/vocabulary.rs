//! What a file's words are held against: the names that somebody else knows.

/// What a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// This code.
    One(String),
    /// One of these codes: the text does not say which.
    Several(Vec<String>),
    /// Nothing known.
    Nothing,
}

impl Named {
    /// The code, if there is just one.
    #[must_use]
    pub fn one(self) -> Option<String> {
        match self {
            Self::One(code) => Some(code),
            _ => None,
        }
    }
}

/// The names of a catalogue. Texts are compact.
pub trait Vocabulary {
    /// An indicator by code or name.
    fn indicator(&self, text: &str) -> Named;
    /// An organisation by code, name, or the end of its name that no other shares.
    fn org(&self, text: &str) -> Named;
    /// An item of a breakdown as `breakdown=item`, by that or by the name of the item.
    fn item(&self, text: &str) -> Named;
    /// The name of an indicator that was probably meant.
    fn suggest(&self, text: &str) -> Option<String>;
    /// Whether a word or code is a unit.
    fn is_unit(&self, word: &str) -> bool;
}
