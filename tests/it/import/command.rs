//! `plumbline import`: what it prints and how it exits.

use tests::db::{Backend, Holding, TestDb};
use tests::fixture::{Row, csv};
use tests::program::Said;
use tests::suite;

use super::attempt::STREET;
use crate::program::plumbline;

suite!(Catalog: a_file_goes_its_way_from_dry_run_to_correction);

/// Imports a text as a file of the program's own folder.
fn import(db: &TestDb, text: &str, options: &[&str]) -> Said {
    let call = plumbline(["import", "figures.csv", "--database-url", db.url()]).args(options);
    std::fs::write(call.desk().join("figures.csv"), text).unwrap();
    call.run()
}

async fn a_file_goes_its_way_from_dry_run_to_correction(db: TestDb) {
    let before = db.contents().await;
    let first = csv(&[Row::new("petition_received_count", STREET, "2021", "720")]);
    let said = import(&db, &first, &[]);
    assert_eq!((said.code(), said.err.as_str()), (Some(0), ""), "{said:#?}");
    let expected = "1 row: 1 new, 0 revised, 0 unchanged.\nDry run: nothing was written. Repeat with --commit to write.\nWith --token ";
    assert!(said.out.starts_with(expected), "{said:#?}");
    assert_eq!(db.contents().await, before);

    let said = import(&db, &first, &["--commit", "--author", "张三"]);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(said.out, "1 row: 1 new, 0 revised, 0 unchanged.\nWritten as batch 1.\n");
    let said = import(&db, &first, &["--commit"]);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(
        said.out
            .starts_with("This file was imported before, as batch 1 by 张三; nothing was changed."),
        "{said:#?}"
    );

    let before = db.contents().await;
    let second = csv(&[Row::new("petition_received_count", STREET, "2021", "721")]);
    let said = import(&db, &second, &["--commit"]);
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(
        said.err.contains("--reason ERROR, LATE, METHOD, BOUNDARY or APPEAL"),
        "{said:#?}"
    );
    assert_eq!(db.contents().await, before);
    let said = import(&db, &second, &["--commit", "--reason", "ERROR"]);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    let expected = format!(
        "line 2: petition_received_count {STREET} 2021: 720 宗 → 721 宗 (value, printed)\n\
         1 row: 0 new, 1 revised, 0 unchanged.\nWritten as batch 2.\n"
    );
    assert_eq!(said.out, expected);

    let said = import(&db, &first, &["--commit", "--again", "--reason", "APPEAL"]);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(
        said.out
            .ends_with("1 row: 0 new, 1 revised, 0 unchanged.\nWritten as batch 3.\n"),
        "{said:#?}"
    );
}

#[test]
fn bad_rows_exit_with_two_and_are_told_line_by_line() {
    let db = TestDb::sqlite(Holding::Catalog);
    assert_eq!(db.backend(), Backend::Sqlite);
    let text = csv(&[
        Row::new("petition_received_count", STREET, "2021", "many"),
        Row::new("petition_received_count", "nobody", "2021", "1"),
    ]);
    let said = import(&db, &text, &["--commit"]);
    assert_eq!((said.code(), said.out.as_str()), (Some(2), ""), "{said:#?}");
    insta::assert_snapshot!(said.err, @r#"
    figures.csv:2 [value]: `many` is not a plain number — write plain digits with at most one point, as 1234.5; put the text of the source into `printed`
    figures.csv:3 [org]: there is no organisation `nobody` — write its code or its full Chinese name
    error: 2 faults; nothing was changed
    "#);
}

#[test]
fn what_cannot_be_read_or_meant_is_told() {
    let db = TestDb::sqlite(Holding::Catalog);
    let missing = plumbline(["import", "nowhere.csv", "--database-url", db.url()]).run();
    assert_eq!(missing.code(), Some(2), "{missing:#?}");
    assert!(missing.err.contains("cannot read nowhere.csv"), "{missing:#?}");
    let blank = TestDb::sqlite(Holding::Tables);
    let early = import(&blank, "indicator,org,period,value\na,b,2021,1\n", &["--commit"]);
    assert_eq!(early.code(), Some(2), "{early:#?}");
    assert!(early.err.contains("run `plumbline catalog apply` first"), "{early:#?}");
    let text = csv(&[Row::new("petition_received_count", STREET, "2021", "1")]);
    let reason = import(&db, &text, &["--commit", "--reason", "MISTAKE"]);
    assert_eq!(reason.code(), Some(2), "{reason:#?}");
    assert!(
        reason
            .err
            .contains("possible values: ERROR, LATE, METHOD, BOUNDARY, APPEAL"),
        "{reason:#?}"
    );
}
