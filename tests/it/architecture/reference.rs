//! Every path that a file's code names, made absolute.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, Meta, Path, Visibility};

use super::scope::{AbsolutePath, Scopes, leaves};
use super::tokens;

/// One place that names something.
pub(super) struct Reference {
    pub(super) path: AbsolutePath,
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// How the path is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In an expression, a type, a macro call or an attribute.
    Mention,
    /// `use a::B;`
    Import,
    /// `pub use a::B;`
    ReExport,
    /// `use a::*;`
    Glob,
    /// `pub use a::*;`
    ReExportGlob,
}

impl Kind {
    /// Whether the name is handed on.
    pub(super) fn is_public(self) -> bool {
        matches!(self, Self::ReExport | Self::ReExportGlob)
    }

    /// Whether all names of a module are meant.
    pub(super) fn is_glob(self) -> bool {
        matches!(self, Self::Glob | Self::ReExportGlob)
    }
}

/// The references of the file that hangs at `home`, in order of lines.
pub(super) fn references(code: &syn::File, scopes: &Scopes, home: &[String]) -> Vec<Reference> {
    let mut reader = Reader {
        scopes,
        at: home.to_vec(),
        found: Vec::new(),
    };
    reader.visit_file(code);
    reader.found.sort_by_key(|reference| reference.line);
    reader.found
}

struct Reader<'a> {
    scopes: &'a Scopes,
    at: Vec<String>,
    found: Vec<Reference>,
}

impl Reader<'_> {
    fn push(&mut self, path: &[String], line: usize, kind: Kind) {
        let path = self.scopes.absolute(path, &self.at);
        self.found.push(Reference { path, line, kind });
    }

    fn push_tokens(&mut self, stream: &proc_macro2::TokenStream) {
        for (path, line) in tokens::paths(&tokens::flatten(stream.clone())) {
            self.push(&path, line, Kind::Mention);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.at.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.at.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for leaf in leaves(item) {
            let kind = match (leaf.glob, leaf.public) {
                (false, false) => Kind::Import,
                (false, true) => Kind::ReExport,
                (true, false) => Kind::Glob,
                (true, true) => Kind::ReExportGlob,
            };
            self.push(&leaf.path, leaf.line, kind);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let colon = path.leading_colon.map(|_| String::new());
        let written: Vec<String> = colon
            .into_iter()
            .chain(path.segments.iter().map(|segment| segment.ident.to_string()))
            .collect();
        self.push(&written, path.span().start().line, Kind::Mention);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.push_tokens(&call.tokens);
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.push_tokens(&list.tokens);
        }
        visit::visit_attribute(self, attribute);
    }

    /// `pub(super)` names no dependency.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

#[test]
fn paths_in_code_macros_and_attributes_are_seen() {
    let text = r#"
        pub(super) use super::a::A;
        #[derive(poem::Object)]
        struct S { #[sea_orm(has_many = "super::b::B")] field: Vec<crate::c::C> }
        fn f() { format!("{}", crate::d::d()); A::new(); }
    "#;
    let (file, home) = (syn::parse_file(text).unwrap(), ["x".to_owned()]);
    let found = references(&file, &Scopes::of(&file, &home), &home);
    let told: Vec<String> = found
        .iter()
        .map(|reference| format!("{} {}", reference.line, reference.path.join("::")))
        .collect();
    for expected in [
        "2 crate::a::A",
        "3 poem::Object",
        "4 crate::b::B",
        "4 crate::c::C",
        "5 crate::d::d",
        "5 crate::a::A::new",
    ] {
        assert!(
            told.iter().any(|line| line == expected),
            "{expected} is missing in {told:?}"
        );
    }
    assert_eq!(found[0].kind, Kind::ReExport);
}
