//! The views say what the API says of the same figures, and only what is current.

use std::collections::BTreeMap;

use api::service::import::{Options, UndoOptions};
use entity::choice::RevisionReason;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::CatalogFiles;
use tests::suite;

suite!(
    Figures: the_views_hold_every_published_figure_as_the_api_gives_it,
    ratios_are_what_the_api_computes_and_have_both_parts_or_none,
);
suite!(
    Tables: periods_have_the_codes_of_the_api_and_their_days,
    an_organisation_stands_where_it_stood_on_that_day,
    what_was_replaced_or_withdrawn_does_not_show,
    a_reader_sees_all_of_an_import_or_nothing,
    money_is_shown_as_people_read_it,
);

const OBSERVATIONS: &str = "{ observations(first: 500) { totalCount nodes { indicator { code kind } orgUnit { code } period breakdown value status flags printed } } }";
const COMPARE: &str = "query ($input: CompareInput!) { compare(input: $input) { rows { current { value numerator denominator status } } } }";

async fn rows(connection: &DatabaseConnection, query: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    connection.query_all_raw(statement).await.unwrap()
}

fn text(row: &QueryResult, column: &str) -> Option<String> {
    row.try_get("", column).unwrap()
}

fn number(row: &QueryResult, column: &str) -> Option<f64> {
    row.try_get("", column).unwrap()
}

/// The texts of columns, one line a row.
async fn lines(connection: &DatabaseConnection, query: &str, columns: &[&str]) -> Vec<String> {
    let line = |row: &QueryResult| {
        let texts = columns
            .iter()
            .map(|column| text(row, column).unwrap_or_else(|| "-".to_owned()));
        texts.collect::<Vec<_>>().join(" ")
    };
    rows(connection, query).await.iter().map(line).collect()
}

/// The small catalogue, changed, in a database.
async fn serve(db: &TestDb, files: &CatalogFiles) -> TestApp {
    let app = TestApp::start(db).await;
    let catalog = api::intake::catalog::read(&files.files()).unwrap();
    app.service()
        .apply_catalog(&api::service::access::Caller::operator("tester"), &catalog)
        .await
        .unwrap();
    app
}

async fn import(app: &TestApp, figures: &str, reason: Option<RevisionReason>) -> i64 {
    let file = format!("indicator,org,period,value,unit\n{figures}");
    let options = Options {
        commit: true,
        caller: api::service::access::Caller::operator("test"),
        reason,
        ..Options::default()
    };
    let report = app.service().import("figures.csv", file.as_bytes(), &options).await;
    report.unwrap_or_else(|error| panic!("{error:?}")).batch.unwrap()
}

async fn the_views_hold_every_published_figure_as_the_api_gives_it(db: TestDb) {
    let app = TestApp::start(&db).await;
    let told = app.data(OBSERVATIONS, json!({})).await["observations"].take();
    let nodes = told["nodes"].as_array().unwrap();
    assert_eq!(told["totalCount"], nodes.len());
    let mut expected: Vec<String> = Vec::new();
    let mut ratios = 0;
    for node in nodes {
        let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        if node["indicator"]["kind"] == "RATIO" {
            ratios += 1;
            continue;
        }
        let flags: Vec<String> = node["flags"].as_array().unwrap().iter().map(word).collect();
        let value = node["value"].as_f64();
        expected.push(format!(
            "{} {} {} {} {value:?} {} {} {}",
            word(&node["indicator"]["code"]),
            word(&node["orgUnit"]["code"]),
            word(&node["period"]),
            word(&node["breakdown"]),
            word(&node["status"]),
            flags.join("|"),
            word(&node["printed"]),
        ));
    }
    let connection = db.raw().await;
    let mut found: Vec<String> = Vec::new();
    for row in rows(&connection, "SELECT * FROM bi_value").await {
        let word = |column| text(&row, column).unwrap_or_else(|| "-".to_owned());
        found.push(format!(
            "{} {} {} {} {:?} {} {} {}",
            word("indicator"),
            word("org"),
            word("period"),
            word("breakdown"),
            number(&row, "own_value"),
            word("status"),
            word("flags"),
            word("printed"),
        ));
        for column in [
            "indicator_zh",
            "org_zh",
            "theme_zh",
            "unit_zh",
            "own_unit_zh",
            "status_zh",
            "source_title",
        ] {
            assert!(text(&row, column).is_some_and(|text| !text.is_empty()), "{column}");
        }
    }
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let printed = rows(&connection, "SELECT * FROM bi_ratio WHERE reported_status IS NOT NULL").await;
    assert_eq!(printed.len(), ratios);
}

async fn ratios_are_what_the_api_computes_and_have_both_parts_or_none(db: TestDb) {
    let app = TestApp::start(&db).await;
    let connection = db.raw().await;
    let mut bases: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(&connection, "SELECT * FROM bi_ratio WHERE basis IS NOT NULL").await {
        let word = |column| text(&row, column).unwrap();
        let (indicator, org, period) = (word("indicator"), word("org"), word("period"));
        let input = json!({ "indicators": { "codes": [indicator] }, "orgs": { "codes": [org] }, "period": period });
        let told = app.data(COMPARE, json!({ "input": input })).await["compare"]["rows"][0]["current"].take();
        let place = format!("{indicator} {org} {period}: {told}");
        let ratio = number(&row, "ratio_do_not_aggregate").unwrap();
        let same = |one: f64, other: f64| (one - other).abs() <= 1e-13 * one.abs();
        assert!(same(ratio, told["value"].as_f64().unwrap()), "{ratio} {place}");
        assert_eq!(told["status"], word("status"), "{place}");
        *bases.entry(word("basis")).or_default() += 1;
        let parts = (number(&row, "numerator"), number(&row, "denominator"));
        match (word("basis").as_str(), parts) {
            ("COMPUTED", (Some(above), Some(below))) => {
                assert_eq!(
                    (told["numerator"].as_f64(), told["denominator"].as_f64()),
                    (Some(above), Some(below)),
                    "{place}"
                );
                assert!(same(ratio, above / below * number(&row, "factor").unwrap()), "{place}");
            }
            ("REPORTED", (None, None)) => assert_eq!(number(&row, "reported_do_not_aggregate"), Some(ratio)),
            other => panic!("{other:?} {place}"),
        }
    }
    assert!(bases["COMPUTED"] >= 9 && bases["REPORTED"] >= 9, "{bases:?}");
}

async fn periods_have_the_codes_of_the_api_and_their_days(db: TestDb) {
    let app = serve(&db, &CatalogFiles::small()).await;
    let periods = [
        ("1900-02", "MONTH", "1900-02-01", "1900-02-28"),
        ("2000-02", "MONTH", "2000-02-01", "2000-02-29"),
        ("2018-07/2019-06", "SPAN", "2018-07-01", "2019-06-30"),
        ("2021", "YEAR", "2021-01-01", "2021-12-31"),
        ("2021-01/2021-09", "SPAN", "2021-01-01", "2021-09-30"),
        ("2021-02/2021-04", "SPAN", "2021-02-01", "2021-04-30"),
        ("2021-12", "MONTH", "2021-12-01", "2021-12-31"),
        ("2021-Q1", "QUARTER", "2021-01-01", "2021-03-31"),
        ("2021-Q4", "QUARTER", "2021-10-01", "2021-12-31"),
        ("2021-S2", "HALF_YEAR", "2021-07-01", "2021-12-31"),
        ("2024-02", "MONTH", "2024-02-01", "2024-02-29"),
        ("2024-S1", "HALF_YEAR", "2024-01-01", "2024-06-30"),
        ("2026-02", "MONTH", "2026-02-01", "2026-02-28"),
    ];
    let figures = periods
        .map(|(period, ..)| format!("received,street,{period},1,件\n"))
        .concat();
    import(&app, &figures, None).await;
    let expected = periods.map(|(period, kind, first, last)| format!("{period} {kind} {first} {last}"));
    // As text on both: the one has dates, the other writes them.
    let days = "CAST(period_start AS TEXT) AS first_day, CAST(period_end AS TEXT) AS last_day";
    for view in ["bi_period", "bi_value"] {
        let query = format!("SELECT period, period_kind, {days} FROM {view}");
        let mut found = lines(
            &db.raw().await,
            &query,
            &["period", "period_kind", "first_day", "last_day"],
        )
        .await;
        found.sort();
        assert_eq!(found, expected, "{view}");
    }
}

async fn an_organisation_stands_where_it_stood_on_that_day(db: TestDb) {
    let moved = r#"
[[org]]
code = "other"
level = "DISTRICT"
name = { zh = "乙区", en = "Other" }
parent = "city"

[[org]]
code = "town"
level = "STREET"
name = { zh = "镇", en = "Town" }
from = "2019-01"
parents = [{ org = "district", to = "2022-06" }, { org = "other", from = "2022-07" }]
"#;
    let _app = serve(&db, &CatalogFiles::small().append("organisations.toml", moved)).await;
    let connection = db.raw().await;
    let query = "SELECT ancestor, CAST(distance AS TEXT) AS distance, CAST(valid_from AS TEXT) AS first_day, CAST(valid_to AS TEXT) AS last_day
        FROM bi_org_ancestor WHERE org = 'town' ORDER BY distance, valid_from";
    let found = lines(&connection, query, &["ancestor", "distance", "first_day", "last_day"]).await;
    let expected = [
        "town 0 2019-01-01 9999-12-31",
        "district 1 2019-01-01 2022-06-30",
        "other 1 2022-07-01 9999-12-31",
        "city 2 2019-01-01 2022-06-30",
        "city 2 2022-07-01 9999-12-31",
    ];
    assert_eq!(found, expected);
    let path = "SELECT path, path_zh, CAST(depth AS TEXT) AS depth, city_zh, district_zh, street_zh, community_zh FROM bi_org_path ORDER BY path";
    let found = lines(
        &connection,
        path,
        &[
            "path",
            "path_zh",
            "depth",
            "city_zh",
            "district_zh",
            "street_zh",
            "community_zh",
        ],
    )
    .await;
    let expected = [
        "city 市 0 市 - - -",
        "city/district 市/区 1 市 区 - -",
        "city/district/street 市/区/街道 2 市 区 街道 -",
        "city/other 市/乙区 1 市 乙区 - -",
        "city/other/town 市/乙区/镇 2 市 乙区 镇 -",
    ];
    assert_eq!(found, expected);
    let org = "SELECT org_level_zh, parent, CAST(valid_from AS TEXT) AS first_day FROM bi_org WHERE org = 'town'";
    assert_eq!(
        lines(&connection, org, &["org_level_zh", "parent", "first_day"]).await,
        ["镇街 other 2019-01-01"]
    );
}

async fn what_was_replaced_or_withdrawn_does_not_show(db: TestDb) {
    let app = serve(&db, &CatalogFiles::small()).await;
    let connection = db.raw().await;
    let show =
        "SELECT period, CAST(value AS TEXT) AS value, CAST(revision AS TEXT) AS revision FROM bi_value ORDER BY period";
    let columns = ["period", "value", "revision"];
    import(&app, "received,street,2021,7,件\n", None).await;
    import(&app, "received,street,2021,8,件\n", Some(RevisionReason::Error)).await;
    let batch = import(&app, "received,street,2022,9,件\nresolved,street,2022,3,件\n", None).await;
    let shown = lines(&connection, show, &columns).await;
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(shown[0].starts_with("2021 8") && shown[0].ends_with(" 2"), "{shown:?}");
    let rates = "SELECT period FROM bi_ratio WHERE basis = 'COMPUTED'";
    assert_eq!(lines(&connection, rates, &["period"]).await, ["2022"]);
    let options = UndoOptions {
        batch,
        commit: true,
        caller: api::service::access::Caller::operator("test"),
        reason: RevisionReason::Error,
    };
    app.service().undo(&options).await.unwrap();
    assert_eq!(lines(&connection, show, &columns).await, shown[..1]);
    assert_eq!(lines(&connection, rates, &["period"]).await, Vec::<String>::new());
    assert_eq!(
        lines(&connection, "SELECT period FROM bi_period", &["period"]).await,
        ["2021"]
    );
}

async fn a_reader_sees_all_of_an_import_or_nothing(db: TestDb) {
    let app = serve(&db, &CatalogFiles::small()).await;
    let connection = db.raw().await;
    let year = |value: u32| {
        let months = (1..=12).map(|month| {
            format!("received,street,2021-{month:02},{value},件\nresolved,street,2021-{month:02},{value},件\n")
        });
        months.collect::<String>()
    };
    import(&app, &year(1), None).await;
    let writer = async {
        for value in 2..=20 {
            import(&app, &year(value), Some(RevisionReason::Late)).await;
        }
    };
    let query = "SELECT SUM(value) AS value, COUNT(*) AS n, MIN(value) AS least, MAX(value) AS most FROM bi_value";
    let rates = "SELECT COUNT(*) AS n FROM bi_ratio WHERE ratio_do_not_aggregate = 100";
    let mut seen = 0;
    let reader = async {
        loop {
            let row = rows(&connection, query).await.remove(0);
            let (least, most) = (number(&row, "least"), number(&row, "most"));
            assert_eq!((row.try_get::<i64>("", "n").unwrap(), least), (24, most));
            let row = rows(&connection, rates).await.remove(0);
            assert_eq!(row.try_get::<i64>("", "n").unwrap(), 12);
            seen += 1;
            if most == Some(20.0) {
                break;
            }
        }
    };
    tokio::join!(writer, reader);
    assert!(seen > 1, "nothing was read while the imports ran");
}

async fn money_is_shown_as_people_read_it(db: TestDb) {
    let app = serve(&db, &CatalogFiles::small()).await;
    import(
        &app,
        "budget,street,2021,7.07,万元\nbudget,street,2022,123456789012.34,元\nrate,street,2021,7,%\n",
        None,
    )
    .await;
    let connection = db.raw().await;
    let figures: Vec<_> = rows(&connection, "SELECT * FROM bi_value ORDER BY year")
        .await
        .iter()
        .map(|row| {
            (
                number(row, "value").unwrap(),
                text(row, "unit_zh"),
                number(row, "own_value").unwrap(),
                text(row, "own_unit"),
            )
        })
        .collect();
    let figure = |value: f64, own: f64| (value, Some("万元".to_owned()), own, Some("yuan".to_owned()));
    assert_eq!(
        figures,
        [figure(7.07, 70_700.0), figure(12_345_678.901_234, 123_456_789_012.34)]
    );
    let rate = rows(&connection, "SELECT * FROM bi_ratio").await.remove(0);
    assert_eq!(
        (number(&rate, "ratio_do_not_aggregate"), number(&rate, "factor")),
        (Some(7.0), Some(100.0))
    );
}
