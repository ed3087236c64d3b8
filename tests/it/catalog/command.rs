//! `plumbline catalog apply`: what it prints and how it exits.

use tests::db::{Backend, Holding, TestDb};
use tests::fixture::CatalogFiles;
use tests::suite;

use crate::program::plumbline;

suite!(Catalog: the_folder_of_the_repository_is_what_the_program_carries);
suite!(
    Tables: a_fault_exits_with_two_and_names_file_and_line,
    applying_a_directory_says_what_changed,
);

async fn a_fault_exits_with_two_and_names_file_and_line(db: TestDb) {
    let before = db.contents().await;
    let files = CatalogFiles::small()
        .replace(
            "indicators.toml",
            "numerator = \"resolved\"",
            "numerator = \"resolvde\"",
        )
        .replace("organisations.toml", "parent = \"city\"", "parent = \"street\"");
    let call = plumbline(["catalog", "apply", "files", "--database-url", db.url()]);
    let folder = call.desk().join("files");
    std::fs::create_dir(&folder).unwrap();
    files.write(&folder);
    let said = call.run();
    assert_eq!(said.code(), Some(2), "{said:#?}");
    insta::allow_duplicates!(insta::assert_snapshot!(said.err, @r#"
    organisations.toml:10 [parent]: the parents form a circle: district → street → district — give one of them a parent outside the circle, or none
    organisations.toml:16 [parent]: the parents form a circle: street → district → street — give one of them a parent outside the circle, or none
    indicators.toml:38 [numerator]: there is no `resolvde` — did you mean `resolved`? define it or correct the code
    error: 3 faults; nothing was changed
    "#));
    assert_eq!(said.out, "");
    assert_eq!(db.contents().await, before);
}

async fn applying_a_directory_says_what_changed(db: TestDb) {
    let call = || plumbline(["catalog", "apply", "--database-url", db.url()]);
    let first = call().run();
    assert_eq!(first.code(), Some(0), "{first:#?}");
    let last = first.out.lines().last().unwrap().to_owned();
    assert!(last.ends_with(" added, 0 changed, 0 as they were."), "{last}");
    let second = call().run();
    assert_eq!(second.code(), Some(0), "{second:#?}");
    let count = last.split(' ').next().unwrap();
    assert_eq!(second.out, format!("0 added, 0 changed, {count} as they were.\n"));
}

/// The program carries the files of this repository; names are told from the folder that was given.
async fn the_folder_of_the_repository_is_what_the_program_carries(db: TestDb) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog");
    let said = plumbline(["catalog", "apply", folder, "--database-url", db.url()]).run();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.starts_with("0 added, 0 changed, "), "{said:#?}");

    let call = plumbline(["catalog", "apply", "mine", "--database-url", db.url()]);
    std::fs::create_dir_all(call.desk().join("mine/more")).unwrap();
    std::fs::write(call.desk().join("mine/more/themes.toml"), "[[theme]]\ncode = 1\n").unwrap();
    let said = call.run();
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(said.err.starts_with("more/themes.toml:2: "), "{said:#?}");
}

#[test]
fn a_directory_that_cannot_be_used_is_named() {
    let db = TestDb::fresh(Backend::Sqlite, Holding::Tables);
    let missing = plumbline(["catalog", "apply", "nowhere", "--database-url", db.url()]).run();
    assert_eq!(missing.code(), Some(2), "{missing:#?}");
    assert!(missing.err.starts_with("nowhere: "), "{missing:#?}");
    let empty = plumbline(["catalog", "apply", ".", "--database-url", db.url()]).run();
    assert_eq!(empty.code(), Some(2), "{empty:#?}");
    assert!(empty.err.contains("no .toml file"), "{empty:#?}");
}
