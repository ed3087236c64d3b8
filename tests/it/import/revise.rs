//! Corrections: never without a reason, never without the old figure staying as it was.

use api::service::Service;
use api::service::import::{ImportError, Options};
use entity::choice::{ObservationStatus, RevisionReason};
use entity::observation::{self, Key, Model};
use entity::{change_feed, import_batch};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, dry, import, revise, stored};

suite!(
    Catalog: a_correction_needs_a_reason,
    a_correction_keeps_what_it_replaces,
    a_reason_without_a_correction_is_not_stored,
    a_figure_that_disappears_is_a_correction,
    another_provenance_is_a_correction,
    a_file_of_all_kinds_is_counted_right,
    an_old_file_comes_again_only_on_demand,
);

fn received(value: &str) -> Row {
    Row::new("petition_received_count", STREET, "2021", value)
}

/// All revisions of the only figure, first to last.
async fn revisions(service: &Service) -> Vec<Model> {
    let rows = stored(service).await;
    assert_eq!(rows.len(), 1);
    observation::revisions(service.db(), Key::from(&rows[0])).await.unwrap()
}

async fn a_correction_needs_a_reason(db: TestDb) {
    let service = db.service().await;
    import(&service, &csv(&[received("720")]), &commit()).await;
    let before = db.contents().await;
    let corrected = csv(&[
        received("721"),
        Row::new("petition_received_count", STREET, "2020", "1"),
    ]);
    let told = import(&service, &corrected, &dry()).await;
    assert_eq!((told.created, told.revised, told.batch), (1, 1, None));
    let revision = &told.revisions[0];
    assert_eq!(
        (revision.place.line, revision.indicator.as_str()),
        (2, "petition_received_count")
    );
    assert_eq!((revision.org.as_str(), revision.period.as_str()), (STREET, "2021"));
    assert_eq!(
        (revision.before.as_str(), revision.after.as_str()),
        ("720 宗", "721 宗")
    );
    let refused = service.import("figures.csv", corrected.as_bytes(), &commit()).await;
    assert!(matches!(refused, Err(ImportError::NoReason(1))), "{refused:?}");
    assert_eq!(db.contents().await, before);
}

async fn a_correction_keeps_what_it_replaces(db: TestDb) {
    let service = db.service().await;
    import(&service, &csv(&[received("720").with("note", "快报")]), &commit()).await;
    let first = revisions(&service).await.remove(0);
    let last = change_feed::latest(service.db()).await.unwrap();
    let report = import(&service, &csv(&[received("721")]), &revise(RevisionReason::Late)).await;

    let rows = revisions(&service).await;
    assert_eq!(rows.len(), 2);
    let replaced = Model {
        superseded_at: Some(rows[1].recorded_at),
        ..first.clone()
    };
    assert_eq!(rows[0], replaced);
    let current = &rows[1];
    assert_eq!((current.value, current.revision), (Some(721.0), 2));
    assert_eq!(
        (current.reason, current.superseded_at),
        (Some(RevisionReason::Late), None)
    );
    // The file has no column for notes: it does not say that there is none.
    assert_eq!(
        (current.batch_id, current.note.as_deref()),
        (report.batch, Some("快报"))
    );
    assert!(current.recorded_at > first.recorded_at);

    let batch = import_batch::by_ids(service.db(), &[report.batch.unwrap()])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (batch.reason, batch.recorded_at),
        (Some(RevisionReason::Late), current.recorded_at)
    );
    assert_eq!((batch.created_count, batch.revised_count), (0, 1));
    let feed = change_feed::since(service.db(), last).await.unwrap();
    assert_eq!(feed.len(), 1);
    assert_eq!(
        (feed[0].indicator_id, feed[0].batch_id),
        (Some(current.indicator_id), report.batch)
    );
}

async fn a_reason_without_a_correction_is_not_stored(db: TestDb) {
    let service = db.service().await;
    let report = import(&service, &csv(&[received("720")]), &revise(RevisionReason::Error)).await;
    assert_eq!(revisions(&service).await[0].reason, None);
    let batch = import_batch::by_ids(service.db(), &[report.batch.unwrap()])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(batch.reason, None);
}

async fn a_figure_that_disappears_is_a_correction(db: TestDb) {
    let service = db.service().await;
    import(&service, &csv(&[received("0")]), &commit()).await;
    let gone = csv(&[received("").with("status", "MISSING")]);
    let told = import(&service, &gone, &dry()).await;
    assert_eq!(told.revisions[0].before, "0 宗");
    assert_eq!(told.revisions[0].after, "— MISSING");
    import(&service, &gone, &revise(RevisionReason::Error)).await;
    let rows = revisions(&service).await;
    let told: Vec<_> = rows.iter().map(|row| (row.value, row.status)).collect();
    assert_eq!(
        told,
        [
            (Some(0.0), ObservationStatus::Normal),
            (None, ObservationStatus::Missing)
        ]
    );
}

async fn another_provenance_is_a_correction(db: TestDb) {
    let service = db.service().await;
    let full = || {
        let dated = received("720")
            .with("source_title", "报告")
            .with("published_on", "2022-01-10");
        dated.with("note", "注")
    };
    import(&service, &csv(&[full()]), &commit()).await;
    let others = [
        ("note", "另注"),
        ("locator", "第四部分"),
        ("flags", "SCOPE_CHANGED"),
        ("printed", "七百二十"),
        ("status", "PROVISIONAL"),
        ("source_title", "另一报告"),
        ("source_url", "https://example.org/报告"),
        ("published_on", "2022-01-11"),
        ("unit", "件"),
    ];
    for (column, text) in others {
        let report = import(&service, &csv(&[full().with(column, text)]), &dry()).await;
        assert_eq!((report.revised, report.unchanged), (1, 0), "{column}");
        assert!(
            report.revisions[0].columns.contains(&column),
            "{column}: {:?}",
            report.revisions[0]
        );
    }
    // As many digits as were printed belong to the value.
    let precise = full().with("value", "720.0").with("printed", "720");
    let report = import(&service, &csv(&[precise]), &dry()).await;
    assert_eq!(report.revisions[0].columns, ["value"]);
}

async fn a_file_of_all_kinds_is_counted_right(db: TestDb) {
    let service = db.service().await;
    let year = |year: &str, value: &str| Row::new("petition_received_count", STREET, year, value);
    import(
        &service,
        &csv(&[year("2019", "1"), year("2020", "2"), year("2021", "3")]),
        &commit(),
    )
    .await;
    let file = csv(&[
        year("2018", "0"),
        year("2019", "1"),
        year("2020", "22"),
        year("2021", "33"),
    ]);
    let report = import(&service, &file, &revise(RevisionReason::Method)).await;
    assert_eq!(
        (report.figures, report.created, report.revised, report.unchanged),
        (4, 1, 2, 1)
    );
    let told: Vec<_> = stored(&service)
        .await
        .iter()
        .map(|row| (row.value, row.revision, row.reason))
        .collect();
    let method = Some(RevisionReason::Method);
    let expected = [
        (Some(0.0), 1, None),
        (Some(1.0), 1, None),
        (Some(22.0), 2, method),
        (Some(33.0), 2, method),
    ];
    assert_eq!(told, expected);
}

async fn an_old_file_comes_again_only_on_demand(db: TestDb) {
    let service = db.service().await;
    let old = csv(&[received("720")]);
    import(&service, &old, &commit()).await;
    import(&service, &csv(&[received("721")]), &revise(RevisionReason::Error)).await;
    let known = import(&service, &old, &revise(RevisionReason::Appeal)).await;
    assert!(known.known.is_some());
    let again = Options {
        again: true,
        ..revise(RevisionReason::Appeal)
    };
    let report = import(&service, &old, &again).await;
    assert_eq!(report.revised, 1);
    let rows = revisions(&service).await;
    let told: Vec<_> = rows.iter().map(|row| (row.revision, row.value, row.reason)).collect();
    let expected = [
        (1, Some(720.0), None),
        (2, Some(721.0), Some(RevisionReason::Error)),
        (3, Some(720.0), Some(RevisionReason::Appeal)),
    ];
    assert_eq!(told, expected);
    assert!(rows.is_sorted_by(|one, next| one.superseded_at == Some(next.recorded_at)));
}
