//! Stored queries: defined, checked, asked by their address with parameters, and refused with a word that helps.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: a_stored_query_is_a_table_under_an_address, columns_stay_when_there_are_no_rows, what_is_no_table_is_not_stored, parameters_are_checked_by_their_types, a_query_that_no_longer_fits_says_so, only_who_may_write_stores);

const BOARD: &str = "query Board($period: Period!, $org: [String!], $limit: Int = 500) {
  observationTable(filter: { period: $period, orgs: { codes: $org } }, limit: $limit) { indicator name: indicatorName value unit periodStart isTotal flags }
}";

async fn define(app: &TestApp, name: &str, query: &str, more: Value) -> Value {
    let mut input = json!({ "name": name, "query": query, "onBehalfOf": "test" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mutation = "mutation ($input: DefineStoredQueryInput!) { defineStoredQuery(input: $input) { columns storedQuery { name address updatedAt } } }";
    app.query(mutation, json!({ "input": input })).await
}

async fn a_stored_query_is_a_table_under_an_address(db: TestDb) {
    let app = TestApp::start(&db).await;
    let defined = define(&app, "board", BOARD, json!({ "note": "for the wall" })).await;
    let payload = &defined["data"]["defineStoredQuery"];
    assert_eq!(payload["storedQuery"]["address"], "/q/board", "{defined}");
    let columns = json!(["indicator", "name", "value", "unit", "periodStart", "isTotal", "flags"]);
    assert_eq!(payload["columns"], columns);
    let path = "/q/board.json?period=2021&org=shenzhen-luohu-sungang";
    let rows = app.get(path).await;
    let exported = app
        .get("/export/observations.json?period=2021&org=shenzhen-luohu-sungang")
        .await
        .json();
    assert_eq!(rows.status, 200, "{}", rows.text());
    let rows = rows.json();
    assert_eq!(rows.as_array().unwrap().len(), exported.as_array().unwrap().len());
    assert_eq!(
        (&rows[0]["value"], &rows[0]["periodStart"], &rows[0]["isTotal"]),
        (&exported[0]["value"], &json!("2021-01-01"), &json!(false))
    );
    for form in ["csv", "xlsx", "parquet", "arrow"] {
        let answer = app.get(&path.replace("json", form)).await;
        assert_eq!(answer.status, 200);
        let tag = answer.header("etag").unwrap().to_owned();
        let known = app
            .client()
            .get_with(&path.replace("json", form), &[("if-none-match", &tag)])
            .await;
        assert_eq!(known.status, 304, "{form}");
        // Of which time it is, as the tables say it.
        let table = app.get("/export/observations.csv?period=2021").await;
        assert!(answer.header("plumbline-as-of").is_some());
        assert_eq!(
            answer.header("plumbline-as-of"),
            table.header("plumbline-as-of"),
            "{form}"
        );
        assert_eq!(answer.header("last-modified"), table.header("last-modified"), "{form}");
    }
    // A comparison, whose rows lie deeper.
    let compare = "query Change($period: Period!) { compare(input: { indicators: { codes: [\"petition_received_count\"] }, orgs: { level: STREET }, period: $period }) {
        rows { indicator { code } orgUnit { code name } current { value flags } change { percent reason text } } period } }";
    let defined = define(&app, "change", compare, json!({})).await;
    let columns = json!([
        "indicator_code",
        "orgUnit_code",
        "orgUnit_name",
        "current_value",
        "current_flags",
        "change_percent",
        "change_reason",
        "change_text"
    ]);
    assert_eq!(defined["data"]["defineStoredQuery"]["columns"], columns, "{defined}");
    let csv = app.get("/q/change.csv?period=2021-01/2021-09").await;
    assert!(
        csv.text().contains("petition_received_count,shenzhen-luohu-sungang,"),
        "{}",
        csv.text()
    );

    let again = define(&app, "board", BOARD, json!({})).await;
    assert_eq!(again["errors"][0]["extensions"]["code"], "CONFLICT");
    let replaced = define(&app, "board", BOARD, json!({ "replace": true })).await;
    assert!(replaced.get("errors").is_none(), "{replaced}");
    let all = app.data("{ storedQueries { name query } }", Value::Null).await;
    assert_eq!(all["storedQueries"].as_array().unwrap().len(), 2);
    app.data(
        "mutation { deleteStoredQuery(input: { name: \"board\" }) { name } }",
        Value::Null,
    )
    .await;
    assert_eq!(app.get(path).await.status, 404);
}

async fn columns_stay_when_there_are_no_rows(db: TestDb) {
    let app = TestApp::start(&db).await;
    define(&app, "board", BOARD, json!({})).await;
    let empty = app.get("/q/board.csv?period=1999").await;
    assert_eq!(empty.text(), "indicator,name,value,unit,periodStart,isTotal,flags\r\n");
    assert_eq!(app.get("/q/board.json?period=1999").await.json(), json!([]));
}

async fn what_is_no_table_is_not_stored(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (query, word) in [
        ("{ observationTable { value } }", "name"),
        (
            "query A { observationTable { value } } query B { observationTable { value } }",
            "one operation",
        ),
        (
            "mutation A { deleteStoredQuery(input: { name: \"x\" }) { name } }",
            "only queries",
        ),
        ("query A { indicator(code: \"x\") { code } }", "no list"),
        (
            "query A { a: observationTable { value } b: observationTable { value } }",
            "several lists",
        ),
        ("query A { observationTable { colour } }", "colour"),
        (
            "query A($bom: Int) { observationTable(limit: $bom) { value } }",
            "parameter",
        ),
        ("query A { observationTable { value value: unit } }", ""),
        ("query A { observations { nodes { value } } }", "page"),
        (
            "query A { observations(last: 3) { nodes { value } pageInfo { hasNextPage } } }",
            "last page",
        ),
        (
            "query A { observationTable { ...f } } fragment f on ObservationRow { value ...f }",
            "spreads itself",
        ),
        ("query A { observationTable { value VALUE: value } }", "two columns"),
        ("query A { importBatches(first: 3) { id } }", "is cut after `first`"),
        ("query A { runs: evaluationRuns { id } }", "`runs` is cut after `first`"),
        ("query A {", ""),
    ] {
        let refused = define(&app, "a", query, json!({})).await;
        let error = &refused["errors"][0];
        assert!(error["message"].as_str().unwrap().contains(word), "{query}: {refused}");
        assert_ne!(error["extensions"]["code"], "INTERNAL", "{query}");
    }
    let refused = define(&app, "../x", BOARD, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let path = json!({ "path": "b" });
    let chosen = define(
        &app,
        "a",
        "query A { a: observationTable { value } b: observationTable { unit } }",
        path,
    )
    .await;
    assert_eq!(
        chosen["data"]["defineStoredQuery"]["columns"],
        json!(["unit"]),
        "{chosen}"
    );
    // A page that is not all of the list is refused when it is asked.
    let page = "query A($first: Int!) { indicators(first: $first) { nodes { code } pageInfo { hasNextPage } } }";
    define(&app, "page", page, json!({})).await;
    let cut = app.get("/q/page.csv?first=3").await;
    assert_eq!(
        (cut.status, &cut.json()["errors"][0]["extensions"]["code"]),
        (413, &json!("LIMIT_EXCEEDED"))
    );
    assert_eq!(app.get("/q/page.csv?first=500").await.status, 200);
}

async fn parameters_are_checked_by_their_types(db: TestDb) {
    let app = TestApp::start(&db).await;
    define(&app, "board", BOARD, json!({})).await;
    for (query, status, word) in [
        ("", 400, "`period` is missing"),
        ("period=2021&colour=red", 400, "colour"),
        ("period=21", 400, "21"),
        ("period=2021&limit=many", 400, "limit"),
        ("period=2021&limit=99999999", 413, "limit"),
        ("period=2021&period=2020", 400, "period"),
        ("period=2021&bom=yes", 400, "bom"),
        ("period=2021&org=nobody", 404, "nobody"),
    ] {
        let answer = app.get(&format!("/q/board.csv?{query}")).await;
        let told = answer.json();
        assert_eq!(answer.status, status, "{query}: {told}");
        assert!(
            told["errors"][0]["message"].as_str().unwrap().contains(word),
            "{query}: {told}"
        );
    }
    for path in ["/q/none.csv", "/q/board.pdf", "/q/board.jsonstat", "/q/board"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
    let marked = app.get("/q/board.csv?period=2021&bom=1&limit=1").await;
    assert_eq!(marked.text().lines().count(), 2);
    assert!(marked.text().starts_with('\u{feff}'));
}

async fn a_query_that_no_longer_fits_says_so(db: TestDb) {
    let app = TestApp::start(&db).await;
    let tx = app.service().db().begin_write().await.unwrap();
    let new = entity::stored_query::New {
        name: "old".to_owned(),
        document: "query A { observationTable { colour } }".to_owned(),
        path: None,
        note: None,
        author: "test".to_owned(),
        updated_at: 0,
    };
    entity::stored_query::insert(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    let answer = app.get("/q/old.csv").await;
    let told = answer.json();
    assert_eq!(
        (answer.status, &told["errors"][0]["extensions"]["code"]),
        (409, &json!("CONFLICT")),
        "{told}"
    );
    assert!(told["errors"][0]["message"].as_str().unwrap().contains("colour"));
}

async fn only_who_may_write_stores(db: TestDb) {
    let app = TestApp::start_with(&db, |config| config.public = api::config::Public::Published).await;
    let refused = define(&app, "board", BOARD, json!({})).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
        "{refused}"
    );
}
