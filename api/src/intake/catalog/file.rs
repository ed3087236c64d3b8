//! Reading the files of a catalogue, from a directory or from the program itself.

use std::path::Path;

use crate::intake::problem::Problem;

/// Largest file that is read: a catalogue is written by hand.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One file.
#[derive(Clone, Debug)]
pub struct CatalogFile {
    /// Its name, relative to the catalogue.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl CatalogFile {
    /// The line, counted from 1, of a byte offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> u64 {
        let before = self.text.as_bytes().get(..offset).unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }
}

/// All `.toml` files of `directory` and its folders, by name.
///
/// # Errors
/// A [`Problem`] for a directory or file that cannot be read, is too large or is not UTF-8.
pub fn read_directory(directory: &Path) -> Result<Vec<CatalogFile>, Vec<Problem>> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    collect(directory, directory, &mut files, &mut problems);
    if files.is_empty() && problems.is_empty() {
        problems.push(*whole_file(
            directory,
            "no .toml file in this directory",
            "give the directory that holds units.toml",
        ));
    }
    files.sort_by(|left, right| left.name.cmp(&right.name));
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn collect(root: &Path, directory: &Path, files: &mut Vec<CatalogFile>, problems: &mut Vec<Problem>) {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => {
            return problems.push(*whole_file(
                directory,
                &error.to_string(),
                "give a directory that can be read",
            ));
        }
    };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, files, problems);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            match read_file(&path) {
                Ok(text) => files.push(CatalogFile {
                    name: path.strip_prefix(root).unwrap_or(&path).display().to_string(),
                    text,
                }),
                Err(problem) => problems.push(*problem),
            }
        }
    }
}

fn read_file(path: &Path) -> Result<String, Box<Problem>> {
    let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if size > LARGEST {
        return Err(whole_file(
            path,
            &format!("{size} bytes are too many"),
            "split the file; 4 MiB is the most",
        ));
    }
    std::fs::read_to_string(path).map_err(|error| whole_file(path, &error.to_string(), "save it as UTF-8 text"))
}

fn whole_file(path: &Path, message: &str, hint: &str) -> Box<Problem> {
    Box::new(Problem::of_file(&path.display().to_string(), message, hint))
}
