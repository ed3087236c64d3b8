//! Rule: a module is named after what is in it, and a noun has one name everywhere.

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemStruct, Meta};

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tokens::{self, stands};

/// Drawers for odds and ends, as a whole name or as its last word.
const DRAWERS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager"];

#[test]
fn no_module_is_a_drawer_for_odds_and_ends() {
    hold(
        "no module is named util, utils, helper, helpers, common, misc or manager",
        "name it after what it does; when it does several things, it is several files",
        &drawers(&workspace()),
    );
}

#[test]
fn a_noun_has_one_file_name() {
    hold(
        "the file of an entity has the singular name of its table, and the other levels use the same name",
        "rename the file (or the table, in a new migration) so that one noun is found by one word",
        &strange_nouns(&workspace()),
    );
}

fn drawers(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in sources {
        let folders = source
            .file
            .trim_end_matches(".rs")
            .split('/')
            .map(|name| (1, name.to_owned()));
        let mut modules = Modules::default();
        if DRAWERS.iter().any(|name| source.text.contains(name)) {
            modules.visit_file(&source.whole());
        }
        let is_drawer =
            |(_, name): &(usize, String)| name.rsplit('_').next().is_some_and(|last| DRAWERS.contains(&last));
        let drawer = folders.chain(modules.names).find(is_drawer);
        let tell = |(line, name)| Breach::new(&source.file, line, format!("`{name}` says nothing of its content"));
        found.extend(drawer.map(tell));
    }
    found
}

#[derive(Default)]
struct Modules {
    names: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Modules {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // A module in a file of its own is told by that file.
        if module.content.is_some() {
            self.names
                .push((module.ident.span().start().line, module.ident.to_string()));
        }
        visit::visit_item_mod(self, module);
    }
}

fn strange_nouns(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut nouns = Vec::new();
    for source in sources.iter().filter(|source| source.krate == "entity") {
        for (line, table) in tables(source) {
            if !source.module.contains(&table) {
                let what = format!("the table `{table}` stands in a file of another name");
                found.push(Breach::new(&source.file, line, what));
            }
            if !is_singular_snake_case(&table) {
                found.push(Breach::new(
                    &source.file,
                    line,
                    format!("the table `{table}` is not a singular in snake_case"),
                ));
            }
            nouns.push(table);
        }
    }
    for source in sources.iter().filter(|source| source.file.starts_with("api/src/")) {
        let Some(name) = source.module.last() else { continue };
        let same = |noun: &&String| name == &format!("{noun}s") || name == &noun.replace('_', "");
        if let Some(noun) = nouns.iter().find(same).filter(|noun| *noun != name) {
            found.push(Breach::new(
                &source.file,
                1,
                format!("`{name}` is called `{noun}` elsewhere"),
            ));
        }
    }
    found
}

/// The `table_name` of each entity in the file.
fn tables(source: &Source) -> Vec<(usize, String)> {
    #[derive(Default)]
    struct Tables(Vec<(usize, String)>);
    impl<'ast> Visit<'ast> for Tables {
        fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
            for attribute in item
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("sea_orm"))
            {
                let Meta::List(list) = &attribute.meta else { continue };
                let words = tokens::flatten(list.tokens.clone());
                let at = (0..words.len()).find(|at| stands(&words, *at, &["table_name", "="]));
                let name = at.and_then(|at| words.get(at + 2));
                self.0
                    .extend(name.map(|name| (name.line, name.text.trim_matches('"').to_owned())));
            }
            visit::visit_item_struct(self, item);
        }
    }
    let mut search = Tables::default();
    search.visit_file(&source.code());
    search.0
}

fn is_singular_snake_case(name: &str) -> bool {
    let snake = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let plural = name.ends_with('s') && !["ss", "us", "is", "series"].iter().any(|ending| name.ends_with(ending));
    snake && !plural
}

#[test]
fn drawers_are_reported() {
    let sources = super::source::place_all(&[
        ("api/src/http/date_utils.rs", ""),
        ("tests/src/common/mod.rs", ""),
        ("entity/src/a.rs", "mod common_noun;\nmod helpers { fn a() {} }"),
        ("api/src/commonwealth.rs", ""),
    ]);
    let found: Vec<String> = drawers(&sources)
        .iter()
        .map(|breach| format!("{}:{}", breach.file, breach.line))
        .collect();
    assert_eq!(
        found,
        [
            "api/src/http/date_utils.rs:1",
            "tests/src/common/mod.rs:1",
            "entity/src/a.rs:2"
        ]
    );
}

#[test]
fn nouns_of_two_names_are_reported() {
    let table =
        |name: &str| format!("#[sea_orm::model]\n#[sea_orm(table_name = \"{name}\")] pub struct Model {{ id: i64 }}");
    let (unit, indicators, status) = (table("org_unit"), table("indicators"), table("org_status"));
    let sources = super::source::place_all(&[
        ("entity/src/org_unit/mod.rs", &unit),
        ("entity/src/indicator.rs", &indicators),
        ("entity/src/org_status.rs", &status),
        ("api/src/graphql/noun/org_units.rs", ""),
        ("api/src/graphql/noun/org_unit.rs", ""),
        ("api/src/service/orgunit.rs", ""),
    ]);
    let found: Vec<String> = strange_nouns(&sources).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "entity/src/indicator.rs:2: the table `indicators` stands in a file of another name",
            "entity/src/indicator.rs:2: the table `indicators` is not a singular in snake_case",
            "api/src/graphql/noun/org_units.rs:1: `org_units` is called `org_unit` elsewhere",
            "api/src/service/orgunit.rs:1: `orgunit` is called `org_unit` elsewhere",
        ]
    );
}
