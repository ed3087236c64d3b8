//! The file as a whole: its encoding, its line ends, its columns.

use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, faults, import, stored};

suite!(Catalog: a_file_of_a_spreadsheet_is_taken, what_is_no_file_of_figures_is_refused);

/// With a byte order mark, CRLF, columns in another order, quoted cells and a blank line at the end.
async fn a_file_of_a_spreadsheet_is_taken(db: TestDb) {
    let service = db.service().await;
    let text = format!(
        "\u{feff}period,value,org,note,indicator\r\n\
         2020,600,{STREET},\"甲,\r\n乙\",petition_received_count\r\n\
         2021,\"720\",{STREET},,petition_received_count\r\n\r\n"
    );
    let report = import(&service, &text, &commit()).await;
    assert_eq!((report.figures, report.created), (2, 2));
    let rows = stored(&service).await;
    assert_eq!(
        rows.iter().map(|row| row.value).collect::<Vec<_>>(),
        [Some(600.0), Some(720.0)]
    );
    assert_eq!(rows[0].note.as_deref(), Some("甲,\r\n乙"));
    let plain = csv(&[Row::new("petition_received_count", STREET, "2021", "720")]);
    assert_eq!(import(&service, &plain, &commit()).await.unchanged, 1);
    // Lines are counted as an editor does, also below a cell of two lines.
    let wrong = text.replace("2021,", "2o21,");
    let told = faults(&service, wrong.as_bytes()).await;
    assert!(
        told[0].starts_with("figures.csv:4 [period]: `2o21` is not a period"),
        "{told:?}"
    );
}

async fn what_is_no_file_of_figures_is_refused(db: TestDb) {
    let service = db.service().await;
    let before = db.contents().await;
    let header = "indicator,org,period,value\n";
    let cases: [(&str, &[u8]); 10] = [
        ("empty", b""),
        ("only a mark", b"\xef\xbb\xbf"),
        ("only a header", header.as_bytes()),
        (
            "neither UTF-8 nor GB18030",
            b"indicator,org,period,value\na,\xff\xff,2021,1\n",
        ),
        ("a zero byte", b"indicator,org,period,value\na,\0,2021,1\n"),
        ("a spreadsheet", b"PK\x03\x04\x14\x00\x06\x00\xff\xfe"),
        ("semicolons", b"indicator;org;period;value\na;b;2021;1\n"),
        ("a column twice", b"indicator,org,period,value,value\na,b,2021,1,1\n"),
        (
            "an unknown column",
            b"indicator,org,period,value,remark\na,b,2021,1,x\n",
        ),
        (
            "a row too short",
            b"indicator,org,period,value\npetition_received_count,x,2021\n",
        ),
    ];
    let mut lines = Vec::new();
    for (name, bytes) in cases {
        let told = faults(&service, bytes).await;
        lines.extend(told.iter().map(|line| format!("{name}: {line}")));
    }
    insta::allow_duplicates!(insta::assert_snapshot!(lines.join("\n"), @r#"
    empty: figures.csv: the file is empty — send it again
    only a mark: figures.csv: the file has no rows — write one row an observation below the header
    only a header: figures.csv: the file has no rows — write one row an observation below the header
    neither UTF-8 nor GB18030: figures.csv:2: the text is neither UTF-8 nor GB18030 — save the file as CSV UTF-8
    a zero byte: figures.csv:2: the text holds a zero byte — save the file as CSV UTF-8
    a spreadsheet: figures.csv: the name says .csv, the content is a zip or XLSX file — save it again in the format its name says; do not rename it
    semicolons: figures.csv:2 [indicator]: there is no indicator `a` — the codes stand in the catalogue
    semicolons: figures.csv:2 [org]: there is no organisation `b` — write its code or its full Chinese name
    a column twice: figures.csv:1 [value]: the column stands twice: `value` — keep one of them
    an unknown column: figures.csv:1 [remark]: there is no column `remark` — the columns are indicator, org, period, breakdown, value, unit, status, printed, flags, source_title, source_url, publisher, published_on, locator, note, cell; others are names of indicators, organisations and periods
    a row too short: figures.csv:2: the row has 3 cells, the header 4 — quote cells that hold a comma or a line break
    "#));
    assert_eq!(db.contents().await, before);
}
