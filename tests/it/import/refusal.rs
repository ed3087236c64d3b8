//! Rows that cannot be stored: each is told with line, column, fault and hint, and one is enough to store nothing.

use api::service::access::Caller;
use tests::db::TestDb;
use tests::fixture::{CatalogFiles, Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, faults, import};

suite!(
    Catalog: codes_that_do_not_exist_are_told,
    values_that_are_no_numbers_are_told,
    units_that_do_not_fit_are_told,
    remarks_that_cannot_be_kept_are_told,
    a_cell_that_stands_twice_is_told_with_both_lines,
    every_fault_of_a_file_is_told,
    one_bad_row_among_many_stores_nothing,
);
suite!(Tables: a_figure_of_nobody_is_refused);

/// A row that could be stored.
fn good() -> Row {
    Row::new("petition_received_count", STREET, "2021", "720")
}

/// What is said of each row, which stands between two good ones, and that nothing is stored.
async fn told(db: &TestDb, cases: impl IntoIterator<Item = Row>) -> String {
    let service = db.service().await;
    let before = db.contents().await;
    let mut lines = Vec::new();
    for row in cases {
        let file = csv(&[good().with("period", "2019"), row, good().with("period", "2020")]);
        lines.extend(faults(&service, file.as_bytes()).await);
    }
    assert_eq!(db.contents().await, before);
    lines.join("\n")
}

async fn codes_that_do_not_exist_are_told(db: TestDb) {
    let cases = [
        good().with("indicator", "petition_recieved_count"),
        good().with("indicator", "zzz"),
        good().with("indicator", ""),
        good().with("indicator", "petition_unresolved_count"),
        good().with("org", "shenzhen-luohu-sungan"),
        good().with("org", "笋岗街"),
        good().with("period", "21年"),
        good().with("period", "2021-13"),
        good().with("period", "20219月"),
        good().with("period", "2021-Q5"),
        good().with("period", "2021-09/2021-01"),
        good().with("period", ""),
        good().with("breakdown", "case_type=civl"),
        good().with("breakdown", "民"),
    ];
    let told = told(&db, cases).await;
    insta::allow_duplicates!(insta::assert_snapshot!(told, @r#"
    figures.csv:3 [indicator]: there is no indicator `petition_recieved_count` — did you mean `petition_received_count`? the codes stand in the catalogue
    figures.csv:3 [indicator]: there is no indicator `zzz` — the codes stand in the catalogue
    figures.csv:3 [indicator]: there is no indicator `` — the codes stand in the catalogue
    figures.csv:3 [indicator]: `petition_unresolved_count` is computed from other indicators — give the figures it is computed from
    figures.csv:3 [org]: there is no organisation `shenzhen-luohu-sungan` — did you mean `shenzhen-luohu-sungang`? write its code or its full Chinese name
    figures.csv:3 [org]: there is no organisation `笋岗街` — write its code or its full Chinese name
    figures.csv:3 [period]: `21年` is not a period; write 2021 (year), 2021-S1 (half-year), 2021-Q3 (quarter), 2021-09 (month) or 2021-01/2021-09 (both months included) — the period is that of the figure, not of the report
    figures.csv:3 [period]: `2021-13`: there is no such month; it runs from 1 to 12 — the period is that of the figure, not of the report
    figures.csv:3 [period]: `20219月` could be 2021-09 or 2021-01/2021-09 — write it as one of them
    figures.csv:3 [period]: `2021-Q5`: there is no such quarter; it runs from 1 to 4 — the period is that of the figure, not of the report
    figures.csv:3 [period]: `2021-09/2021-01` ends before it begins; write the earlier month first — the period is that of the figure, not of the report
    figures.csv:3 [period]: `` is not a period; write 2021 (year), 2021-S1 (half-year), 2021-Q3 (quarter), 2021-09 (month) or 2021-01/2021-09 (both months included) — the period is that of the figure, not of the report
    figures.csv:3 [breakdown]: there is no breakdown item `case_type=civl` — did you mean `case_type=civil`? write breakdown=item with codes of the catalogue, or leave it blank
    figures.csv:3 [breakdown]: there is no breakdown item `民` — write breakdown=item with codes of the catalogue, or leave it blank
    "#));
}

async fn values_that_are_no_numbers_are_told(db: TestDb) {
    let money = |value: &str| Row::new("legal_advisor_budget", STREET, "2021", value).with("unit", "万元");
    let cases = [
        good().with("value", "").with("status", "NORMAL"),
        good().with("value", "0").with("status", "MISSING"),
        good().with("value", "1").with("status", "SUPPRESSED"),
        good().with("value", "1,23"),
        good().with("value", "无"),
        good().with("value", "3-5"),
        good().with("value", "702/720"),
        good().with("value", "5桶"),
        good().with("value", "1e3"),
        good().with("value", "七百"),
        good().with("value", "1234567890123456"),
        good().with("value", "1.5"),
        good().with("value", "-1"),
        money("0.1234567890123456"),
        Row::new("petition_resolution_rate", STREET, "2021", "100.1").with("unit", "%"),
        Row::new("petition_resolution_rate", STREET, "2021", "1.001").with("unit", "比值"),
        Row::new("petition_resolution_rate", STREET, "2021", "0.97"),
        Row::new("leader_law_report_done", STREET, "2021", "2"),
    ];
    let told = told(&db, cases).await;
    insta::allow_duplicates!(insta::assert_snapshot!(told, @r#"
    figures.csv:3 [value]: NORMAL needs a number — write the number, or another status
    figures.csv:3 [value]: MISSING has no number — leave the value blank, or write another status
    figures.csv:3 [value]: SUPPRESSED has no number — leave the value blank, or write another status
    figures.csv:3 [value]: `1,23` could be 123 or 1.23 — write it as one of them
    figures.csv:3 [value]: `无` could be 0, MISSING or NOT_APPLICABLE — write which; a mapping can say it for all cells: [words]
    figures.csv:3 [value]: `3-5` is a range — write the figure itself; put the text of the source into `printed`
    figures.csv:3 [value]: `702/720` is a fraction — import its two figures; the rate is computed from them
    figures.csv:3 [value]: `5桶` is not a plain number: `桶` is no unit — write plain digits with at most one point, as 1234.5; put the text of the source into `printed`
    figures.csv:3 [value]: `1e3` is not a plain number: `e3` is no unit — write plain digits with at most one point, as 1234.5; put the text of the source into `printed`
    figures.csv:3 [value]: `七百` is not a plain number — write plain digits with at most one point, as 1234.5; put the text of the source into `printed`
    figures.csv:3 [value]: `1234567890123456` has more digits than can be kept exactly — write at most 15 significant digits
    figures.csv:3 [value]: a count is a whole number — check the number and its unit
    figures.csv:3 [value]: -1 is outside the valid range of `petition_received_count`, 0 to inf — check the number, its unit and the indicator
    figures.csv:3 [value]: `0.1234567890123456` has more digits than can be kept exactly — write at most 15 significant digits
    figures.csv:3 [value]: 100.1 is outside the valid range of `petition_resolution_rate`, 0 to 100 — check the number, its unit and the indicator
    figures.csv:3 [value]: 100.1 is outside the valid range of `petition_resolution_rate`, 0 to 100 — check the number, its unit and the indicator
    figures.csv:3 [value]: `0.97` could be 97% or 0.97% — write it as one of them
    figures.csv:3 [value]: yes is 1, no is 0 — write 1 or 0
    "#));
}

async fn units_that_do_not_fit_are_told(db: TestDb) {
    let cases = [
        good().with("unit", "桶"),
        good().with("unit", "人"),
        Row::new("public_legal_consultation_count", STREET, "2021", "100").with("unit", "人"),
        Row::new("enforcement_officer_count", STREET, "2021", "100").with("unit", "人次"),
        Row::new("legal_advisor_budget", STREET, "2021", "9.8"),
        Row::new("legal_advisor_budget", STREET, "2021", "9.8").with("unit", "%"),
        Row::new("petition_resolution_rate", STREET, "2021", "97").with("unit", "宗"),
    ];
    let told = told(&db, cases).await;
    insta::allow_duplicates!(insta::assert_snapshot!(told, @r#"
    figures.csv:3 [unit]: there is no unit `桶` — write 宗 or another unit of the same quantity
    figures.csv:3 [unit]: 人 counts person, `petition_received_count` is counted in 宗 (case) — these never merge: take the indicator that is counted in this unit
    figures.csv:3 [unit]: 人 counts person, `public_legal_consultation_count` is counted in 人次 (person_time) — these never merge: take the indicator that is counted in this unit
    figures.csv:3 [unit]: 人次 counts person_time, `enforcement_officer_count` is counted in 人 (person) — these never merge: take the indicator that is counted in this unit
    figures.csv:3 [unit]: the unit is blank — write 元 or 万元: they differ by a factor
    figures.csv:3 [unit]: % counts ratio, `legal_advisor_budget` is counted in 元 (money) — these never merge: take the indicator that is counted in this unit
    figures.csv:3 [unit]: 宗 counts case, `petition_resolution_rate` is counted in % (ratio) — these never merge: take the indicator that is counted in this unit
    "#));
}

async fn remarks_that_cannot_be_kept_are_told(db: TestDb) {
    let long = "长".repeat(2001);
    let cases = [
        good().with("status", "normal"),
        good().with("status", "ABSENT"),
        good().with("flags", "BRAEK"),
        good().with("flags", "BREAK,SCOPE_CHANGED"),
        good().with("flags", "INCOMPLETE"),
        good().with("source_url", "https://example.org"),
        good().with("published_on", "2021-12-27"),
        good().with("source_title", "报告").with("published_on", "2021-2-7"),
        good().with("source_title", "报告").with("published_on", "2021-02-30"),
        good().with("source_title", "报告").with("published_on", "27.12.2021"),
        good().with("locator", &long),
    ];
    let told = told(&db, cases).await;
    insta::allow_duplicates!(insta::assert_snapshot!(told, @r#"
    figures.csv:3 [status]: `normal` is not a status — write one of NORMAL, PROVISIONAL, ESTIMATED, LOWER_BOUND, MISSING, NOT_APPLICABLE, SUPPRESSED
    figures.csv:3 [status]: `ABSENT` is not a status — write one of NORMAL, PROVISIONAL, ESTIMATED, LOWER_BOUND, MISSING, NOT_APPLICABLE, SUPPRESSED
    figures.csv:3 [flags]: `BRAEK` is not a flag that a file gives — write BREAK, BOUNDARY_CHANGED, DERIVED_FROM_TEXT, SCOPE_CHANGED joined by |
    figures.csv:3 [flags]: `BREAK,SCOPE_CHANGED` is not a flag that a file gives — write BREAK, BOUNDARY_CHANGED, DERIVED_FROM_TEXT, SCOPE_CHANGED joined by |
    figures.csv:3 [flags]: `INCOMPLETE` is not a flag that a file gives — write BREAK, BOUNDARY_CHANGED, DERIVED_FROM_TEXT, SCOPE_CHANGED joined by |
    figures.csv:3 [source_title]: a source has no title — write the title of the document
    figures.csv:3 [source_title]: a source has no title — write the title of the document
    figures.csv:3 [published_on]: `2021-2-7` is not a date — write it as 2021-12-27
    figures.csv:3 [published_on]: `2021-02-30` is not a date — write it as 2021-12-27
    figures.csv:3 [published_on]: `27.12.2021` is not a date — write it as 2021-12-27
    figures.csv:3 [locator]: the text is too long — write at most 2000 characters
    "#));
}

async fn a_cell_that_stands_twice_is_told_with_both_lines(db: TestDb) {
    let cases = [
        good().with("period", "2019"),
        good().with("period", "2019-01/2019-12").with("value", "1"),
        good().with("period", "2019").with("org", "深圳市罗湖区笋岗街道"),
    ];
    let told = told(&db, cases).await;
    insta::allow_duplicates!(insta::assert_snapshot!(told, @r#"
    figures.csv:3 [period]: line 2 gives a figure for the same cell — keep one of the two lines
    figures.csv:3 [period]: line 2 gives a figure for the same cell — keep one of the two lines
    figures.csv:3 [period]: line 2 gives a figure for the same cell — keep one of the two lines
    "#));
    let service = db.service().await;
    let apart = csv(&[
        good(),
        good().with("breakdown", "case_type=civil"),
        good().with("period", "2021-Q1"),
    ]);
    assert_eq!(import(&service, &apart, &commit()).await.created, 3);
}

async fn every_fault_of_a_file_is_told(db: TestDb) {
    let service = db.service().await;
    let file = csv(&[
        good().with("org", "nobody").with("period", "21").with("status", "?"),
        good().with("period", "2020"),
        good().with("indicator", "nothing").with("source_url", "x"),
    ]);
    let told = faults(&service, file.as_bytes()).await;
    let places: Vec<&str> = told.iter().filter_map(|line| line.split(": ").next()).collect();
    let expected = [
        "figures.csv:2 [period]",
        "figures.csv:2 [org]",
        "figures.csv:2 [status]",
        "figures.csv:4 [indicator]",
        "figures.csv:4 [source_title]",
    ];
    assert_eq!(places, expected);
}

async fn one_bad_row_among_many_stores_nothing(db: TestDb) {
    let service = db.service().await;
    let before = db.contents().await;
    let month = |month: usize| format!("{}-{:02}", 1950 + month / 12, month % 12 + 1);
    let mut rows: Vec<Row> = (0..500).map(|index| good().with("period", &month(index))).collect();
    rows[499] = good().with("value", "viele");
    let told = faults(&service, csv(&rows).as_bytes()).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("figures.csv:501 [value]: "), "{told:?}");
    assert_eq!(db.contents().await, before);
    rows.pop();
    assert_eq!(import(&service, &csv(&rows), &commit()).await.created, 499);
}

/// An organisation has figures only while it exists.
async fn a_figure_of_nobody_is_refused(db: TestDb) {
    let service = db.service().await;
    let files = CatalogFiles::small().replace(
        "organisations.toml",
        "parent = \"district\"",
        "parent = \"district\"\nfrom = \"2010-07\"\nto = \"2019-12\"",
    );
    let catalog = api::intake::catalog::read(&files.files()).unwrap();
    service
        .apply_catalog(&Caller::operator("tester"), &catalog)
        .await
        .unwrap();
    for (period, is_taken) in [
        ("2010-S1", false),
        ("2010", true),
        ("2010-07", true),
        ("2019-12", true),
        ("2020", false),
    ] {
        let file = csv(&[Row::new("received", "street", period, "1")]);
        if is_taken {
            assert_eq!(import(&service, &file, &commit()).await.created, 1, "{period}");
        } else {
            let told = faults(&service, file.as_bytes()).await;
            assert_eq!(
                told,
                [
                    "figures.csv:2 [period]: `street` did not exist then — name the organisation that existed in this period"
                ]
            );
        }
    }
}
