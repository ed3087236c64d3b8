//! The default catalogue, carried by the program itself.

use include_dir::{Dir, DirEntry, include_dir};

use super::file::CatalogFile;

static CATALOG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../catalog");

/// The files of the default catalogue.
#[must_use]
pub fn embedded() -> Vec<CatalogFile> {
    let mut files = Vec::new();
    collect(&CATALOG, &mut files);
    files.sort_by(|left, right| left.name.cmp(&right.name));
    files
}

fn collect(directory: &Dir<'_>, files: &mut Vec<CatalogFile>) {
    for entry in directory.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files),
            DirEntry::File(file) if file.path().extension().is_some_and(|extension| extension == "toml") => {
                let text = file.contents_utf8().unwrap_or_default().to_owned();
                files.push(CatalogFile {
                    name: file.path().display().to_string(),
                    text,
                });
            }
            DirEntry::File(_) => {}
        }
    }
}
