//! The schema in the repository is the schema served, and every part of it is described.

use std::path::Path;

use api::config::{Config, Overrides};
use api::graphql::{schema, sdl};

fn served() -> String {
    sdl(&schema(&Config::load(None, &Overrides::default()).unwrap().graphql))
}

#[test]
fn the_schema_in_the_repository_is_the_schema_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/schema.graphql");
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == served(),
        "api/schema.graphql is not the schema that is served; write it anew with `cargo run -q --bin plumbline -- schema > api/schema.graphql` and read the difference"
    );
}

/// Lines of the schema that define something: types, fields, arguments, enum values.
fn definitions(text: &str) -> Vec<(String, bool)> {
    let mut described = false;
    let mut in_text = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.matches("\"\"\"").count() == 1 {
            in_text = !in_text;
            described = true;
            continue;
        }
        if in_text || line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.matches("\"\"\"").count() == 2 {
            described = true;
            continue;
        }
        if line.starts_with("directive")
            || line.starts_with("schema")
            || ["query: Query", "mutation: Mutation", "subscription: Subscription"].contains(&line)
            || line.starts_with(['}', ')'])
        {
            described = false;
            continue;
        }
        found.push((line.to_owned(), described));
        described = false;
    }
    found
}

#[test]
fn everything_in_the_schema_is_described() {
    let bare: Vec<String> = definitions(&served())
        .into_iter()
        .filter(|(_, described)| !described)
        .map(|(line, _)| line)
        .collect();
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[test]
fn a_missing_description_would_be_seen() {
    let text = "\"\"\"\nA thing.\n\"\"\"\ntype Thing {\n\tbare: Int\n\t\"\"\"Told.\"\"\"\n\ttold: Int\n}\n";
    let found = definitions(text);
    assert_eq!(
        found,
        [
            ("type Thing {".to_owned(), true),
            ("bare: Int".to_owned(), false),
            ("told: Int".to_owned(), true)
        ]
    );
}
