//! The source files of the workspace and their place in the module trees.

use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, ImplItem, Item, TraitItem};

/// The crates of the workspace; the folder has the crate's name.
pub(super) const CRATES: &[&str] = &["entity", "analytics", "migration", "api", "tests"];

/// One `.rs` file.
pub(super) struct Source {
    /// The crate, by its folder.
    pub(super) krate: String,
    /// The path from the root of the workspace, with `/`.
    pub(super) file: String,
    /// The module tree that the file belongs to: `api/src` for a library, the file itself for a binary.
    pub(super) tree: String,
    /// Where it hangs in that tree; the root is empty.
    pub(super) module: Vec<String>,
    pub(super) text: String,
    /// Compiled only for tests, because it hangs under a `#[cfg(test)] mod`.
    test: bool,
}

impl Source {
    /// All of it, parsed. Syntax trees cannot be shared between threads, so each rule parses what it needs.
    pub(super) fn whole(&self) -> syn::File {
        let told = |error: syn::Error| panic!("{}:{}: {error}", self.file, error.span().start().line);
        syn::parse_file(&self.text).unwrap_or_else(told)
    }

    /// Without what is compiled only for tests.
    pub(super) fn code(&self) -> syn::File {
        let mut code = self.whole();
        if self.test {
            code.items.clear();
        }
        drop_tests(&mut code.items);
        code
    }
}

/// The root of the workspace.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All sources of all crates.
pub(super) fn workspace() -> Vec<Source> {
    let mut files = Vec::new();
    for krate in CRATES {
        collect(&root().join(krate), krate, &mut files);
    }
    assert!(!files.is_empty(), "no sources under {}", root().display());
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    place_all(&files)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let leaf = path.file_name().unwrap().to_string_lossy().into_owned();
        let below = format!("{name}/{leaf}");
        if path.is_dir() && leaf != "target" && !leaf.starts_with('.') {
            collect(&path, &below, files);
        } else if leaf.ends_with(".rs") {
            files.push((below, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The given files as one workspace.
pub(super) fn place_all(files: &[(&str, &str)]) -> Vec<Source> {
    let place_one = |(file, text): &(&str, &str)| {
        let (krate, path) = file.split_once('/').unwrap();
        let (tree, module) = place(krate, path);
        Source {
            krate: krate.to_owned(),
            file: (*file).to_owned(),
            tree,
            module,
            text: (*text).to_owned(),
            test: false,
        }
    };
    let mut sources: Vec<Source> = files.iter().map(place_one).collect();
    let tests: Vec<(String, Vec<String>)> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        source.test = tests
            .iter()
            .any(|(tree, module)| *tree == source.tree && source.module.starts_with(module));
    }
    sources
}

/// The tree of a file and its place there.
fn place(krate: &str, path: &str) -> (String, Vec<String>) {
    let own_root = || (format!("{krate}/{path}"), Vec::new());
    let Some((folder @ ("src" | "it"), inner)) = path.split_once('/') else {
        return own_root();
    };
    let root = if folder == "src" { "lib.rs" } else { "main.rs" };
    if inner.starts_with("bin/") || (inner == "main.rs" && root != inner) {
        return own_root();
    }
    let tree = format!("{krate}/{folder}");
    if inner == root {
        return (tree, Vec::new());
    }
    let stem = inner.trim_end_matches(".rs").trim_end_matches("/mod");
    (tree, stem.split('/').map(str::to_owned).collect())
}

/// The `#[cfg(test)] mod name;` of a file: modules for tests that have a file of their own.
fn test_modules(source: &Source) -> Vec<(String, Vec<String>)> {
    let declared = source.text.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let (name, _) = rest.trim_start().strip_prefix("mod ")?.split_once(';')?;
        name.chars()
            .all(|c| c.is_alphanumeric() || c == '_')
            .then(|| name.to_owned())
    });
    declared
        .map(|name| (source.tree.clone(), [source.module.clone(), vec![name]].concat()))
        .collect()
}

fn drop_tests(items: &mut Vec<Item>) {
    items.retain(|item| !is_test(attributes(item)));
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, inner)) = &mut module.content {
                    drop_tests(inner);
                }
            }
            Item::Impl(block) => block
                .items
                .retain(|item| !matches!(item, ImplItem::Fn(method) if is_test(&method.attrs))),
            Item::Trait(block) => block
                .items
                .retain(|item| !matches!(item, TraitItem::Fn(method) if is_test(&method.attrs))),
            _ => {}
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]`, `#[test]` or `#[tokio::test]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            condition == "test" || condition.starts_with("all (test")
        }
        meta => meta
            .path()
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "test"),
    })
}

#[test]
fn files_find_their_place() {
    let tree = |name: &str, module: &[&str]| {
        (
            name.to_owned(),
            module.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(place("api", "src/lib.rs"), tree("api/src", &[]));
    assert_eq!(place("api", "src/main.rs"), tree("api/src/main.rs", &[]));
    assert_eq!(
        place("api", "src/graphql/noun/mod.rs"),
        tree("api/src", &["graphql", "noun"])
    );
    assert_eq!(
        place("tests", "src/bin/under_test.rs"),
        tree("tests/src/bin/under_test.rs", &[])
    );
    assert_eq!(place("tests", "it/main.rs"), tree("tests/it", &[]));
    assert_eq!(
        place("tests", "it/architecture/size.rs"),
        tree("tests/it", &["architecture", "size"])
    );
    assert_eq!(
        place("analytics", "benches/store.rs"),
        tree("analytics/benches/store.rs", &[])
    );
}

#[test]
fn test_code_is_told_from_code() {
    let lib = "#[cfg(test)] mod proof; #[cfg(all(test, unix))] fn a() {} #[cfg(not(test))] fn b() {} #[tokio::test] fn c() {}";
    let sources = place_all(&[("api/src/lib.rs", lib), ("api/src/proof.rs", "fn d() {}")]);
    assert_eq!(sources[0].code().items.len(), 1, "only b is code");
    assert!(sources[1].code().items.is_empty(), "proof is a test module");
    assert_eq!(sources[1].whole().items.len(), 1);
}
