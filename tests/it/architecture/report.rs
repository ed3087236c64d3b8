//! How a breach of a rule is told: where, what, and how to mend it.

use std::fmt;

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Breach {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) what: String,
}

impl Breach {
    pub(super) fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Passes when nothing was found; otherwise fails with the whole list and the way out.
pub(super) fn hold(rule: &str, mend: &str, found: &[Breach]) {
    let list: String = found.iter().map(|breach| format!("  {breach}\n")).collect();
    assert!(found.is_empty(), "\nrule: {rule}\n{list}to mend: {mend}\n");
}

#[test]
#[should_panic(expected = "rule: no odd numbers\n  a.rs:3: is odd\nto mend: add one")]
fn a_breach_is_told_with_its_place_and_the_way_out() {
    hold("no odd numbers", "add one", &[Breach::new("a.rs", 3, "is odd")]);
}
