//! One module tree: its files, what each names, and the arrows between them.

use std::collections::BTreeMap;

use super::reference::{Reference, references};
use super::scope::{AbsolutePath, Scopes};
use super::source::Source;

/// The place of a file in its tree; the root is empty.
pub(super) type Module = Vec<String>;

/// The arrows of a tree: from a file to the files it needs, with a line that says so.
pub(super) type Arrows = BTreeMap<Module, BTreeMap<Module, usize>>;

/// One file with its names and references.
pub(super) struct Unit {
    pub(super) file: String,
    pub(super) references: Vec<Reference>,
    scopes: Scopes,
}

/// All files of one library or binary.
pub(super) struct Tree {
    pub(super) units: BTreeMap<Module, Unit>,
}

/// What a path inside the tree leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// Something that this file holds.
    Item(Module),
    /// The module itself, no item of it.
    Module(Module),
    /// A name of another crate, handed on by one of our modules.
    Elsewhere(AbsolutePath),
}

/// The trees of the given sources, by name.
pub(super) fn trees<'a>(sources: impl IntoIterator<Item = &'a Source>) -> BTreeMap<String, Tree> {
    let mut trees: BTreeMap<String, Tree> = BTreeMap::new();
    for source in sources {
        let code = source.code();
        let scopes = Scopes::of(&code, &source.module);
        let references = references(&code, &scopes, &source.module);
        let unit = Unit {
            file: source.file.clone(),
            references,
            scopes,
        };
        let tree = trees
            .entry(source.tree.clone())
            .or_insert_with(|| Tree { units: BTreeMap::new() });
        tree.units.insert(source.module.clone(), unit);
    }
    trees
}

impl Tree {
    /// Where an absolute path of this tree leads, through all re-exports.
    pub(super) fn home(&self, path: &AbsolutePath) -> Home {
        let mut path = path.clone();
        for _ in 0..8 {
            let inner = &path[1..];
            let depth = (0..=inner.len())
                .rev()
                .find(|depth| self.units.contains_key(&inner[..*depth]))
                .unwrap_or(0);
            let (module, rest) = inner.split_at(depth);
            let Some((name, tail)) = rest.split_first() else {
                return Home::Module(module.to_vec());
            };
            let Some(next) = self.units.get(module).and_then(|unit| self.handed_on(unit, name)) else {
                return Home::Item(module.to_vec());
            };
            let next = [next.as_slice(), tail].concat();
            if next.first().is_none_or(|first| first != "crate") {
                return Home::Elsewhere(next);
            }
            if next == path {
                return Home::Item(module.to_vec());
            }
            path = next;
        }
        Home::Module(Vec::new())
    }

    /// What a name means in a module that does not define it but takes it from elsewhere.
    fn handed_on(&self, unit: &Unit, name: &str) -> Option<AbsolutePath> {
        if unit.scopes.defines(name) {
            return None;
        }
        unit.scopes.imported(name).or_else(|| {
            let globs = unit
                .scopes
                .globs()
                .into_iter()
                .filter(|path| path.first().is_some_and(|first| first == "crate"));
            let mut holders =
                globs.filter(|path| self.units.get(&path[1..]).is_some_and(|unit| unit.scopes.defines(name)));
            holders.next().map(|path| [path, vec![name.to_owned()]].concat())
        })
    }

    /// Which file needs which. A module that only hands on its children's names needs none of them.
    pub(super) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (from, unit) in &self.units {
            let inside = unit
                .references
                .iter()
                .filter(|reference| reference.path.first().is_some_and(|first| first == "crate"));
            for reference in inside.filter(|reference| !hands_on_a_child(reference, from)) {
                for to in self
                    .needed(reference)
                    .into_iter()
                    .filter(|to| to != from && self.units.contains_key(to))
                {
                    arrows
                        .entry(from.clone())
                        .or_default()
                        .entry(to)
                        .or_insert(reference.line);
                }
            }
        }
        arrows
    }

    fn needed(&self, reference: &Reference) -> Vec<Module> {
        match self.home(&reference.path) {
            Home::Item(module) => vec![module],
            Home::Module(module) if reference.kind.is_glob() => {
                let handed = self
                    .units
                    .get(&module)
                    .map(|unit| unit.references.as_slice())
                    .unwrap_or_default();
                let homes = handed
                    .iter()
                    .filter(|inner| inner.kind.is_public() && inner.path.first().is_some_and(|first| first == "crate"));
                let behind = homes.filter_map(|inner| match self.home(&inner.path) {
                    Home::Item(module) => Some(module),
                    Home::Module(_) | Home::Elsewhere(_) => None,
                });
                behind.chain([module.clone()]).collect()
            }
            Home::Module(_) | Home::Elsewhere(_) => Vec::new(),
        }
    }
}

fn hands_on_a_child(reference: &Reference, from: &Module) -> bool {
    let inner = &reference.path[1..];
    reference.kind.is_public() && inner.len() > from.len() && inner.starts_with(from)
}

#[test]
fn re_exports_lead_to_the_file_that_holds_the_item() {
    let sources = super::source::place_all(&[
        (
            "api/src/lib.rs",
            "pub mod a; pub mod b; pub use a::Thing; pub use poem::Route;",
        ),
        (
            "api/src/a/mod.rs",
            "mod inner; pub use inner::*; pub use inner::Thing as Alias;",
        ),
        ("api/src/a/inner.rs", "pub struct Thing;"),
        ("api/src/b.rs", "use crate::Thing; use crate::a; fn f(x: a::Alias) {}"),
    ]);
    let trees = trees(&sources);
    let tree = &trees["api/src"];
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(tree.home(&path("crate::Thing")), Home::Item(path("a::inner")));
    assert_eq!(tree.home(&path("crate::a::Alias")), Home::Item(path("a::inner")));
    assert_eq!(tree.home(&path("crate::a")), Home::Module(path("a")));
    assert_eq!(
        tree.home(&path("crate::Route::new")),
        Home::Elsewhere(path("poem::Route::new"))
    );
    let arrows = tree.arrows();
    assert_eq!(
        arrows[&path("b")].keys().collect::<Vec<_>>(),
        [&path("a::inner")],
        "the imported module a itself is no need"
    );
    assert_eq!(arrows.len(), 1, "modules that hand on their children need nothing");
}
