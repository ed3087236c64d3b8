//! Writing: nothing in a dry run, all in one batch, once a content, and nothing again that stands already.

use api::service::Service;
use entity::choice::Topic;
use entity::{change_feed, import_batch, observation};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, dry, import, stored};

suite!(
    Catalog: a_dry_run_tells_and_changes_nothing,
    a_commit_writes_one_batch,
    the_same_file_twice_is_recognised,
    the_same_figures_in_another_file_are_unchanged,
    new_figures_beside_unchanged_ones_are_written_alone,
    the_same_file_from_two_sides_is_written_once,
    a_rolled_back_import_leaves_no_trace_in_the_answers,
);

fn two_figures() -> String {
    csv(&[
        Row::new("petition_received_count", STREET, "2021", "720"),
        Row::new("petition_resolved_count", STREET, "2021", "702").with("source_title", "年度报告"),
    ])
}

async fn a_dry_run_tells_and_changes_nothing(db: TestDb) {
    let service = db.service().await;
    let before = db.contents().await;
    for _ in 0..2 {
        let report = import(&service, &two_figures(), &dry()).await;
        assert_eq!((report.figures, report.created, report.unchanged), (2, 2, 0));
        assert!(report.revised == 0 && report.batch.is_none() && report.known.is_none());
    }
    assert_eq!(db.contents().await, before);
}

async fn a_commit_writes_one_batch(db: TestDb) {
    let service = db.service().await;
    let last = change_feed::latest(service.db()).await.unwrap();
    let report = import(&service, &two_figures(), &commit()).await;
    let id = report.batch.expect("a batch is written");
    let batch = import_batch::by_ids(service.db(), &[id]).await.unwrap().remove(0);
    assert_eq!(
        (batch.file_name.as_str(), batch.author.as_str(), batch.reason),
        ("figures.csv", "tester", None)
    );
    assert_eq!(
        (batch.created_count, batch.revised_count, batch.unchanged_count),
        (2, 0, 0)
    );
    assert_eq!(batch.content_hash.len(), 64);
    let rows = stored(&service).await;
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!((row.batch_id, row.revision, row.reason), (Some(id), 1, None));
        assert_eq!((row.recorded_at, row.superseded_at), (batch.recorded_at, None));
    }
    let feed = change_feed::since(service.db(), last).await.unwrap();
    let mut touched: Vec<_> = rows.iter().map(|row| Some(row.indicator_id)).collect();
    touched.sort_unstable();
    assert_eq!(
        feed.iter().map(|change| change.indicator_id).collect::<Vec<_>>(),
        touched
    );
    for change in &feed {
        assert_eq!((change.topic, change.batch_id), (Topic::Observations, Some(id)));
        assert_eq!(change.recorded_at, batch.recorded_at);
    }
}

async fn the_same_file_twice_is_recognised(db: TestDb) {
    let service = db.service().await;
    let first = import(&service, &two_figures(), &commit()).await;
    let before = db.contents().await;
    for options in [commit(), dry()] {
        let second = import(&service, &two_figures(), &options).await;
        assert_eq!(second.known.map(|batch| batch.id), first.batch);
        assert_eq!((second.batch, second.created, second.unchanged), (None, 0, 2));
    }
    // The name does not matter, the bytes do.
    let outcome = service.import("renamed.csv", two_figures().as_bytes(), &commit()).await;
    assert_eq!(outcome.unwrap().known.map(|batch| batch.id), first.batch);
    assert_eq!(db.contents().await, before);
}

async fn the_same_figures_in_another_file_are_unchanged(db: TestDb) {
    let service = db.service().await;
    import(&service, &two_figures(), &commit()).await;
    let before = db.contents().await;
    let other = csv(&[
        Row::new("petition_resolved_count", STREET, "2021", "702")
            .with("source_title", "年度报告")
            .with("unit", "宗"),
        Row::new(
            "petition_received_count",
            "深圳市罗湖区笋岗街道",
            "2021-01/2021-12",
            "720",
        )
        .with("status", "NORMAL"),
    ]);
    let report = import(&service, &other, &commit()).await;
    assert_eq!((report.created, report.revised, report.unchanged), (0, 0, 2));
    assert!(report.batch.is_none() && report.known.is_none());
    assert_eq!(db.contents().await, before);
}

async fn new_figures_beside_unchanged_ones_are_written_alone(db: TestDb) {
    let service = db.service().await;
    import(&service, &two_figures(), &commit()).await;
    let more = two_figures() + &format!("petition_received_count,{STREET},2020,600,\n");
    let report = import(&service, &more, &commit()).await;
    assert_eq!((report.figures, report.created, report.unchanged), (3, 1, 2));
    let id = report.batch.unwrap();
    let of_batch: Vec<_> = stored(&service)
        .await
        .into_iter()
        .filter(|row| row.batch_id == Some(id))
        .collect();
    assert_eq!(of_batch.iter().map(|row| row.value).collect::<Vec<_>>(), [Some(600.0)]);
    let batch = import_batch::by_ids(service.db(), &[id]).await.unwrap().remove(0);
    assert_eq!((batch.created_count, batch.unchanged_count), (1, 2));
}

/// Two pools are to the database what two processes are.
async fn the_same_file_from_two_sides_is_written_once(db: TestDb) {
    let sides: [Service; 2] = [db.service().await, db.service().await];
    let file = two_figures();
    let options = commit();
    let reports = tokio::join!(import(&sides[0], &file, &options), import(&sides[1], &file, &options));
    let written = [&reports.0, &reports.1]
        .into_iter()
        .filter(|report| report.batch.is_some())
        .count();
    let known = [&reports.0, &reports.1]
        .into_iter()
        .filter(|report| report.known.is_some())
        .count();
    assert_eq!((written, known), (1, 1));
    assert_eq!(stored(&sides[0]).await.len(), 2);
    assert_eq!(db.contents().await["import_batch"].len(), 1);
}

/// The answers rest on a snapshot: it takes in what was written, and nothing of what was not.
async fn a_rolled_back_import_leaves_no_trace_in_the_answers(db: TestDb) {
    let service = db.service().await;
    let before = service.snapshot().await.unwrap();
    import(&service, &two_figures(), &dry()).await;
    let after = service.snapshot().await.unwrap();
    assert_eq!((after.version, after.facts.len()), (before.version, 0));
    import(&service, &two_figures(), &commit()).await;
    let after = service.snapshot().await.unwrap();
    assert_eq!(after.facts.len(), 2);
    assert!(after.version > before.version);
    let count = observation::count(service.db(), &observation::Filter::default(), None)
        .await
        .unwrap();
    assert_eq!(count, 2);
}
