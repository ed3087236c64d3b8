//! What an application of the catalogue did.

/// What applying changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was added, as `indicator petition_received_count`.
    pub created: Vec<String>,
    /// What was changed.
    pub updated: Vec<String>,
    /// How much was as the files say already.
    pub unchanged: usize,
    /// What is stored and not in the files; it is kept.
    pub kept: Vec<String>,
}
