//! Where `scripts/test` installs what other people wrote: beside what cargo builds.

use std::path::{Path, PathBuf};

/// The folder of the tools that `tests/scripts/NAME/LIST` names. None where they are not installed, which is said; where CI=true that is a failure.
pub(crate) fn installed(name: &str, list: &str, needs: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join(name);
    let described = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scripts")
        .join(name)
        .join(list);
    let wanted = std::fs::read(described).unwrap();
    if std::fs::read(folder.join(list)).is_ok_and(|there| there == wanted) {
        return Some(folder);
    }
    let lack = format!("tests/scripts/{name}/{list} is not installed in {}", folder.display());
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!is_ci, "{lack}: run scripts/test");
    eprintln!("NOT TESTED: {lack}; scripts/test installs it ({needs})");
    None
}
