//! The files of an evaluation: made whole, the same from the same, and read by readers that are not ours, which all find the same values in them.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use api::export::evaluation::dossier::Dossier;
use api::export::evaluation::{csv, docx, json, xlsx};
use tests::fixture::{annual_report, awkward_dossier, large_dossier, lonely_dossier};

/// Where the readers are described.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/evaluation")
}

/// Python with the readers, installed beside what cargo builds.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("evaluation-readers");
    let wanted = std::fs::read(scripts().join("requirements.txt")).unwrap();
    match std::fs::read(folder.join("requirements.txt")) {
        Ok(there) if there == wanted => Ok(folder.join("bin/python")),
        _ => Err(format!("the readers are not installed in {}", folder.display())),
    }
}

fn rows(dossier: &Dossier, head: csv::Head, with_mark: bool) -> String {
    let mut bytes = Vec::new();
    csv::write(dossier, head, with_mark, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn other_readers_find_the_same_values_in_all_files() {
    let python = match python() {
        Ok(python) => python,
        Err(lack) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("{lack}: run scripts/test"),
        Err(lack) => {
            eprintln!("NOT TESTED with other readers: {lack}; scripts/test installs them (Python 3.11 or newer)");
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let report = annual_report();
    let put = |name: String, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    put("report.json".to_owned(), &serde_json::to_vec(&report).unwrap());
    for (name, dossier) in [("awkward", awkward_dossier()), ("lonely", lonely_dossier())] {
        put(format!("{name}.json"), &json::bytes(&dossier).unwrap());
        put(
            format!("{name}.csv"),
            rows(&dossier, csv::Head::Codes, false).as_bytes(),
        );
        put(format!("{name}.xlsx"), &xlsx::workbook(&dossier).unwrap());
        put(
            format!("{name}.report.docx"),
            &docx::document(&report, &dossier).unwrap(),
        );
        put(format!("{name}.notice.docx"), &docx::notice(&dossier).unwrap());
        let output = Command::new(&python)
            .arg(scripts().join("read.py"))
            .arg(folder.path())
            .arg(name)
            .output()
            .unwrap();
        let (told, faults) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{name}: {told}{faults}");
        assert!(told.contains("are the same in all files"), "{told}{faults}");
    }
}

#[test]
fn the_sealed_result_stands_in_the_json_as_it_is() {
    let dossier = awkward_dossier();
    let sealed = serde_json::to_string(&dossier.evaluation).unwrap();
    let told = String::from_utf8(json::bytes(&dossier).unwrap()).unwrap();
    assert!(told.contains(&format!("\"evaluation\":{sealed}")));
}

#[test]
fn the_same_evaluation_gives_the_same_files() {
    let (one, other) = (awkward_dossier(), awkward_dossier());
    assert_eq!(xlsx::workbook(&one).unwrap(), xlsx::workbook(&other).unwrap());
    let report = annual_report();
    assert_eq!(
        docx::document(&report, &one).unwrap(),
        docx::document(&report, &other).unwrap()
    );
}

#[test]
fn flat_rows_have_one_width_and_no_formula() {
    let dossier = awkward_dossier();
    let chinese = rows(&dossier, csv::Head::Chinese, true);
    assert!(chinese.starts_with("\u{feff}考评方案,方案版本,期间,"));
    let text = rows(&dossier, csv::Head::Codes, false);
    assert!(text.ends_with("\r\n"));
    assert!(text.contains(",'=1+1,") && !text.contains(",=1+1,"));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let expected = dossier.evaluation.units.len() * (dossier.evaluation.nodes.len() + 1);
    assert_eq!(rows.len(), expected);
}

#[test]
fn a_text_is_no_formula_and_no_markup() {
    let dossier = awkward_dossier();
    let book = xlsx::workbook(&dossier).unwrap();
    assert!(!part(&book, "xl/worksheets/sheet1.xml").contains("<f>"));
    let document = docx::document(&annual_report(), &dossier).unwrap();
    assert!(part(&document, "word/document.xml").contains("=执法人员&lt;业务&amp;能力&gt;不足"));
}

#[test]
fn fonts_that_are_not_there_have_others_in_their_place() {
    let document = docx::document(&annual_report(), &lonely_dossier()).unwrap();
    let (fonts, styles) = (
        part(&document, "word/fontTable.xml"),
        part(&document, "word/styles.xml"),
    );
    for font in ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"] {
        assert!(styles.contains(&format!("w:eastAsia=\"{font}\"")), "{font}");
        assert!(fonts.contains(&format!("w:name=\"{font}\"><w:altName")), "{font}");
    }
}

#[test]
fn an_organisation_without_anything_to_rectify_has_places_to_fill_in() {
    let document = docx::document(&annual_report(), &lonely_dossier()).unwrap();
    let text = part(&document, "word/document.xml");
    for place in ["存在的不足", "原因分析", "履行职责情况", "主要安排", "成文日期"] {
        assert!(text.contains(&format!("（待补充：{place}）")), "{place}");
    }
}

#[test]
fn a_district_has_a_card_for_each_organisation() {
    let dossier = large_dossier(40, 24);
    let book = xlsx::workbook(&dossier).unwrap();
    let names = part(&book, "xl/workbook.xml");
    // The summary and its charts, seven groups, forty cards, rectifications, and what the file is.
    assert_eq!(names.matches("<sheet ").count(), 2 + 7 + 40 + 2);
}
