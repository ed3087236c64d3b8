//! Rule: which crate may depend on which, read from the manifests by cargo itself.

use std::process::Command;

use serde_json::Value;

use super::report::{Breach, hold};
use super::source::{CRATES, root};

/// The inner arrows. The leaves never see each other, and nobody imports `tests`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("entity", &[]),
    ("analytics", &[]),
    ("migration", &[]),
    ("api", &["entity", "analytics", "migration"]),
    ("tests", &["entity", "analytics", "migration", "api"]),
];

/// What a crate never depends on; with `*`, all crates whose names begin so.
const NEVER: &[(&str, &[&str])] = &[
    ("entity", &["async-graphql*", "poem*", "polars*"]),
    ("analytics", &["sea-orm*", "sqlx*", "async-graphql*", "poem*", "tokio*"]),
    ("migration", &["async-graphql*", "poem*", "polars*"]),
    ("api", &["sea-orm*", "sqlx*"]),
];

struct Dependency {
    from: String,
    to: String,
    for_tests: bool,
}

#[test]
fn crates_depend_only_downwards() {
    hold(
        "tests → api → {entity, analytics, migration}; the three leaves never see each other",
        "remove the line from that Cargo.toml; a value that two leaves need stands in both and is mapped in api",
        &forbidden(&dependencies(&metadata())),
    );
}

#[test]
fn every_crate_of_the_workspace_is_held_by_the_rules() {
    let metadata = metadata();
    let mut members: Vec<&str> = list(&metadata, "packages")
        .iter()
        .map(|package| text(package, "name"))
        .collect();
    let mut known = CRATES.to_vec();
    members.sort_unstable();
    known.sort_unstable();
    assert_eq!(
        members, known,
        "a new crate is named in CRATES (source.rs) and in MAY_IMPORT (crates.rs)"
    );
}

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = [
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version=1",
        "--manifest-path",
    ];
    let output = Command::new(cargo)
        .args(arguments)
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn dependencies(metadata: &Value) -> Vec<Dependency> {
    let packages = list(metadata, "packages");
    let of = |package: &Value| {
        let from = text(package, "name").to_owned();
        list(package, "dependencies")
            .iter()
            .map(move |dependency| Dependency {
                from: from.clone(),
                to: text(dependency, "name").to_owned(),
                for_tests: dependency["kind"] == "dev",
            })
            .collect::<Vec<_>>()
    };
    packages.iter().flat_map(of).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn forbidden(dependencies: &[Dependency]) -> Vec<Breach> {
    let mut found: Vec<Breach> = dependencies
        .iter()
        .filter(|dependency| !is_allowed(dependency))
        .map(tell)
        .collect();
    found.sort();
    found
}

fn tell(dependency: &Dependency) -> Breach {
    let Dependency { from, to, .. } = dependency;
    let file = format!("{from}/Cargo.toml");
    let manifest = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
    let line = manifest
        .lines()
        .position(|line| line.starts_with(to.as_str()))
        .map_or(1, |at| at + 1);
    Breach::new(&file, line, format!("`{from}` must not depend on `{to}`"))
}

fn is_allowed(dependency: &Dependency) -> bool {
    let Dependency { from, to, for_tests } = dependency;
    let row = |table: &[(&str, &'static [&'static str])]| {
        table
            .iter()
            .find(|(name, _)| name == from)
            .map_or::<&[&str], _>(&[], |(_, row)| row)
    };
    if CRATES.contains(&to.as_str()) {
        return row(MAY_IMPORT).contains(&to.as_str());
    }
    *for_tests || !row(NEVER).iter().any(|pattern| matches(pattern, to))
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => name
            .strip_prefix(stem)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        None => name == pattern,
    }
}

#[test]
fn forbidden_dependencies_are_reported() {
    let package = |name: &str, dependencies: &[(&str, Value)]| {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(name, kind)| serde_json::json!({"name": name, "kind": kind}))
            .collect();
        serde_json::json!({"name": name, "dependencies": dependencies})
    };
    let (normal, dev) = (Value::Null, Value::from("dev"));
    let metadata = serde_json::json!({"packages": [
        package("entity", &[("sea-orm", normal.clone()), ("polars-core", normal.clone()), ("tests", dev.clone())]),
        package("analytics", &[("entity", normal.clone()), ("tokio", dev), ("polars", normal.clone())]),
        package("api", &[("entity", normal.clone()), ("sea-orm-migration", normal.clone()), ("poem", normal)]),
    ]});
    let found: Vec<String> = forbidden(&dependencies(&metadata))
        .into_iter()
        .map(|breach| breach.what)
        .collect();
    assert_eq!(
        found,
        [
            "`analytics` must not depend on `entity`",
            "`api` must not depend on `sea-orm-migration`",
            "`entity` must not depend on `polars-core`",
            "`entity` must not depend on `tests`",
        ]
    );
}
