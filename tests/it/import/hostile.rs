//! Files that are not what they say, or would take all of a machine: refused as a whole, in bounded time and memory.

use std::time::{Duration, Instant};

use tests::db::{Holding, TestDb};
use tests::program::Program;
use tests::suite;

use super::attempt::commit;
use super::pack::{self, cell, ods_cell, xlsx, xlsx_of, zip};
use super::ugly::folder;

suite!(Catalog: what_is_no_plain_workbook_is_refused_as_a_whole);

/// Memory that the program may take in all, in KiB: that of its threads and libraries, and what a file of the limits needs.
const MEMORY: usize = 1_500 * 1024;
/// Seconds that a file may take, on a slow machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(45);

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// A workbook that could be imported, with one more entry.
fn with(path: &str) -> Vec<u8> {
    let mut entries = pack::unzip(&fixture("comments.xlsx")).unwrap();
    entries.push((path.to_owned(), b"anything".to_vec()));
    zip(&entries)
}

fn table(rows: &str) -> Vec<u8> {
    zip(&xlsx(&format!("<sheetData>{rows}</sheetData>")))
}

/// An ODS and an XLSX whose text is an entity of their own, which could stand for any amount of text.
fn with_entities() -> (Vec<u8>, Vec<u8>) {
    let entity = "<!DOCTYPE a [<!ENTITY b \"720\"><!ENTITY c \"&b;&b;&b;\">]>";
    let tables = pack::ods(
        entity,
        &format!(
            "<table:table table:name=\"a\"><table:table-row>{}</table:table-row></table:table>",
            ods_cell("&c;", "")
        ),
    );
    let mut workbook = xlsx(&format!(
        "<sheetData><row r=\"1\">{}</row></sheetData>",
        cell("A1", "&c;")
    ));
    let sheet = workbook.iter_mut().find(|(path, _)| path.contains("sheet1")).unwrap();
    sheet.1.splice(0..0, entity.bytes());
    (zip(&tables), zip(&workbook))
}

async fn what_is_no_plain_workbook_is_refused_as_a_whole(db: TestDb) {
    let service = db.service().await;
    let before = db.contents().await;
    let good = fixture("comments.xlsx");
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 4096]].concat();
    let web = b"<html><body><table><tr><td>720</td></tr></table></body></html>".to_vec();
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let damaged = "the workbook is damaged or cut off";
    let (open_document, workbook) = with_entities();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "a.csv",
            good.clone(),
            "the name says .csv, the content is a zip or XLSX file",
        ),
        (
            "a.ods",
            good.clone(),
            "the name says .ods, the content is a zip or XLSX file",
        ),
        (
            "a.xlsx",
            fixture("libreoffice.ods"),
            "the name says .xlsx, the content is an ODS workbook",
        ),
        (
            "a.xlsx",
            fixture("tabs.csv"),
            "the name says .xlsx, the content is plain text",
        ),
        ("a.xls", web.clone(), "the file is a web page"),
        ("a.csv", web, "the file is a web page"),
        (
            "a.xls",
            old.clone(),
            "the file is an old .xls or a workbook with a password",
        ),
        ("a.xlsx", old, "the file is an old .xls or a workbook with a password"),
        ("a.et", fixture("tabs.csv"), "the file is an old format by its name"),
        ("a.xlsm", good.clone(), "the file is a workbook with macros"),
        ("a.xlsx", with("xl/vbaProject.bin"), "the workbook has macros"),
        ("a.xlsx", with("xl/macrosheets/sheet1.xml"), "the workbook has macros"),
        (
            "a.xlsx",
            with("xl/externalLinks/externalLink1.xml"),
            "the workbook refers to other files",
        ),
        ("a.xlsx", half(&good), damaged),
        ("a.xlsx", good[..good.len() - 1].to_vec(), damaged),
        ("a.ods", half(&fixture("libreoffice.ods")), damaged),
        ("a.xlsx", b"PK\x03\x04".to_vec(), damaged),
        (
            "a.xlsx",
            zip(&[("word/document.xml".to_owned(), b"<a/>".to_vec())]),
            damaged,
        ),
        ("a.xlsx", zip(&xlsx("<sheetData><row><c r=\"A1\"><v>1</")), damaged),
        ("a.ods", open_document, damaged),
        ("a.pdf", b"%PDF-1.7".to_vec(), "the file is a PDF"),
        ("a.xlsx", workbook, ""),
    ];
    for (name, bytes, wanted) in cases {
        let error = service.import(name, bytes, &commit()).await.expect_err(wanted);
        let api::service::import::ImportError::Problems(problems) = error else {
            panic!("{wanted}: {error}");
        };
        assert!(problems[0].message.en.starts_with(wanted), "{wanted}: {problems:?}");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
    assert_eq!(db.contents().await, before);
}

/// Imports a file by a program that may take only so much memory, and gives what it says.
fn refused(db: &TestDb, name: &str, bytes: &[u8]) -> String {
    let limited = format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"");
    let program = env!("CARGO_BIN_EXE_plumbline-under-test");
    let call = Program::new("sh").args([
        "-c",
        limited.as_str(),
        program,
        "import",
        name,
        "--commit",
        "--database-url",
        db.url(),
    ]);
    std::fs::write(call.desk().join(name), bytes).unwrap();
    let start = Instant::now();
    let said = call.run();
    let time = start.elapsed();
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(time < PATIENCE, "{time:?}: {}", said.err);
    said.err
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let db = TestDb::sqlite(Holding::Catalog);
    let entries = xlsx("<sheetData/>");
    let blank = vec![b' '; 9_000_000];
    let many = (0..32).map(|number| (format!("xl/media/{number}.xml"), blank.clone()));
    let bytes = zip(&entries.into_iter().chain(many).collect::<Vec<_>>());
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    let said = refused(&db, "bomb.xlsx", &bytes);
    assert!(
        said.contains("the workbook is larger than 128 MiB when it is unpacked"),
        "{said}"
    );
}

#[test]
fn a_sheet_of_200_megabytes_is_refused() {
    let db = TestDb::sqlite(Holding::Catalog);
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(100));
    let bytes = table(&row.repeat(200_000_000 / row.len()));
    let said = refused(&db, "large.xlsx", &bytes);
    assert!(said.contains("the workbook has more than 2000000 cells"), "{said}");
}

#[test]
fn as_many_shared_texts_are_refused() {
    let db = TestDb::sqlite(Holding::Catalog);
    let texts = format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(200_000_000 / 17));
    let sheet = "<sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/>";
    let bytes = zip(&xlsx_of(sheet, "<sheetData/>", &texts));
    let said = refused(&db, "texts.xlsx", &bytes);
    assert!(said.contains("the workbook has more than 2000000 cells"), "{said}");
}

/// The corners of a sheet are no reason to make all the cells between them.
#[test]
fn cells_far_out_cost_what_they_hold() {
    let db = TestDb::sqlite(Holding::Catalog);
    let head = ["街道", "年度", "受理信访诉求案件数"];
    let cells: String = ["A1", "B1", "C1"]
        .iter()
        .zip(head)
        .map(|(place, text)| cell(place, text))
        .collect();
    let first = format!("<row r=\"1\">{cells}</row>");
    let last = format!("<row r=\"1048576\">{}</row>", cell("XFD1048576", "12"));
    let said = refused(&db, "far.xlsx", &table(&format!("{first}{last}")));
    assert!(said.contains("Sheet1!XFD1048576: the column has no header"), "{said}");
    let said = refused(
        &db,
        "corners.xlsx",
        &table(&format!("<row r=\"1\">{}</row>{last}", cell("A1", "a"))),
    );
    assert!(said.contains("no header is found"), "{said}");
}

#[test]
fn repeats_of_an_ods_are_counted_before_they_are_made() {
    let db = TestDb::sqlite(Holding::Catalog);
    for (rows, columns) in [("1048576", "16384"), ("4294967295", "1"), ("1", "4294967295")] {
        let cells = ods_cell("1", &format!("table:number-columns-repeated=\"{columns}\""));
        let row = format!("<table:table-row table:number-rows-repeated=\"{rows}\">{cells}</table:table-row>");
        let table = format!("<table:table table:name=\"a\">{row}</table:table>");
        let said = refused(&db, "repeats.ods", &zip(&pack::ods("", &table)));
        assert!(said.contains("the workbook has more than 2000000 cells"), "{said}");
    }
}

/// What is looked for in every column must not be looked for in a hundred thousand.
#[test]
fn a_header_without_end_is_refused() {
    let db = TestDb::sqlite(Holding::Catalog);
    let unknown: Vec<String> = (0..100_000).map(|number| format!("受理信访诉求{number}")).collect();
    let header = format!("街道,年度,受理信访诉求案件数,{}", unknown.join(","));
    let lines = [header.clone(), ",".repeat(100_002), header].join("\n");
    let said = refused(&db, "wide.csv", lines.as_bytes());
    assert!(
        said.contains("there is no column `受理信访诉求0`"),
        "{}",
        said.chars().take(1000).collect::<String>()
    );
}

#[test]
fn merged_cells_and_sheets_without_end_are_refused() {
    let db = TestDb::sqlite(Holding::Catalog);
    let merges = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(120_000);
    let sheet = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData><mergeCells>{merges}</mergeCells>",
        cell("A1", "街道")
    );
    let said = refused(&db, "merged.xlsx", &zip(&xlsx(&sheet)));
    assert!(said.contains("the workbook has more than 2000000 cells"), "{said}");
    let some = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData><mergeCells>{}</mergeCells>",
        cell("A1", "街道"),
        &merges[..34 * 90_000]
    );
    let said = refused(&db, "overlapping.xlsx", &zip(&xlsx(&some)));
    assert!(said.contains("Sheet1"), "{said}");
    let sheets: String = (1..=5_000)
        .map(|number| format!("<sheet name=\"s{number}\" sheetId=\"{number}\" r:id=\"rId1\"/>"))
        .collect();
    let said = refused(&db, "sheets.xlsx", &zip(&xlsx_of(&sheets, "<sheetData/>", "<sst/>")));
    assert!(said.contains("the workbook has more than 2000000 cells"), "{said}");
}
