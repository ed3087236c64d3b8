//! Rule: inside `api` every arrow points down, and each crate is named only where it belongs.

use std::collections::BTreeMap;

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tree::{Home, Tree, Unit, trees};

/// The modules of `api` from top to bottom. A module may use those on any later line; two on one line do not see each other.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["app"],
    &["http"],
    &["graphql"],
    &["service"],
    &["export"],
    &["intake"],
];

/// Modules that anyone may use and that import nothing of ours.
const LEAVES: &[&str] = &["config", "error", "telemetry"];

/// Which modules may name which crate, and all crates that begin with its name. A crate that is not listed is free.
const DOORS: &[(&str, &[&str])] = &[
    (
        "analytics",
        &["cli", "app", "http", "graphql", "service", "intake", "export"],
    ),
    ("entity", &["cli", "app", "graphql", "service", "intake", "export"]),
    ("migration", &["cli", "app"]),
    ("async_graphql", &["app", "http", "graphql"]),
    ("poem", &["app", "http"]),
    ("polars", &["service", "export"]),
    ("arrow_", &["export"]),
    ("parquet", &["export"]),
    ("sea_orm", &[]),
    ("sqlx", &[]),
    ("tests", &[]),
];

#[test]
fn inside_api_arrows_point_down() {
    hold(
        "main → cli → app → http → graphql → service → {intake, export} → entity | analytics; \
         config, error and telemetry import nothing of ours",
        "hand the value down as an argument, or move the item to the layer of its user or below; a new top-level module \
         gets its line in LAYERS (tests/it/architecture/layer.rs) in the same change",
        &upward_arrows(&workspace()),
    );
}

#[test]
fn each_crate_is_named_only_where_it_belongs() {
    hold(
        "which module of api may name which crate: DOORS in tests/it/architecture/layer.rs",
        "call the module that may name it and pass plain values",
        &strange_crates(&workspace()),
    );
}

fn upward_arrows(sources: &[Source]) -> Vec<Breach> {
    let trees = trees(sources.iter().filter(|source| source.krate == "api"));
    let Some(library) = trees.get("api/src") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (from, unit) in units(&trees) {
        if from != "lib" && !is_known(from) {
            found.push(Breach::new(&unit.file, 1, format!("the module `{from}` has no layer")));
        }
        for (to, line) in targets(library, unit) {
            if to != from && !may_use(from, &to) {
                found.push(Breach::new(&unit.file, line, format!("`{from}` must not use `{to}`")));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The files of `api` with the name of their layer.
fn units(trees: &BTreeMap<String, Tree>) -> Vec<(&str, &Unit)> {
    let library = trees.get("api/src").into_iter().flat_map(|tree| &tree.units);
    let library = library.map(|(module, unit)| (module.first().map_or("lib", String::as_str), unit));
    let binaries = trees
        .iter()
        .filter(|(name, _)| *name == "api/src/main.rs" || name.starts_with("api/src/bin/"));
    library
        .chain(binaries.flat_map(|(_, tree)| tree.units.values().map(|unit| ("main", unit))))
        .collect()
}

/// The top-level modules that a file names, by the words that stand there and by what they lead to.
fn targets(library: &Tree, unit: &Unit) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for reference in &unit.references {
        // A binary names its library by the crate's name.
        if !matches!(reference.path.first().map(String::as_str), Some("crate" | "api")) {
            continue;
        }
        let path = [&["crate".to_owned()], &reference.path[1..]].concat();
        if let Home::Item(module) | Home::Module(module) = library.home(&path) {
            found.push((module.first().map_or("lib", String::as_str).to_owned(), reference.line));
        }
        if let Some(written) = path
            .get(1)
            .filter(|name| library.units.contains_key(std::slice::from_ref(*name)))
        {
            found.push((written.clone(), reference.line));
        }
    }
    found
}

fn is_known(module: &str) -> bool {
    LEAVES.contains(&module) || layer(module).is_some()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|line| line.contains(&module))
}

fn may_use(from: &str, to: &str) -> bool {
    match (from, to) {
        ("lib", to) => to == "app",
        (from, _) if LEAVES.contains(&from) => false,
        (_, to) if LEAVES.contains(&to) => true,
        (from, to) => layer(from).zip(layer(to)).is_some_and(|(from, to)| from < to),
    }
}

fn strange_crates(sources: &[Source]) -> Vec<Breach> {
    let trees = trees(sources.iter().filter(|source| source.krate == "api"));
    let mut found = Vec::new();
    for (from, unit) in units(&trees) {
        for reference in &unit.references {
            let named = DOORS.iter().filter(|(krate, _)| names(&reference.path, krate));
            for (krate, _) in named.filter(|(_, modules)| !modules.contains(&from)) {
                found.push(Breach::new(
                    &unit.file,
                    reference.line,
                    format!("`{from}` must not name `{krate}`"),
                ));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Whether the path begins with the crate or one of its family; the ORM must not be reached through another crate either.
fn names(path: &[String], krate: &str) -> bool {
    let is_family =
        |segment: &String| segment == krate || segment.strip_prefix(krate).is_some_and(|rest| rest.starts_with('_'));
    let is_path = path.len() > 1 || matches!(path, [only] if only.contains('_'));
    match krate {
        "sea_orm" | "sqlx" => path.iter().any(is_family),
        _ => is_path && path.first().is_some_and(is_family),
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::place_all;
    use super::{strange_crates, upward_arrows};

    fn told(breaches: &[super::Breach]) -> Vec<String> {
        breaches.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn upward_arrows_are_reported_and_downward_ones_are_not() {
        let sources = place_all(&[
            ("api/src/lib.rs", "pub mod app; pub mod cli; pub use app::App;"),
            ("api/src/main.rs", "fn main() { api::cli::run() }"),
            (
                "api/src/app.rs",
                "use crate::{graphql::schema, config::Config}; pub struct App;",
            ),
            ("api/src/cli.rs", "use crate::App; pub fn run() {}"),
            ("api/src/config.rs", "use crate::error::Error;"),
            ("api/src/error.rs", "pub struct Error;"),
            ("api/src/graphql/mod.rs", "mod noun; pub fn schema() {}"),
            (
                "api/src/graphql/noun.rs",
                "use super::super::http::Request; use crate::intake;",
            ),
            ("api/src/http.rs", "pub struct Request;"),
            ("api/src/intake/mod.rs", "use crate::{\n export::Row, error::Error};"),
            ("api/src/export.rs", "pub struct Row; fn f() { let app = crate::App; }"),
            ("api/src/odds.rs", ""),
        ]);
        assert_eq!(
            told(&upward_arrows(&sources)),
            [
                "api/src/config.rs:1: `config` must not use `error`",
                "api/src/export.rs:1: `export` must not use `app`",
                "api/src/graphql/noun.rs:1: `graphql` must not use `http`",
                "api/src/intake/mod.rs:2: `intake` must not use `export`",
                "api/src/odds.rs:1: the module `odds` has no layer",
            ]
        );
    }

    #[test]
    fn strange_crates_are_reported() {
        let sources = place_all(&[
            ("api/src/http/mod.rs", "use poem::Route; use entity::indicator;"),
            (
                "api/src/graphql/mod.rs",
                "use entity::indicator; #[derive(poem::Object)] struct S;",
            ),
            (
                "api/src/service.rs",
                "fn f() { let frame = polars_core::frame(); ::migration::run(); }",
            ),
            (
                "api/src/telemetry.rs",
                "use entity::sea_orm::DbErr; fn f(entity: u8) { entity + 1; }",
            ),
        ]);
        assert_eq!(
            told(&strange_crates(&sources)),
            [
                "api/src/graphql/mod.rs:1: `graphql` must not name `poem`",
                "api/src/http/mod.rs:1: `http` must not name `entity`",
                "api/src/service.rs:1: `service` must not name `migration`",
                "api/src/telemetry.rs:1: `telemetry` must not name `entity`",
                "api/src/telemetry.rs:1: `telemetry` must not name `sea_orm`",
            ]
        );
    }
}
