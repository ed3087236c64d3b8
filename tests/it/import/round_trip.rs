//! Out and in again: an export that comes back shows exactly what was changed in it, and a template is filled in without a code being typed.

use api::export::observation::{About, CsvWriter, Row as Line, workbook};
use api::intake::book::{self, Limits};
use api::service::Service;
use api::service::access::Caller;
use api::service::export::ExportQuery;
use api::service::import::ImportError;
use api::service::selector::{IndicatorSelector, OrgSelector};
use api::service::template::TemplateQuery;
use entity::choice::{ObservationStatus, RevisionReason};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, dry, import, revise, stored};

suite!(Figures: an_export_comes_back_unchanged, one_edited_cell_is_one_revision, an_old_export_does_not_take_a_correction_back, an_export_as_of_a_time_stays_the_same);
suite!(Catalog: a_template_asks_for_what_is_owed_and_takes_it, codes_of_a_template_are_not_changed_by_hand);

const LIMITS: Limits = Limits {
    unpacked_bytes: 50_000_000,
    cells: 100_000,
};

async fn lines(service: &Service, as_of: Option<i64>) -> Vec<Line> {
    let query = ExportQuery {
        as_of,
        ..ExportQuery::default()
    };
    let mut pages = service.export(&Caller::operator("tester"), &query).await.unwrap();
    let mut all = Vec::new();
    while let Some(rows) = pages.next().await.unwrap() {
        all.extend(rows);
    }
    all
}

fn as_csv(lines: &[Line]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut writer = CsvWriter::new(&mut text, true).unwrap();
    for line in lines {
        writer.row(line).unwrap();
    }
    writer.end().unwrap();
    text
}

async fn an_export_comes_back_unchanged(db: TestDb) {
    let service = db.service().await;
    let lines = lines(&service, None).await;
    assert_eq!(lines.len(), stored(&service).await.len());
    for (name, bytes) in [
        ("a.csv", as_csv(&lines)),
        ("a.xlsx", workbook(&lines, &About::default()).unwrap()),
    ] {
        let report = service.import(name, bytes, &dry()).await.unwrap();
        assert_eq!(
            (report.created, report.revised, report.rejected),
            (0, 0, 0),
            "{name}: {:?}",
            report.revisions
        );
        assert_eq!(report.unchanged, lines.len(), "{name}");
    }
}

async fn one_edited_cell_is_one_revision(db: TestDb) {
    let service = db.service().await;
    let mut lines = lines(&service, None).await;
    let place = lines
        .iter()
        .position(|line| line.indicator == "petition_resolved_count" && line.org == STREET)
        .unwrap();
    assert_eq!(
        (lines[place].value.as_deref(), lines[place].printed.as_str()),
        (Some("702"), "702")
    );
    lines[place].value = Some("703".to_owned());
    let bytes = workbook(&lines, &About::default()).unwrap();
    let report = service
        .import("a.xlsx", bytes, &revise(RevisionReason::Error))
        .await
        .unwrap();
    assert_eq!(
        (report.created, report.revised, report.unchanged),
        (0, 1, lines.len() - 1)
    );
    assert_eq!(
        (report.revisions[0].before.as_str(), report.revisions[0].after.as_str()),
        ("702 宗", "703 宗")
    );
    let row = stored(&service)
        .await
        .into_iter()
        .find(|row| row.revision == 2)
        .unwrap();
    assert_eq!(
        (row.value, row.printed.as_deref()),
        (Some(703.0), Some("703")),
        "the old print does not stay"
    );
}

async fn an_old_export_does_not_take_a_correction_back(db: TestDb) {
    let service = db.service().await;
    let old = as_csv(&lines(&service, None).await);
    let correction = csv(&[Row::new("petition_resolved_count", STREET, "2021-01/2021-09", "703")]);
    import(&service, &correction, &revise(RevisionReason::Error)).await;
    let refused = service.import("old.csv", old, &revise(RevisionReason::Late)).await;
    assert!(
        matches!(&refused, Err(ImportError::Conflict { count: 1, cells }) if cells[0].before == "703 宗"),
        "{refused:?}"
    );
}

async fn an_export_as_of_a_time_stays_the_same(db: TestDb) {
    let service = db.service().await;
    let time = service.snapshot().await.unwrap().recorded_at;
    let before = lines(&service, time).await;
    let correction = csv(&[
        Row::new("petition_resolved_count", STREET, "2021-01/2021-09", "703"),
        Row::new("petition_received_count", STREET, "2030", "1"),
    ]);
    import(&service, &correction, &revise(RevisionReason::Error)).await;
    assert_eq!(lines(&service, time).await, before);
    assert_eq!(lines(&service, None).await.len(), before.len() + 1);
}

fn template(period: &str) -> TemplateQuery {
    TemplateQuery {
        orgs: OrgSelector {
            codes: Some(vec![STREET.to_owned()]),
            ..OrgSelector::default()
        },
        indicators: IndicatorSelector::default(),
        period: period.parse().unwrap(),
        all: false,
    }
}

/// A template with some cells filled in, as a CSV: our workbook, cell by cell.
fn filled(bytes: &[u8], fill: impl Fn(&str) -> [&'static str; 2]) -> Vec<u8> {
    let book = book::open("template.xlsx", bytes, &LIMITS).unwrap();
    let mut text = csv::Writer::from_writer(Vec::new());
    for (line, row) in book.sheets[0].head(1000).iter().enumerate() {
        let mut cells: Vec<String> = row.iter().map(|cell| cell.text.clone()).collect();
        cells.resize(13, String::new());
        if line > 0 {
            let [value, status] = fill(&cells[1]);
            (cells[10], cells[11]) = (value.to_owned(), status.to_owned());
        }
        text.write_record(cells).unwrap();
    }
    text.into_inner().unwrap()
}

async fn a_template_asks_for_what_is_owed_and_takes_it(db: TestDb) {
    let service = db.service().await;
    let earlier = csv(&[
        Row::new("petition_received_count", STREET, "2019", "600"),
        Row::new("petition_received_count", STREET, "2020", "700"),
        Row::new("petition_resolved_count", STREET, "2020", "690"),
        Row::new("legal_advisor_budget", STREET, "2020", "9.8").with("unit", "万元"),
    ]);
    import(&service, &earlier, &commit()).await;
    let owed = service
        .template(&Caller::operator("tester"), &template("2021"))
        .await
        .unwrap();
    let told: Vec<_> = owed
        .iter()
        .map(|row| (row.indicator.as_str(), row.unit.as_str(), row.last_year, row.plausible))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.contains(&("petition_received_count", "宗", Some(700.0), Some((300.0, 1400.0)))));
    assert!(told.contains(&("legal_advisor_budget", "万元", Some(9.8), None)));

    let bytes = api::export::template::workbook(&owed, &About::default()).unwrap();
    let text = filled(&bytes, |indicator| match indicator {
        "petition_received_count" => ["约720件", ""],
        "petition_resolved_count" => ["", "未报"],
        _ => ["", ""],
    });
    let report = service.import("filled.csv", text, &commit()).await.unwrap();
    assert_eq!((report.created, report.blank), (2, 1));
    let rows: Vec<_> = stored(&service)
        .await
        .into_iter()
        .filter(|row| row.start_month == 2021 * 12)
        .collect();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.value, row.status, row.printed.as_deref()))
        .collect();
    assert!(
        told.contains(&(Some(720.0), ObservationStatus::Estimated, Some("约720件"))),
        "{told:?}"
    );
    assert!(told.contains(&(None, ObservationStatus::Missing, None)), "{told:?}");
    // What is stored stands in the next template.
    let again = service
        .template(&Caller::operator("tester"), &template("2021"))
        .await
        .unwrap();
    assert!(again.iter().any(|row| row.value == Some(720.0) && row.revision == 1));
}

async fn codes_of_a_template_are_not_changed_by_hand(db: TestDb) {
    let service = db.service().await;
    import(
        &service,
        &csv(&[Row::new("petition_received_count", STREET, "2020", "700")]),
        &commit(),
    )
    .await;
    let owed = service
        .template(&Caller::operator("tester"), &template("2021"))
        .await
        .unwrap();
    let bytes = api::export::template::workbook(&owed, &About::default()).unwrap();
    let text = String::from_utf8(filled(&bytes, |_| ["720", ""])).unwrap();
    let changed = text.replace(",petition_received_count,", ",petition_resolved_count,");
    assert_ne!(changed, text);
    let report = service.import("changed.csv", changed, &dry()).await.unwrap();
    assert_eq!(report.rejected, 1);
    assert!(
        report.problems[0].to_string().contains("its codes are others now"),
        "{:?}",
        report.problems
    );
}
