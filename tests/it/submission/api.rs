//! The workflow as an office sees it: by GraphQL, and by the command line.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

use super::desk::STREET;
use crate::program::plumbline;

suite!(
    Catalog: a_submission_goes_its_way_by_graphql,
    refusals_are_coded,
    a_server_for_others_takes_no_submissions,
    a_submission_goes_its_way_by_the_command_line,
);

const STANDS: &str = "submission { id state revision round isCorrection }";

async fn act(app: &TestApp, name: &str, kind: &str, input: Value, more: &str) -> Value {
    let text = format!("mutation ($input: {kind}!) {{ {name}(input: $input) {{ {STANDS} {more} }} }}");
    let mut answer = app.query(&text, json!({ "input": input })).await;
    if answer.get("errors").is_some() {
        return answer;
    }
    answer["data"][name].take()
}

const REPORT: &str = "report { created revised rejected problems { messageZh line } rows { outcome } batch { id submission } effects { rankAfter } }";

/// The input of an act of the reporter, with what else it takes.
fn input(id: &Value, revision: i32, more: Value) -> Value {
    let mut input = json!({ "submission": id, "revision": revision, "onBehalfOf": "填报人" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

async fn a_submission_goes_its_way_by_graphql(db: TestDb) {
    let app = TestApp::start(&db).await;
    let opened = act(
        &app,
        "openSubmission",
        "OpenSubmissionInput",
        json!({ "org": STREET, "period": "2021", "deadline": "2022-01-31", "onBehalfOf": "填报人" }),
        "",
    )
    .await;
    assert_eq!(opened["submission"]["state"], "DRAFT", "{opened:#}");
    let id = opened["submission"]["id"].clone();
    let table = "指标\t数值\n受理信访诉求案件数\t7,20\n";
    let looked = act(
        &app,
        "fillSubmission",
        "FillSubmissionInput",
        input(&id, 1, json!({ "text": table })),
        REPORT,
    )
    .await;
    assert_eq!(looked["report"]["rejected"], 1, "{looked:#}");
    let figures = json!({ "figures": [
        { "indicator": "petition_received_count", "value": "720", "note": "含联名" },
        { "indicator": "petition_resolved_count", "status": "NOT_APPLICABLE" },
    ], "commit": true });
    let filled = act(
        &app,
        "fillSubmission",
        "FillSubmissionInput",
        input(&id, 1, figures),
        REPORT,
    )
    .await;
    assert_eq!(
        (&filled["report"]["created"], &filled["submission"]["revision"]),
        (&json!(2), &json!(2)),
        "{filled:#}"
    );
    let told = app.data("{ observations { totalCount } }", Value::Null).await;
    assert_eq!(told["observations"]["totalCount"], 0);

    it_is_reviewed_and_published(&app, &id).await;
    it_is_told(&app, &id).await;
}

async fn it_is_reviewed_and_published(app: &TestApp, id: &Value) {
    let handed = act(
        app,
        "submitSubmission",
        "SubmissionActInput",
        input(id, 2, json!({})),
        "",
    )
    .await;
    assert_eq!(handed["submission"]["state"], "SUBMITTED", "{handed:#}");
    let own = act(
        app,
        "approveSubmission",
        "SubmissionActInput",
        input(id, 3, json!({})),
        "",
    )
    .await;
    assert_eq!(own["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let back = json!({ "onBehalfOf": "审核人", "message": "请补充说明" });
    let returned = act(app, "returnSubmission", "ReturnSubmissionInput", input(id, 3, back), "").await;
    assert_eq!(returned["submission"]["state"], "RETURNED", "{returned:#}");
    let said = json!({ "submission": id, "onBehalfOf": "填报人", "message": "已核实" });
    act(app, "commentSubmission", "CommentSubmissionInput", said, "").await;
    act(
        app,
        "submitSubmission",
        "SubmissionActInput",
        input(id, 4, json!({})),
        "",
    )
    .await;
    let reviewer = json!({ "onBehalfOf": "审核人" });
    act(
        app,
        "approveSubmission",
        "SubmissionActInput",
        input(id, 5, reviewer),
        "",
    )
    .await;
    let publisher = json!({ "onBehalfOf": "发布人" });
    let dry = act(
        app,
        "publishSubmission",
        "PublishSubmissionInput",
        input(id, 6, publisher),
        REPORT,
    )
    .await;
    assert_eq!(
        (&dry["report"]["created"], &dry["submission"]["state"]),
        (&json!(2), &json!("APPROVED")),
        "{dry:#}"
    );
    let publisher = json!({ "onBehalfOf": "发布人", "commit": true });
    let done = act(
        app,
        "publishSubmission",
        "PublishSubmissionInput",
        input(id, 6, publisher),
        REPORT,
    )
    .await;
    assert_eq!(done["submission"]["state"], "PUBLISHED", "{done:#}");
    assert_eq!(done["report"]["batch"]["submission"], *id);
    let locked = act(app, "lockSubmission", "SubmissionActInput", input(id, 7, json!({})), "").await;
    assert_eq!(locked["submission"]["state"], "LOCKED");
}

async fn it_is_told(app: &TestApp, id: &Value) {
    let whole = format!(
        r#"{{ submission(id: {id}) {{ state orgUnit {{ code }} period deadline missing
            figures {{ author figure {{ indicator {{ code }} value status note revisions {{ count }} }} }}
            thread {{ act state actor message figures }} }}
            submissions(filter: {{ states: [LOCKED], period: "2021" }}, first: 1) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage }} }}
            submissionsOwed(period: "2021", within: "shenzhen") {{ orgUnit {{ code }} owed present missing isLate daysLate deadline submission {{ id }} }} }}"#
    );
    let told = app.data(&whole, Value::Null).await;
    let acts: Vec<&str> = told["submission"]["thread"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["act"].as_str())
        .collect();
    let expected = [
        "OPEN", "FILL", "SUBMIT", "RETURN", "COMMENT", "SUBMIT", "APPROVE", "PUBLISH", "LOCK",
    ];
    assert_eq!(acts, expected);
    assert_eq!(told["submission"]["figures"][0]["figure"]["note"], "含联名");
    assert_eq!(told["submissions"]["totalCount"], 1);
    let owed = &told["submissionsOwed"][0];
    assert_eq!(
        (&owed["owed"], &owed["present"], &owed["isLate"]),
        (&json!(2), &json!(2), &json!(true)),
        "{owed:#}"
    );
}

async fn refusals_are_coded(db: TestDb) {
    let app = TestApp::start(&db).await;
    let unknown = app.data(r#"{ submission(id: "77") { id } }"#, Value::Null).await;
    assert_eq!(unknown["submission"], Value::Null);
    for (name, kind, input, code) in [
        (
            "openSubmission",
            "OpenSubmissionInput",
            json!({ "org": "nowhere", "period": "2021", "onBehalfOf": "甲" }),
            "NOT_FOUND",
        ),
        (
            "openSubmission",
            "OpenSubmissionInput",
            json!({ "org": STREET, "period": "2021", "onBehalfOf": "甲\u{1}乙" }),
            "BAD_USER_INPUT",
        ),
        (
            "openSubmission",
            "OpenSubmissionInput",
            json!({ "org": STREET, "period": "2021", "onBehalfOf": "甲", "deadline": "明天" }),
            "BAD_USER_INPUT",
        ),
        (
            "submitSubmission",
            "SubmissionActInput",
            json!({ "submission": "77", "revision": 1, "onBehalfOf": "甲" }),
            "NOT_FOUND",
        ),
        (
            "submitSubmission",
            "SubmissionActInput",
            json!({ "submission": "x", "revision": 1, "onBehalfOf": "甲" }),
            "BAD_USER_INPUT",
        ),
        (
            "fillSubmission",
            "FillSubmissionInput",
            json!({ "submission": "77", "revision": 1, "onBehalfOf": "甲", "text": "a", "figures": [] }),
            "BAD_USER_INPUT",
        ),
    ] {
        let before = db.contents().await;
        let answer = act(&app, name, kind, input.clone(), "").await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], code,
            "{name} {input}: {answer:#}"
        );
        assert_eq!(db.contents().await, before);
    }
    let calendar = r#"mutation { setReportingCalendar(input: { period: "2021", onBehalfOf: "甲", entries: [
        { level: STREET, within: "shenzhen-luohu", indicators: ["petition_received_count"], deadline: "2022-01-31" } ] }) {
        entries { level within { code } indicators deadline author } } }"#;
    let told = app.data(calendar, Value::Null).await;
    let entry = &told["setReportingCalendar"]["entries"][0];
    assert_eq!(
        (&entry["level"], &entry["within"]["code"]),
        (&json!("STREET"), &json!("shenzhen-luohu"))
    );
    let told = app
        .data(r#"{ reportingCalendar(period: "2021") { deadline } }"#, Value::Null)
        .await;
    assert_eq!(told["reportingCalendar"][0]["deadline"], "2022-01-31");
}

async fn a_server_for_others_takes_no_submissions(db: TestDb) {
    let app = TestApp::start_with(&db, |config| config.public = api::config::Public::Published).await;
    let input = json!({ "org": STREET, "period": "2021", "onBehalfOf": "甲" });
    let answer = act(&app, "openSubmission", "OpenSubmissionInput", input, "").await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

async fn a_submission_goes_its_way_by_the_command_line(db: TestDb) {
    let call = |arguments: &[&str]| {
        let all: Vec<&str> = ["submission"].into_iter().chain(arguments.iter().copied()).collect();
        let said = plumbline(all).args(["--database-url", db.url()]).run();
        (said.code(), format!("{}{}", said.out, said.err))
    };
    let well = |arguments: &[&str]| {
        let (code, text) = call(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {text}");
        text
    };
    assert!(
        well(&["open", STREET, "2021", "--author", "甲"]).contains("Submission 1: shenzhen-luohu-sungang 2021, DRAFT")
    );
    let figure = ["--indicator", "petition_received_count", "--value", "720"];
    let fill: Vec<&str> = ["fill", "1", "--author", "甲"].into_iter().chain(figure).collect();
    assert!(well(&fill).contains("Dry run"));
    well(&fill.iter().copied().chain(["--commit"]).collect::<Vec<_>>());
    well(&["submit", "1", "--author", "甲"]);
    let (code, text) = call(&["approve", "1", "--author", "甲"]);
    assert_eq!(code, Some(2), "{text}");
    let (code, text) = call(&["approve", "1", "--author", "乙", "--revision", "1"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("it is SUBMITTED at revision 3 now"), "{text}");
    well(&["approve", "1", "--author", "乙"]);
    assert!(well(&["publish", "1", "--author", "丙", "--commit"]).contains("Written as batch 1."));
    well(&["lock", "1", "--author", "丙"]);
    let shown = well(&["show", "1"]);
    assert!(shown.contains("petition_received_count 720 宗 — 甲"), "{shown}");
    assert!(well(&["list", "--period", "2021"]).contains("LOCKED"));
    well(&[
        "calendar",
        "2022",
        "--deadline",
        "2023-01-31",
        "--level",
        "STREET",
        "--indicator",
        "petition_received_count",
    ]);
    assert!(well(&["owed", "2022", "--within", STREET]).contains("0 of 1 figure, by 2023-01-31"));
}
