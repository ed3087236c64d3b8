//! Takes the explorer into the program where `scripts/explorer` has bundled it, and leaves it out where it has not.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let bundle = Path::new("../explorer/dist");
    // Until it is there the folder around it is watched: a path that is missing would be a change at each build.
    let watched = if bundle.is_dir() {
        bundle
    } else {
        Path::new("../explorer")
    };
    println!("cargo::rerun-if-changed={}", watched.display());
    let mut names = Vec::new();
    if bundle.is_dir() {
        for entry in fs::read_dir(bundle)? {
            let path = entry?.path().canonicalize()?;
            if path.extension().is_some_and(|extension| extension == "gz") {
                names.push(path);
            }
        }
    }
    names.sort();
    let mut list = String::from("&[");
    for path in &names {
        let name = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(list, "({name:?}, include_bytes!({:?})),", path.to_string_lossy());
    }
    list.push(']');
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo tells the folder"))?;
    fs::write(Path::new(&folder).join("explorer.rs"), list)
}
