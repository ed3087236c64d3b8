//! Two streets become one, one becomes two, one gets another name and one moves to another district, all in January 2021: what each hierarchy says of it, worked
//! out by hand.

use api::intake::catalog::read;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::CatalogFiles;
use tests::suite;

use super::take;
use api::service::access::Caller;
use api::service::import::Content;

suite!(
    Tables: each_hierarchy_puts_the_years_side_by_side_in_its_own_way,
    only_who_exists_in_the_tree_is_selected,
    a_figure_of_its_own_keeps_its_boundary,
    like_for_like_counts_who_was_merged_as_one,
    other_questions_follow_the_tree_too,
    an_organisation_tells_what_it_came_from_and_became,
    a_hierarchy_that_cannot_be_is_refused,
);

/// Streets by code, district, first and last month.
const STREETS: [(&str, &str, &str); 9] = [
    ("a", "parent = \"north\"", "to = \"2020-12\""),
    ("b", "parent = \"north\"", "to = \"2020-12\""),
    ("c", "parent = \"north\"", "from = \"2021-01\""),
    ("x", "parent = \"north\"", "to = \"2020-12\""),
    ("y", "parent = \"north\"", "from = \"2021-01\""),
    ("z", "parent = \"south\"", "from = \"2021-01\""),
    ("o", "parent = \"south\"", "to = \"2020-12\""),
    ("n", "parent = \"south\"", "from = \"2021-01\""),
    (
        "m",
        "parents = [{ org = \"north\", to = \"2020-12\" }, { org = \"south\", from = \"2021-01\" }]",
        "",
    ),
];
const SUCCESSIONS: &str = r#"
[[succession]]
kind = "MERGE"
from = ["a", "b"]
to = ["c"]
month = "2021-01"

[[succession]]
kind = "SPLIT"
from = ["x"]
to = ["y", "z"]
month = "2021-01"

[[succession]]
kind = "RENAME"
from = ["o"]
to = ["n"]
month = "2021-01"
"#;
const FIGURES: [(&str, &str, &str); 10] = [
    ("a", "2020", "10"),
    ("b", "2020", "20"),
    ("x", "2020", "40"),
    ("o", "2020", "5"),
    ("m", "2020", "7"),
    ("c", "2021", "36"),
    ("y", "2021", "22"),
    ("z", "2021", "23"),
    ("n", "2021", "6"),
    ("m", "2021", "9"),
];

async fn serve(db: &TestDb) -> TestApp {
    let mut orgs = String::new();
    for district in ["north", "south"] {
        orgs.push_str(&format!(
            "\n[[org]]\ncode = \"{district}\"\nlevel = \"DISTRICT\"\nname = {{ zh = \"{district}\", en = \"{district}\" }}\nparent = \"city\"\n"
        ));
    }
    for (code, parent, time) in STREETS {
        orgs.push_str(&format!(
            "\n[[org]]\ncode = \"{code}\"\nlevel = \"STREET\"\nname = {{ zh = \"{code}\", en = \"{code}\" }}\n{parent}\n{time}\n"
        ));
    }
    let files = CatalogFiles::small().append("organisations.toml", &(orgs + SUCCESSIONS));
    let app = TestApp::start(db).await;
    let catalog = read(&files.files()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    app.service()
        .apply_catalog(&Caller::operator("tester"), &catalog)
        .await
        .unwrap();
    let rows = FIGURES.map(|(org, period, value)| ("received", org, period, value, "件"));
    take(&app, &rows, Content::Figures).await;
    app
}

fn under(hierarchy: &str) -> Value {
    match hierarchy {
        "AS_OF" => json!({ "hierarchy": "AS_OF", "hierarchyAt": "2020" }),
        other => json!({ "hierarchy": other }),
    }
}

/// Current value, base, absolute, percent and reason of each organisation.
async fn compare(app: &TestApp, hierarchy: &str, more: Value) -> Vec<(String, Value)> {
    let query = "query ($input: CompareInput!) { compare(input: $input) { rows { orgUnit { code } dropped { code }
        current { value } base { value coverage { present expected } sources { printed } } change { absolute percent reason } } } }";
    let mut input = json!({ "indicators": { "codes": ["received"] }, "orgs": { "codes": ["city", "north", "south", "a", "c", "x", "y", "z", "o", "n", "m"] }, "period": "2021" });
    for part in [under(hierarchy), more] {
        input.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    let data = app.data(query, json!({ "input": input })).await;
    let rows = data["compare"]["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let change = &row["change"];
        let told = json!([
            row["current"]["value"],
            row["base"]["value"],
            change["absolute"],
            change["percent"],
            change["reason"]
        ]);
        (row["orgUnit"]["code"].as_str().unwrap().to_owned(), told)
    })
    .collect()
}

fn expected<const N: usize>(rows: [(&str, Value); N]) -> Vec<(String, Value)> {
    rows.map(|(code, told)| (code.to_owned(), told)).into()
}

async fn each_hierarchy_puts_the_years_side_by_side_in_its_own_way(db: TestDb) {
    let app = serve(&db).await;
    let nothing = json!([null, 10.0, null, null, "CURRENT_MISSING"]);
    let as_reported = compare(&app, "AS_REPORTED", json!({})).await;
    assert_eq!(
        as_reported,
        expected([
            ("city", json!([96.0, 82.0, 14.0, 17.07, "OK"])),
            // a, b, x and m against c and y: m has moved out.
            ("north", json!([58.0, 77.0, -19.0, null, "BOUNDARY_CHANGED"])),
            ("south", json!([38.0, 5.0, 33.0, null, "BOUNDARY_CHANGED"])),
            ("a", nothing.clone()),
            ("c", json!([36.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("x", json!([null, 40.0, null, null, "CURRENT_MISSING"])),
            ("y", json!([22.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("z", json!([23.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("o", json!([null, 5.0, null, null, "CURRENT_MISSING"])),
            ("n", json!([6.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("m", json!([9.0, 7.0, 2.0, 28.57, "OK"])),
        ])
    );
    assert_eq!(
        compare(&app, "CURRENT", json!({ "hierarchy": null })).await,
        as_reported
    );
    assert_eq!(
        compare(&app, "CURRENT", json!({})).await,
        expected([
            ("city", json!([96.0, 82.0, 14.0, 17.07, "OK"])),
            // c and y against a and b; x stands under the city, as its pieces are in both districts.
            ("north", json!([58.0, 30.0, 28.0, 93.33, "OK"])),
            // z, n and m against o and m.
            ("south", json!([38.0, 12.0, 26.0, 216.67, "OK"])),
            ("a", nothing.clone()),
            ("c", json!([36.0, 30.0, 6.0, 20.0, "OK"])),
            ("x", json!([null, 40.0, null, null, "CURRENT_MISSING"])),
            ("y", json!([22.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("z", json!([23.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("o", json!([null, 5.0, null, null, "CURRENT_MISSING"])),
            ("n", json!([6.0, 5.0, 1.0, 20.0, "OK"])),
            ("m", json!([9.0, 7.0, 2.0, 28.57, "OK"])),
        ])
    );
    assert_eq!(
        compare(&app, "AS_OF", json!({})).await,
        expected([
            ("city", json!([96.0, 82.0, 14.0, 17.07, "OK"])),
            // c, y, z and m against a, b, x and m.
            ("north", json!([90.0, 77.0, 13.0, 16.88, "OK"])),
            ("south", json!([6.0, 5.0, 1.0, 20.0, "OK"])),
            ("a", nothing),
            ("c", json!([36.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("x", json!([45.0, 40.0, 5.0, 12.5, "OK"])),
            ("y", json!([22.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("z", json!([23.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("o", json!([6.0, 5.0, 1.0, 20.0, "OK"])),
            ("n", json!([6.0, null, null, null, "BOUNDARY_CHANGED"])),
            ("m", json!([9.0, 7.0, 2.0, 28.57, "OK"])),
        ])
    );
}

async fn only_who_exists_in_the_tree_is_selected(db: TestDb) {
    let app = serve(&db).await;
    let codes = async |hierarchy: &str, orgs: Value| -> Vec<String> {
        let rows = compare(&app, hierarchy, json!({ "orgs": orgs })).await;
        let mut codes: Vec<String> = rows.into_iter().map(|(code, _)| code).collect();
        codes.sort();
        codes
    };
    let north = json!({ "within": "north" });
    assert_eq!(codes("AS_REPORTED", north.clone()).await, ["c", "y"]);
    assert_eq!(codes("CURRENT", north.clone()).await, ["c", "y"]);
    assert_eq!(codes("AS_OF", north).await, ["a", "b", "m", "x"]);
    let streets = json!({ "level": "STREET" });
    assert_eq!(codes("AS_REPORTED", streets.clone()).await.len(), 10);
    assert_eq!(
        codes("CURRENT", streets.clone()).await,
        ["c", "m", "n", "street", "y", "z"]
    );
    assert_eq!(codes("AS_OF", streets).await, ["a", "b", "m", "o", "street", "x"]);
}

/// What a district reports itself holds the streets of that year, under whatever tree it is put.
async fn a_figure_of_its_own_keeps_its_boundary(db: TestDb) {
    let app = serve(&db).await;
    let own = [
        ("received", "north", "2020", "77", "件"),
        ("received", "north", "2021", "58", "件"),
    ];
    take(&app, &own, Content::Figures).await;
    for hierarchy in ["AS_REPORTED", "CURRENT", "AS_OF"] {
        let rows = compare(&app, hierarchy, json!({ "orgs": { "codes": ["north"] } })).await;
        let told = json!([58.0, 77.0, -19.0, null, "BOUNDARY_CHANGED"]);
        assert_eq!(rows, expected([("north", told)]), "{hierarchy}");
    }
}

async fn like_for_like_counts_who_was_merged_as_one(db: TestDb) {
    let app = serve(&db).await;
    let query = "{ compare(input: { indicators: { codes: [\"received\"] }, orgs: { codes: [\"north\", \"c\"] }, period: \"2021\", comparability: MATCHED, hierarchy: CURRENT }) {
        hierarchy hierarchyAt rows { current { value } base { value flags coverage { present expected } sources { printed } } change { percent } dropped { code } } } }";
    let data = app.data(query, json!({})).await;
    let base = json!({ "value": 30.0, "flags": ["ROLLED_UP"], "coverage": { "present": 2, "expected": 2 }, "sources": [{ "printed": "10" }, { "printed": "20" }] });
    let row = |dropped| json!({ "current": { "value": 36.0 }, "base": base, "change": { "percent": 20.0 }, "dropped": dropped });
    assert_eq!(
        data["compare"],
        json!({ "hierarchy": "CURRENT", "hierarchyAt": "2021", "rows": [row(json!([{ "code": "y" }])), row(json!([]))] })
    );
}

async fn other_questions_follow_the_tree_too(db: TestDb) {
    let app = serve(&db).await;
    let ranking = "query ($hierarchy: Hierarchy!) { ranking(input: { indicator: \"received\", orgs: { codes: [\"c\", \"m\", \"n\"] }, period: \"2021\", hierarchy: $hierarchy }) {
        hierarchy hierarchyAt rows { orgUnit { code } previousRank } } }";
    let ranks = async |hierarchy: &str| app.data(ranking, json!({ "hierarchy": hierarchy })).await["ranking"].clone();
    let rows = |c: Option<i32>, m, n: Option<i32>| {
        let row = |code, previous| json!({ "orgUnit": { "code": code }, "previousRank": previous });
        json!([row("c", json!(c)), row("m", m), row("n", json!(n))])
    };
    assert_eq!(
        ranks("AS_REPORTED").await,
        json!({ "hierarchy": "AS_REPORTED", "hierarchyAt": null, "rows": rows(None, json!(1), None) })
    );
    assert_eq!(
        ranks("CURRENT").await,
        json!({ "hierarchy": "CURRENT", "hierarchyAt": "2021", "rows": rows(Some(1), json!(2), Some(3)) })
    );

    let trend = "query ($hierarchy: Hierarchy!) { trend(input: { indicators: { codes: [\"received\"] }, orgs: { codes: [\"c\"] }, from: \"2020\", to: \"2021\", hierarchy: $hierarchy }) {
        hierarchy points { value { value } } lastChange { percent reason } } }";
    let series = async |hierarchy: &str| app.data(trend, json!({ "hierarchy": hierarchy })).await["trend"][0].clone();
    assert_eq!(
        series("AS_REPORTED").await,
        json!({ "hierarchy": "AS_REPORTED", "points": [{ "value": { "value": null } }, { "value": { "value": 36.0 } }],
            "lastChange": { "percent": null, "reason": "BOUNDARY_CHANGED" } })
    );
    assert_eq!(
        series("CURRENT").await,
        json!({ "hierarchy": "CURRENT", "points": [{ "value": { "value": 30.0 } }, { "value": { "value": 36.0 } }],
            "lastChange": { "percent": 20.0, "reason": "OK" } })
    );

    let decompose = "query ($org: String!) { decompose(input: { indicator: \"received\", org: $org, period: \"2021\", hierarchy: CURRENT }) {
        hierarchy total residual contributions { orgUnit { code } presence contribution } } }";
    let parts = async |org: &str| app.data(decompose, json!({ "org": org })).await["decompose"].clone();
    let part = |code, presence, contribution: f64| json!({ "orgUnit": { "code": code }, "presence": presence, "contribution": contribution });
    assert_eq!(
        parts("north").await,
        json!({ "hierarchy": "CURRENT", "total": 28.0, "residual": 0.0, "contributions": [part("c", "BOTH", 6.0), part("y", "ENTERED", 22.0)] })
    );
    let city = parts("city").await;
    assert_eq!(json!([city["total"], city["residual"]]), json!([14.0, 0.0]));
    let told = city["contributions"].as_array().unwrap();
    for expected in [
        part("north", "BOTH", 28.0),
        part("south", "BOTH", 26.0),
        part("x", "LEFT", -40.0),
    ] {
        assert!(told.contains(&expected), "{expected} in {told:?}");
    }
}

async fn an_organisation_tells_what_it_came_from_and_became(db: TestDb) {
    let app = serve(&db).await;
    let query = "query ($code: String!) { orgUnit(code: $code) { predecessors { kind month orgUnit { code } } successors { kind month orgUnit { code } } } }";
    let told = async |code: &str| app.data(query, json!({ "code": code })).await["orgUnit"].clone();
    let link = |kind: &str, code: &str| json!({ "kind": kind, "month": "2021-01", "orgUnit": { "code": code } });
    assert_eq!(
        told("c").await,
        json!({ "predecessors": [link("MERGE", "a"), link("MERGE", "b")], "successors": [] })
    );
    assert_eq!(
        told("x").await,
        json!({ "predecessors": [], "successors": [link("SPLIT", "y"), link("SPLIT", "z")] })
    );
    assert_eq!(told("o").await["successors"], json!([link("RENAME", "n")]));
    assert_eq!(told("m").await, json!({ "predecessors": [], "successors": [] }));
}

async fn a_hierarchy_that_cannot_be_is_refused(db: TestDb) {
    let app = serve(&db).await;
    let questions = [
        "compare(input: { indicators: {}, orgs: {}, period: \"2021\", HOW }) { hierarchy }",
        "ranking(input: { indicator: \"received\", orgs: {}, period: \"2021\", HOW }) { hierarchy }",
        "trend(input: { indicators: {}, orgs: {}, from: \"2020\", to: \"2021\", HOW }) { hierarchy }",
        "decompose(input: { indicator: \"received\", org: \"north\", period: \"2021\", HOW }) { hierarchy }",
    ];
    let wrong = [
        ("hierarchy: AS_OF", "hierarchyAt: \"2020\""),
        ("hierarchy: CURRENT, hierarchyAt: \"2020\"", "leave hierarchyAt out"),
        ("hierarchyAt: \"2020\"", "leave hierarchyAt out"),
    ];
    for question in questions {
        for (how, hint) in wrong {
            let query = format!("{{ {} }}", question.replace("HOW", how));
            let answer = app.query(&query, json!({})).await;
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "BAD_USER_INPUT", "{query}: {answer:#}");
            assert!(
                extensions["hint"].as_str().unwrap().contains(hint),
                "{query}: {answer:#}"
            );
        }
        let query = format!(
            "{{ {} }}",
            question.replace("HOW", "hierarchy: AS_OF, hierarchyAt: \"2020\"")
        );
        assert!(app.query(&query, json!({})).await.get("errors").is_none(), "{query}");
    }
}
