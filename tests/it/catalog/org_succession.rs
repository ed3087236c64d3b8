//! Successions: applied as the files say, corrected with them, and refused where stored figures speak against them.

use api::service::Service;
use api::service::access::Caller;
use api::service::import::Options;
use entity::{org_succession, org_unit};
use tests::db::TestDb;
use tests::fixture::{CatalogFiles, Row, csv};
use tests::suite;

use super::refusal::{streets, succession};
use super::try_apply::{apply, try_apply};

suite!(
    Tables: successions_are_those_of_the_files,
    who_has_ended_reports_nothing_later,
    what_stays_stored_beside_the_files_goes_together_with_them,
);

fn with(text: &str) -> CatalogFiles {
    streets().append("successions.toml", text)
}

/// Predecessor, kind and successor.
async fn stored(service: &Service) -> Vec<(String, String, String)> {
    let orgs = org_unit::all(service.db()).await.unwrap();
    let code = |id: i64| orgs.iter().find(|org| org.id == id).unwrap().code.clone();
    let rows = org_succession::all(service.db()).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                code(row.predecessor_id),
                format!("{:?} {}", row.kind, row.month),
                code(row.successor_id),
            )
        })
        .collect()
}

async fn successions_are_those_of_the_files(db: TestDb) {
    let service = db.service().await;
    let merger = with(&succession("MERGE", &["one", "two"], &["three"], "2021-07"));
    let report = apply(&service, &merger.files()).await;
    let created = ["succession of one by three", "succession of two by three"].map(str::to_owned);
    assert!(created.iter().all(|label| report.created.contains(label)), "{report:?}");
    let again = apply(&service, &merger.files()).await;
    assert_eq!((again.created.len(), again.updated.len()), (0, 0));
    let july = 2021 * 12 + 6;
    let row = |before: &str, kind: &str, after: &str| (before.to_owned(), format!("{kind} {july}"), after.to_owned());
    assert_eq!(
        stored(&service).await,
        [row("one", "Merge", "three"), row("two", "Merge", "three")]
    );

    // A mistake is put right: each has a successor of its own.
    let names =
        succession("RENAME", &["one"], &["three"], "2021-07") + &succession("RENAME", &["two"], &["four"], "2021-07");
    let report = apply(&service, &with(&names).files()).await;
    assert_eq!(report.created, ["succession of two by four"]);
    assert_eq!(report.updated, ["successions of two", "succession of one by three"]);
    assert_eq!(
        stored(&service).await,
        [row("one", "Rename", "three"), row("two", "Rename", "four")]
    );
    let before = db.contents().await;
    let again = apply(&service, &with(&names).files()).await;
    assert_eq!((again.created.len(), again.updated.len()), (0, 0));
    assert_eq!(db.contents().await, before);
}

async fn who_has_ended_reports_nothing_later(db: TestDb) {
    let service = db.service().await;
    apply(&service, &streets().replace("organisations.toml", "code = \"one\"\nlevel = \"STREET\"\nname = { zh = \"一\", en = \"One\" }\nparent = \"district\"\nto = \"2021-06\"", "code = \"one\"\nlevel = \"STREET\"\nname = { zh = \"一\", en = \"One\" }\nparent = \"district\"").files()).await;
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        ..Options::default()
    };
    for (period, value) in [("2021", "5"), ("2021-07", "1")] {
        let file = csv(&[Row::new("received", "one", period, value)]);
        service.import("figures.csv", file.as_bytes(), &options).await.unwrap();
    }
    let before = db.contents().await;
    let renamed = with(&succession("RENAME", &["one"], &["three"], "2021-07"));
    let problems = try_apply(&service, &renamed.files()).await.unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    // The year in which it ended may still be its own.
    let expected = "successions.toml:4 [from]: `one` has 1 figures for 2021-07 and later \
        — correct the month, or revise these figures to MISSING and import them for the successor";
    assert_eq!(told, [expected]);
    assert_eq!(db.contents().await, before);
}

async fn what_stays_stored_beside_the_files_goes_together_with_them(db: TestDb) {
    let service = db.service().await;
    apply(
        &service,
        &with(&succession("RENAME", &["one"], &["three"], "2021-07")).files(),
    )
    .await;
    let before = db.contents().await;
    let one = "\n[[org]]\ncode = \"one\"\nlevel = \"STREET\"\nname = { zh = \"一\", en = \"One\" }\nparent = \"district\"\nto = \"2021-06\"\n";
    let other = with(&succession("RENAME", &["two"], &["three"], "2021-07")).replace("organisations.toml", one, "");
    let problems = try_apply(&service, &other.files()).await.unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = "successions.toml:5 [to]: `three` is stored as the successor of an organisation that is not in the files \
        — keep that organisation in the files";
    assert_eq!(told, [expected]);
    assert_eq!(db.contents().await, before);
}
