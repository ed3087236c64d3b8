//! A broken catalogue, and what is said of it.

use api::intake::catalog::read;
use tests::fixture::CatalogFiles;

/// A catalogue with one fault.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) files: CatalogFiles,
}

/// The small catalogue with `new` in place of `old` in one of its files.
pub(super) fn case(name: &'static str, file: &str, old: &str, new: &str) -> Case {
    let files = CatalogFiles::small().replace(file, old, new);
    Case { name, files }
}

/// The small catalogue with more at the end of one of its files.
pub(super) fn more(name: &'static str, file: &str, text: &str) -> Case {
    let files = CatalogFiles::small().append(file, text);
    Case { name, files }
}

/// What is said of each case, one line a fault.
pub(super) fn told(cases: &[Case]) -> String {
    let mut lines = Vec::new();
    for case in cases {
        let problems = read(&case.files.files()).err().unwrap_or_default();
        assert!(!problems.is_empty(), "{} is accepted", case.name);
        lines.extend(problems.iter().map(|problem| format!("{}: {problem}", case.name)));
    }
    lines.join("\n")
}
