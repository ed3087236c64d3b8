//! The schema breaks no client of the last release: `api/schema.baseline.graphql` is the schema of that release.

mod compare;

use std::path::Path;

use self::compare::breaking_changes;

fn kept(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_schema_breaks_no_client_of_the_last_release() {
    let broken = breaking_changes(&kept("schema.baseline.graphql"), &kept("schema.graphql"));
    assert!(
        broken.is_empty(),
        "clients of the last release would break; deprecate first, and remove after a release (docs/api.md, \"What may change\"):\n{}",
        broken.join("\n")
    );
}

const BEFORE: &str = r#"
directive @mark(note: String) on FIELD | QUERY
scalar Period
interface Node { id: ID! }
type Query implements Node {
  id: ID!
  old: Int @deprecated(reason: "gone soon")
  name(locale: Locale = ZH, rounded: Boolean, of: ID!): String
  rows: [Row]
  found: Found
}
type Row { value: Float status: Locale! }
type Other { a: Int }
union Found = Row | Other
enum Locale { ZH EN FR @deprecated(reason: "nobody reads it") }
input Filter { codes: [String!] first: Int! org: String @deprecated(reason: "codes") }
"#;

/// Replaces one text that stands once.
fn with(old: &str, new: &str) -> String {
    assert_eq!(BEFORE.matches(old).count(), 1, "{old}");
    BEFORE.replace(old, new)
}

#[test]
fn what_breaks_clients_is_found() {
    for (old, new, told) in [
        ("scalar Period", "", "Period: the type is gone"),
        (
            "scalar Period",
            "enum Period { YEAR }",
            "Period: it is another kind of type",
        ),
        (
            "type Query implements Node {",
            "type Query {",
            "Query: the interface Node is gone",
        ),
        ("  rows: [Row]\n", "", "Query.rows: the field is gone"),
        ("rows: [Row]", "rows: Row", "Query.rows: it was [Row] and is Row"),
        (
            "status: Locale!",
            "status: Locale",
            "Row.status: it was Locale! and is Locale",
        ),
        ("value: Float ", "value: Int ", "Row.value: it was Float and is Int"),
        ("Row | Other", "Row", "Found: the member Other is gone"),
        ("ZH EN", "ZH", "Locale.EN: the value is gone"),
        (
            "locale: Locale = ZH, ",
            "",
            "Query.name(locale): what is given here is gone",
        ),
        (
            "Locale = ZH",
            "Locale = EN",
            "Query.name(locale): left out, it means something else",
        ),
        (
            "rounded: Boolean",
            "rounded: Boolean!",
            "Query.name(rounded): it took Boolean and takes Boolean!",
        ),
        (
            "of: ID!",
            "of: ID!, at: Period!",
            "Query.name(at): it is new and must be given",
        ),
        (
            "codes: [String!]",
            "codes: [String!]!",
            "Filter(codes): it took [String!] and takes [String!]!",
        ),
        (
            "first: Int!",
            "first: Int! last: Int!",
            "Filter(last): it is new and must be given",
        ),
        (
            "directive @mark(note: String) on FIELD | QUERY",
            "",
            "@mark: the directive is gone",
        ),
        ("FIELD | QUERY", "FIELD", "@mark: it may not stand at Query any more"),
    ] {
        assert_eq!(breaking_changes(BEFORE, &with(old, new)), [told], "{old} → {new}");
    }
}

#[test]
fn what_breaks_nobody_passes() {
    assert_eq!(breaking_changes(BEFORE, BEFORE), Vec::<String>::new());
    for (old, new) in [
        ("  old: Int @deprecated(reason: \"gone soon\")\n", ""),
        (" FR @deprecated(reason: \"nobody reads it\")", ""),
        (" org: String @deprecated(reason: \"codes\")", ""),
        ("rows: [Row]", "rows: [Row!]!"),
        ("of: ID!", "of: ID"),
        ("of: ID!", "of: ID!, at: Period, page: Int! = 1"),
        ("first: Int!", "first: Int"),
        ("value: Float", "value: Float more: Int"),
        ("ZH EN", "ZH EN DE"),
        ("Row | Other", "Row | Other | Query"),
        ("scalar Period", "scalar Period\nscalar Date"),
    ] {
        assert_eq!(
            breaking_changes(BEFORE, &with(old, new)),
            Vec::<String>::new(),
            "{old} → {new}"
        );
    }
}
