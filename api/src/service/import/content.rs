//! What a file of figures says: what was reported, or what is to be reached.

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// Observations: what was reported.
    #[default]
    Figures,
    /// Targets: what is to be reached.
    Targets,
}
