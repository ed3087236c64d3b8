//! What the names of a file mean: its imports, its child modules and its own items, for each inline module.

use std::collections::{HashMap, HashSet};

use syn::visit::{self, Visit};
use syn::{Item, ItemMod, ItemUse, UseTree, Visibility};

/// An absolute path begins with `crate`, or with the name of another crate.
pub(super) type AbsolutePath = Vec<String>;

/// One name that a `use` brings in.
#[derive(Clone)]
pub(super) struct Leaf {
    /// As written; a leading `::` is an empty first segment.
    pub(super) path: Vec<String>,
    /// The name under which it is known here; none for a glob and for `as _`.
    name: Option<String>,
    pub(super) glob: bool,
    pub(super) line: usize,
    /// Re-exported with some `pub`.
    pub(super) public: bool,
}

/// The names of one module.
#[derive(Default)]
struct Scope {
    children: HashSet<String>,
    items: HashSet<String>,
    imports: HashMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// The names of one file, by inline module.
pub(super) struct Scopes {
    home: Vec<String>,
    scopes: HashMap<Vec<String>, Scope>,
}

impl Scopes {
    /// Reads the names of the file that hangs at `home`.
    pub(super) fn of(code: &syn::File, home: &[String]) -> Self {
        let mut reader = Reader {
            at: home.to_vec(),
            scopes: HashMap::new(),
        };
        reader.visit_file(code);
        Self {
            home: home.to_vec(),
            scopes: reader.scopes,
        }
    }

    /// What a path written in the module `at` means from the root.
    pub(super) fn absolute(&self, path: &[String], at: &[String]) -> AbsolutePath {
        self.follow(path, at, 8)
    }

    /// What the file's root module means by a name that it imports; nothing for its own items.
    pub(super) fn imported(&self, name: &str) -> Option<AbsolutePath> {
        let path = self.scopes.get(&self.home)?.imports.get(name)?;
        Some(self.absolute(path, &self.home))
    }

    /// The modules whose names the file's root module takes in whole.
    pub(super) fn globs(&self) -> Vec<AbsolutePath> {
        let globs = self
            .scopes
            .get(&self.home)
            .map(|scope| scope.globs.as_slice())
            .unwrap_or_default();
        globs.iter().map(|path| self.absolute(path, &self.home)).collect()
    }

    /// Whether the file's root module defines the name itself.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.scopes
            .get(&self.home)
            .is_some_and(|scope| scope.items.contains(name))
    }

    fn follow(&self, path: &[String], at: &[String], steps: usize) -> AbsolutePath {
        let (first, rest) = path.split_first().expect("a path has a segment");
        let inner = |module: &[String], rest: &[String]| [&["crate".to_owned()], module, rest].concat();
        match first.as_str() {
            "" => return rest.to_vec(),
            "crate" => return path.to_vec(),
            "self" | "super" => {
                let mut module = at;
                let mut rest = path;
                while let Some((word @ ("self" | "super"), tail)) =
                    rest.split_first().map(|(word, tail)| (word.as_str(), tail))
                {
                    if word == "super" {
                        module = module.split_last().map_or(module, |(_, parent)| parent);
                    }
                    rest = tail;
                }
                return inner(module, rest);
            }
            _ => {}
        }
        let Some(scope) = self.scopes.get(at) else {
            return path.to_vec();
        };
        match scope.imports.get(first) {
            Some(import) if steps > 0 && import.first() != Some(first) => {
                [self.follow(import, at, steps - 1).as_slice(), rest].concat()
            }
            _ if scope.children.contains(first) => inner(at, path),
            Some(import) => [import, rest].concat(),
            None => path.to_vec(),
        }
    }
}

/// The names that a `use` brings in, groups opened up.
pub(super) fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut prefix = if item.leading_colon.is_some() {
        vec![String::new()]
    } else {
        Vec::new()
    };
    push_leaves(
        &item.tree,
        &mut prefix,
        !matches!(item.vis, Visibility::Inherited),
        &mut found,
    );
    found
}

fn push_leaves(tree: &UseTree, prefix: &mut Vec<String>, public: bool, found: &mut Vec<Leaf>) {
    let mut push = |word: &syn::Ident, name: Option<String>, glob: bool, path: &[String]| {
        found.push(Leaf {
            path: path.to_vec(),
            name,
            glob,
            line: word.span().start().line,
            public,
        });
    };
    let joined = |word: &syn::Ident, prefix: &[String]| {
        let own = (word != "self" || prefix.is_empty()).then(|| word.to_string());
        prefix.iter().cloned().chain(own).collect::<Vec<_>>()
    };
    match tree {
        UseTree::Path(tree) => {
            prefix.push(tree.ident.to_string());
            push_leaves(&tree.tree, prefix, public, found);
            prefix.pop();
        }
        UseTree::Name(tree) => {
            let path = joined(&tree.ident, prefix);
            push(&tree.ident, path.last().cloned(), false, &path);
        }
        UseTree::Rename(tree) => {
            let name = Some(tree.rename.to_string()).filter(|name| name != "_");
            push(&tree.ident, name, false, &joined(&tree.ident, prefix));
        }
        UseTree::Glob(tree) => {
            let line = tree.star_token.spans[0].start().line;
            found.push(Leaf {
                path: prefix.clone(),
                name: None,
                glob: true,
                line,
                public,
            });
        }
        UseTree::Group(tree) => {
            for inner in &tree.items {
                push_leaves(inner, prefix, public, found);
            }
        }
    }
}

struct Reader {
    at: Vec<String>,
    scopes: HashMap<Vec<String>, Scope>,
}

impl Reader {
    fn here(&mut self) -> &mut Scope {
        self.scopes.entry(self.at.clone()).or_default()
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            _ => None,
        };
        if let Some(name) = name {
            self.here().items.insert(name.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let name = module.ident.to_string();
        self.here().children.insert(name.clone());
        self.at.push(name);
        visit::visit_item_mod(self, module);
        self.at.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for leaf in leaves(item) {
            match leaf.name {
                Some(name) => _ = self.here().imports.insert(name, leaf.path),
                None if leaf.glob => self.here().globs.push(leaf.path),
                None => {}
            }
        }
    }
}

#[test]
fn paths_are_made_absolute() {
    let text = "
        mod child;
        use crate::service::{self, compare::{run as go}, trend};
        use ::entity::indicator;
        use trend::Slope;
        mod inner { use super::super::error::Error; }
    ";
    let home = ["graphql".to_owned(), "noun".to_owned()];
    let scopes = Scopes::of(&syn::parse_file(text).unwrap(), &home);
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    let at = |text: &str, at: &[String]| scopes.absolute(&path(text), at).join("::");
    assert_eq!(at("service::ingest::X", &home), "crate::service::ingest::X");
    assert_eq!(at("go", &home), "crate::service::compare::run");
    assert_eq!(at("Slope::new", &home), "crate::service::trend::Slope::new");
    assert_eq!(at("indicator::Model", &home), "entity::indicator::Model");
    assert_eq!(at("child::A", &home), "crate::graphql::noun::child::A");
    assert_eq!(at("super::page::Page", &home), "crate::graphql::page::Page");
    assert_eq!(at("poem::Route", &home), "poem::Route");
    assert_eq!(
        at("Error::Conflict", &path("graphql::noun::inner")),
        "crate::graphql::error::Error::Conflict"
    );
}
