//! Imports, undoing and exports by the API: the same rules as by the command line.

use api::config::Public;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::STREET;

suite!(
    Catalog: an_uploaded_file_is_looked_at_then_written_with_its_token,
    a_pasted_table_is_understood,
    faults_are_listed_in_both_languages_and_nothing_is_written,
    the_history_of_a_figure_is_told,
    an_import_by_http_is_the_same,
    an_export_by_http_has_a_tag_and_stays_as_of_its_time,
    strangers_write_nothing,
    a_repeated_request_is_done_once,
);

const IMPORT: &str = r"mutation ($input: ImportObservationsInput!) { importObservations(input: $input) {
    created revised unchanged rejected token
    batch { id author created }
    rows { place { line } outcome }
    revisions { indicator before after }
    problems { line column message messageZh }
    effects { indicator { code } orgUnit { code } before after }
    tables { columns { label meaning } }
} }";

fn received(year: &str, value: &str) -> Row {
    Row::new("petition_received_count", STREET, year, value)
}

/// Sends a file as the multipart request specification says.
async fn upload(app: &TestApp, file: &str, mut input: Value) -> Value {
    input["file"] = Value::Null;
    let operations = json!({ "query": IMPORT, "variables": { "input": input } });
    let map = json!({ "0": ["variables.input.file"] });
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n\
         --x\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n{map}\r\n\
         --x\r\ncontent-disposition: form-data; name=\"0\"; filename=\"figures.csv\"\r\n\r\n{file}\r\n--x--\r\n"
    );
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("graphql-require-preflight", "1"),
    ];
    app.raw_post(&headers, body).await.json()
}

async fn an_uploaded_file_is_looked_at_then_written_with_its_token(db: TestDb) {
    let app = TestApp::start(&db).await;
    let file = csv(&[received("2020", "600"), received("2021", "720")]);
    let seen = upload(&app, &file, json!({})).await;
    let told = &seen["data"]["importObservations"];
    assert_eq!(
        (&told["created"], &told["batch"]),
        (&json!(2), &Value::Null),
        "{seen:#}"
    );
    assert_eq!(told["rows"][1], json!({ "place": { "line": 3 }, "outcome": "CREATED" }));
    let done = upload(&app, &file, json!({ "commit": true, "token": told["token"] })).await;
    let done = &done["data"]["importObservations"];
    assert_eq!(done["batch"], json!({ "id": "1", "author": "tester", "created": 2 }));

    // Somebody corrects a figure between the next look and its commit.
    let second = csv(&[received("2021", "721")]);
    let token = upload(&app, &second, json!({})).await["data"]["importObservations"]["token"].clone();
    let other = csv(&[received("2021", "722")]);
    upload(&app, &other, json!({ "commit": true, "reason": "ERROR" })).await;
    let refused = upload(
        &app,
        &second,
        json!({ "commit": true, "reason": "ERROR", "token": token }),
    )
    .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "CONFLICT", "{refused:#}");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("2021: now 722 宗, in the file 721 宗"), "{message}");

    let undo =
        r#"mutation { undoImport(input: { batch: "2", reason: ERROR, commit: true }) { restored withdrawn batch } }"#;
    let told = app.data(undo, Value::Null).await;
    assert_eq!(
        told["undoImport"],
        json!({ "restored": 1, "withdrawn": 0, "batch": "3" })
    );
    let batches = app.data("{ importBatches { id undoes revised } }", Value::Null).await;
    assert_eq!(
        batches["importBatches"][0],
        json!({ "id": "3", "undoes": "2", "revised": 1 })
    );
}

async fn a_pasted_table_is_understood(db: TestDb) {
    let app = TestApp::start(&db).await;
    let text = "2021年度信访情况\n街道\t受理信访诉求案件数(件)\n笋岗街道\t７２０\n翠竹街道\t约300件\n合计\t1020\n";
    let input = json!({ "text": text });
    let told = app.data(IMPORT, json!({ "input": input })).await;
    let told = &told["importObservations"];
    assert_eq!(told["created"], 2, "{told:#}");
    let columns = &told["tables"][0]["columns"];
    assert_eq!(
        columns[1],
        json!({ "label": "受理信访诉求案件数(件)", "meaning": "petition_received_count" })
    );
}

async fn faults_are_listed_in_both_languages_and_nothing_is_written(db: TestDb) {
    let app = TestApp::start(&db).await;
    let before = db.contents().await;
    let file = csv(&[received("2020", "600"), received("2021", "1,23")]);
    let told = upload(&app, &file, json!({})).await;
    let told = &told["data"]["importObservations"];
    assert_eq!(
        (&told["created"], &told["rejected"], &told["token"]),
        (&json!(1), &json!(1), &Value::Null)
    );
    let expected = json!({ "line": 3, "column": "value", "message": "`1,23` could be 123 or 1.23", "messageZh": "“1,23”可能是 123 或 1.23" });
    assert_eq!(told["problems"][0], expected);
    let refused = upload(&app, &file, json!({ "commit": true })).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "{refused:#}"
    );
    assert_eq!(db.contents().await, before);
}

async fn the_history_of_a_figure_is_told(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (value, reason) in [("700", "LATE"), ("720", "LATE"), ("719", "APPEAL")] {
        upload(
            &app,
            &csv(&[received("2021", value)]),
            json!({ "commit": true, "reason": reason }),
        )
        .await;
    }
    let ask = "{ observations { nodes { value reason batch { id fileName author }
        revisions { count drift first { value source { title contentHash } locator } latest { value } all { value } } } } }";
    let told = app.data(ask, Value::Null).await;
    let node = &told["observations"]["nodes"][0];
    assert_eq!((&node["value"], &node["reason"]), (&json!(719.0), &json!("APPEAL")));
    assert_eq!(
        node["batch"],
        json!({ "id": "3", "fileName": "figures.csv", "author": "tester" })
    );
    let history = &node["revisions"];
    assert_eq!((&history["count"], &history["drift"]), (&json!(3), &json!(19.0)));
    let values: Vec<&Value> = history["all"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["value"])
        .collect();
    assert_eq!(values, [&json!(700.0), &json!(720.0), &json!(719.0)]);
    // A figure whose row names no document cites the file and the line that brought it.
    assert_eq!(history["first"]["source"]["title"], "figures.csv");
    assert_eq!(history["first"]["source"]["contentHash"].as_str().unwrap().len(), 64);
    assert_eq!(history["first"]["locator"], "第2行");

    // More figures need no more queries.
    let queries = async || {
        let before = app.service().db().queries();
        app.data(ask, Value::Null).await;
        app.service().db().queries() - before
    };
    let one = queries().await;
    let many: Vec<Row> = (1990..2020).map(|year| received(&year.to_string(), "1")).collect();
    upload(&app, &csv(&many), json!({ "commit": true })).await;
    queries().await;
    assert_eq!(queries().await, one);
}

async fn an_import_by_http_is_the_same(db: TestDb) {
    let app = TestApp::start(&db).await;
    let file = csv(&[received("2020", "600")]);
    let csv_type = [("content-type", "text/csv")];
    let post = async |path: &str, headers: &[(&str, &str)]| app.client().post(path, headers, file.clone()).await;
    let told = post("/import?name=a.csv", &csv_type).await;
    assert_eq!(
        (told.status, &told.json()["created"]),
        (200, &json!(1)),
        "{}",
        told.text()
    );
    let refused = post("/import?name=a.csv&commit=1", &[("content-type", "text/plain")]).await;
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["extensions"]["code"]),
        (400, &json!("BAD_USER_INPUT"))
    );
    let refused = post("/import?name=a.csv&author=somebody&commit=1", &csv_type).await;
    assert_eq!(refused.status, 400, "the author is whoever asks");
    let token = told.json()["token"].as_str().unwrap().to_owned();
    let done = post(&format!("/import?name=a.csv&commit=1&token={token}"), &csv_type).await;
    assert_eq!(
        (done.status, &done.json()["batch"]),
        (200, &json!(1)),
        "{}",
        done.text()
    );
    let known = post("/import?name=a.csv&commit=1", &csv_type).await;
    assert_eq!(known.json()["knownBatch"], 1);
}

async fn an_export_by_http_has_a_tag_and_stays_as_of_its_time(db: TestDb) {
    let app = TestApp::start(&db).await;
    upload(
        &app,
        &csv(&[received("2020", "600"), received("2021", "720")]),
        json!({ "commit": true }),
    )
    .await;
    let path = format!("/export/observations.csv?edit=1&org={STREET}&period=2021");
    let first = app.get(&path).await;
    assert_eq!(
        (first.status, first.header("content-type")),
        (200, Some("text/csv; charset=utf-8"))
    );
    assert_eq!(first.text().lines().count(), 2, "{}", first.text());
    let tag = first.header("etag").unwrap().to_owned();
    let time = first.header("plumbline-as-of").unwrap().to_owned();
    let again = app.client().get_with(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.text()), (304, ""));

    upload(
        &app,
        &csv(&[received("2021", "721")]),
        json!({ "commit": true, "reason": "ERROR" }),
    )
    .await;
    let now = app.client().get_with(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(now.status, 200);
    assert!(now.text().contains(",721,"), "{}", now.text());
    let then = app.get(&format!("{path}&asOf={time}")).await;
    assert_eq!(then.text(), first.text(), "as it was known before the correction");
    let workbook = app.get("/export/observations.xlsx?edit=1").await;
    assert!(workbook.header("content-disposition").unwrap().contains("figures.xlsx"));
    for (wrong, code) in [
        ("period=21", "BAD_USER_INPUT"),
        ("colour=red", "BAD_USER_INPUT"),
        ("org=nobody", "NOT_FOUND"),
    ] {
        let refused = app.get(&format!("/export/observations.csv?{wrong}")).await;
        assert_eq!(refused.json()["errors"][0]["extensions"]["code"], code, "{wrong}");
    }
}

async fn strangers_write_nothing(db: TestDb) {
    for public in [Public::Published, Public::Nothing] {
        let app = TestApp::start_with(&db, |config| config.public = public.clone()).await;
        let rows = || async { db.contents().await["observation"].clone() };
        let before = rows().await;
        let refused = upload(&app, &csv(&[received("2020", "600")]), json!({ "commit": true })).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{refused:#}"
        );
        assert_eq!(refused.get("data"), None);
        let refused = app.client().post("/import", &[("content-type", "text/csv")], "x").await;
        assert_eq!(
            (refused.status, refused.header("www-authenticate")),
            (401, Some("Bearer realm=\"plumbline\""))
        );
        assert_eq!(rows().await, before);
    }
}

async fn a_repeated_request_is_done_once(db: TestDb) {
    let app = TestApp::start(&db).await;
    let input = json!({ "commit": true, "idempotencyKey": "monday" });
    upload(&app, &csv(&[received("2020", "600")]), input.clone()).await;
    let again = upload(&app, &csv(&[received("2020", "601")]), input).await;
    assert_eq!(again["data"]["importObservations"]["batch"], Value::Null);
    let told = app.data("{ observations { nodes { value } } }", Value::Null).await;
    assert_eq!(told["observations"]["nodes"], json!([{ "value": 600.0 }]));
}
