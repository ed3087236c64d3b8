//! A fault in a file: where it is, what is wrong, how to mend it.

use std::fmt;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// Line, counted from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// The column or key.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " [{column}]")?;
        }
        write!(f, ": {} — {}", self.message, self.hint)
    }
}

/// The name in `known` that was probably meant by `written`.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}

/// "did you mean …", or where the names are listed.
pub fn suggest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`? {otherwise}"),
        None => otherwise.to_owned(),
    }
}
