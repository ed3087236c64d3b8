//! Every way in which files cannot be a catalogue: refused with file, line and hint, and nothing is changed.

mod case;
mod form;
mod formula;
mod indicator;
mod noun;
mod org_succession;

use api::service::Service;
use tests::db::TestDb;
use tests::fixture::CatalogFiles;
use tests::{suite, table};

use self::case::Case;
pub(super) use self::org_succession::{streets, succession};
use super::try_apply::{apply, try_apply};

suite!(
    Tables: whatever_is_refused_changes_nothing,
    items_have_codes_as_well,
    a_text_means_one_unit,
    a_text_that_cannot_be_stored_is_a_fault,
);

fn cases() -> Vec<Case> {
    let circle = vec![formula::circle()];
    let groups = [
        form::cases(),
        noun::cases(),
        org_succession::cases(),
        indicator::cases(),
        formula::cases(),
        circle,
    ];
    groups.into_iter().flatten().collect()
}

async fn whatever_is_refused_changes_nothing(db: TestDb) {
    let service = db.service().await;
    apply(&service, &CatalogFiles::small().files()).await;
    let raw = db.raw().await;
    let before = table::contents(&raw).await;
    for case in cases() {
        let problems = try_apply(&service, &case.files.files()).await.unwrap_err();
        assert!(!problems.is_empty(), "{}", case.name);
        for problem in &problems {
            assert!(problem.line.is_some(), "{}: no line: {problem}", case.name);
            assert!(!problem.hint.en.is_empty(), "{}: no hint: {problem}", case.name);
            assert!(problem.file.ends_with(".toml"), "{}: no file: {problem}", case.name);
        }
        assert_eq!(table::contents(&raw).await, before, "{}", case.name);
    }
}

async fn items_have_codes_as_well(db: TestDb) {
    let service = db.service().await;
    for (case, line) in noun::items().into_iter().zip([11, 8]) {
        assert_eq!(
            places(&service, &case).await,
            [("breakdowns.toml".to_owned(), Some(line))],
            "{}",
            case.name
        );
    }
}

async fn a_text_means_one_unit(db: TestDb) {
    let places = places(&db.service().await, &noun::ambiguous_word()).await;
    assert_eq!(places, [("units.toml".to_owned(), Some(26))]);
}

async fn a_text_that_cannot_be_stored_is_a_fault(db: TestDb) {
    let places = places(&db.service().await, &noun::zero_byte()).await;
    assert_eq!(places.len(), 1);
    assert!(places[0].0 == "themes.toml" && places[0].1.is_some(), "{places:?}");
}

/// Where the faults of a catalogue are; one that is taken has none.
async fn places(service: &Service, case: &Case) -> Vec<(String, Option<u64>)> {
    let problems = try_apply(service, &case.files.files()).await.err().unwrap_or_default();
    problems
        .into_iter()
        .map(|problem| (problem.file, problem.line))
        .collect()
}
