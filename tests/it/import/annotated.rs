//! The file that goes back marked: sent again it is the same file, and its marks say what is wrong.

use api::export::annotated;
use api::intake::problem::Problem;
use api::service::Service;
use api::service::import::{Options, Report};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, dry, import};
use super::pack::unzip;
use super::ugly;
use crate::program::plumbline;

suite!(
    Catalog: every_ugly_file_goes_back_as_it_came,
    a_mark_says_what_is_wrong_with_its_cell,
    the_program_writes_it_beside_a_refusal,
);

/// A row that is longer than its header is, in a workbook, a column without one.
const LONGER_ROW: &str = "lost_quotes.csv";

/// What a dry run says of a file, whatever its places are called.
async fn looked_at(service: &Service, name: &str, bytes: Vec<u8>, options: &Options) -> (Report, Vec<String>) {
    let report = service
        .import(name, bytes, options)
        .await
        .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut faults: Vec<String> = report.problems.iter().map(fault).collect();
    faults.sort();
    (report, faults)
}

fn fault(problem: &Problem) -> String {
    format!("{} — {}", problem.message, problem.hint)
}

async fn every_ugly_file_goes_back_as_it_came(db: TestDb) {
    let service = db.service().await;
    let mut wrong = Vec::new();
    for case in ugly::cases() {
        let options = Options {
            mapping: case.mapping(),
            ..dry()
        };
        let (report, faults) = looked_at(&service, &case.name, case.bytes.clone(), &options).await;
        let header = report.tables.first().map(|table| table.header);
        let marked = annotated::write(&case.name, &case.bytes, &report.problems, header, &options.limits).unwrap();
        let (again, again_faults) = looked_at(&service, "marked.xlsx", marked, &options).await;
        let counts = |report: &Report| {
            (
                report.figures,
                report.created,
                report.rejected,
                report.blank,
                report.left_out,
            )
        };
        if case.name == LONGER_ROW {
            assert_eq!((faults.len(), again_faults.len()), (1, 1), "{again_faults:?}");
            continue;
        }
        if (counts(&again), &again_faults) != (counts(&report), &faults) {
            wrong.push(format!(
                "{}: {:?} {faults:#?}\n  goes back as {:?} {again_faults:#?}",
                case.name,
                counts(&report),
                counts(&again)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

async fn a_mark_says_what_is_wrong_with_its_cell(db: TestDb) {
    let service = db.service().await;
    let row = |year: &str, value: &str| Row::new("petition_received_count", STREET, year, value);
    let file = csv(&[row("2020", "7 2 0?"), row("2021", "720")]);
    let report = import(&service, &file, &dry()).await;
    assert_eq!(report.problems.len(), 1);
    let problem = &report.problems[0];
    let marked = annotated::write("figures.csv", file.as_bytes(), &report.problems, None, &dry().limits).unwrap();
    let entries = unzip(&marked).unwrap();
    let (_, comments) = entries.iter().find(|(path, _)| path == "xl/comments1.xml").unwrap();
    let comments = String::from_utf8(comments.clone()).unwrap();
    let column = file
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|label| label == "value");
    let cell = char::from(b'A' + u8::try_from(column.unwrap()).unwrap());
    assert!(comments.contains(&format!("ref=\"{cell}2\"")), "{comments}");
    assert!(
        comments.contains(problem.message.chinese()) && comments.contains(problem.hint.chinese()),
        "{comments}"
    );
    assert_eq!(comments.matches("<comment ").count(), 1, "only the bad cell is marked");
}

async fn the_program_writes_it_beside_a_refusal(db: TestDb) {
    let desk = tempfile::tempdir().unwrap();
    let [file, back] = ["figures.csv", "back.xlsx"].map(|name| desk.path().join(name).display().to_string());
    let text = std::fs::read_to_string(ugly::folder().join("lost_merges.csv")).unwrap();
    std::fs::write(&file, text.replace("720", "7?0")).unwrap();
    let call = |file: &str, options: &[&str]| plumbline(["import", file, "--database-url", db.url()]).args(options);
    let before = db.contents().await;
    let said = call(&file, &["--commit", "--annotate", &back]).run();
    assert_eq!(said.code(), Some(2), "{said:#?}");
    let fault = ": `7?0` is not a plain number";
    assert!(said.err.contains(&format!("figures.csv:3 [value]{fault}")), "{said:#?}");
    let entries = unzip(&std::fs::read(&back).unwrap()).unwrap();
    let (_, comments) = entries.iter().find(|(path, _)| path == "xl/comments1.xml").unwrap();
    let comments = String::from_utf8_lossy(comments);
    assert!(comments.contains("ref=\"D3\""), "{comments}");
    // Its header is read as that of the file was, whose merged cells were lost.
    let said = call(&back, &[]).run();
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(said.err.contains(&format!("数据1!D3 [value]{fault}")), "{said:#?}");
    assert!(said.err.contains("1 fault"), "{said:#?}");
    assert_eq!(db.contents().await, before);
}
