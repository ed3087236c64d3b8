//! Publishing: a draft moves no answer, and what is published is what an import of the same file would have brought.

use api::service::export::ExportQuery;
use api::service::import::{Options, UndoOptions};
use api::service::submission::Filling;
use entity::choice::RevisionReason;
use tests::db::{Holding, TestDb};
use tests::fixture::{Row, csv};
use tests::suite;

use super::desk::{
    NEW_YEAR, OTHER, STREET, approved, code, committing, entered, figure, fill, fill_file, lines, open, publish, step,
};

suite!(
    Catalog: publishing_is_importing,
    a_draft_moves_no_answer,
    a_dry_run_changes_nothing_and_tells_what_moves,
    what_was_imported_after_the_approval_is_not_overwritten,
    a_first_round_that_revises_needs_a_reason,
    a_published_batch_can_be_undone,
    only_figures_of_the_submission_are_taken,
    a_figure_is_taken_out_again,
);

/// Figures with everything that a file can say.
fn file() -> String {
    csv(&[
        Row::new("petition_received_count", STREET, "2021", "720").with("note", "含联名信访"),
        Row::new("petition_resolved_count", STREET, "2021", "660余件").with("source_title", "年度报告"),
        Row::new("law_exam_excellent_rate", STREET, "2021", "97.5").with("unit", "%"),
        Row::new("mediation_accepted_count", STREET, "2021", "").with("status", "MISSING"),
    ])
}

async fn publishing_is_importing(db: TestDb) {
    let service = db.service().await;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill_file(&service, &draft, &file(), NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let (published, report) = publish(&service, &approved, NEW_YEAR).await;
    assert_eq!((report.created, report.revised), (4, 0));
    let batch = report.batch.unwrap();
    let batch = entity::import_batch::by_ids(service.db(), &[batch])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(batch.submission_id, Some(published.id));

    let other = TestDb::fresh(db.backend(), Holding::Catalog);
    let direct = other.service().await;
    let options = Options {
        caller: api::service::access::Caller::operator("tester"),
        ..committing()
    };
    direct.import("figures.csv", file().as_bytes(), &options).await.unwrap();
    let query = ExportQuery::default();
    assert_eq!(lines(&service, &query).await, lines(&direct, &query).await);
    // And the same file, imported, changes nothing.
    let known = service
        .import(
            "figures.csv",
            file().as_bytes(),
            &Options {
                commit: false,
                ..committing()
            },
        )
        .await
        .unwrap();
    assert_eq!((known.created, known.revised, known.unchanged), (0, 0, 4));
}

async fn a_draft_moves_no_answer(db: TestDb) {
    let service = db.service().await;
    let before = service.snapshot().await.unwrap().version;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill_file(&service, &draft, &file(), NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let snapshot = service.snapshot().await.unwrap();
    assert_eq!((snapshot.version, snapshot.facts.len()), (before, 0));
    let contents = db.contents().await;
    assert!(contents["observation"].is_empty() && contents["import_batch"].is_empty());
    assert_eq!(lines(&service, &ExportQuery::default()).await, []);
    publish(&service, &approved, NEW_YEAR).await;
    assert_eq!(service.snapshot().await.unwrap().facts.len(), 4);
}

async fn a_dry_run_changes_nothing_and_tells_what_moves(db: TestDb) {
    let service = db.service().await;
    for (org, value) in [(STREET, "100"), (OTHER, "90")] {
        let text = csv(&[Row::new("petition_received_count", org, "2021", value)]);
        service
            .import("before.csv", text.into_bytes(), &committing())
            .await
            .unwrap();
    }
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filling = || Filling::Figures(vec![figure("petition_received_count", "80")]);
    let before = db.contents().await;
    let (_, report) = service
        .fill_submission(&step(&draft, "填报人", NEW_YEAR), filling(), &Options::default())
        .await
        .unwrap();
    assert_eq!((report.created, report.revised), (0, 1));
    assert!(report.revisions[0].before.starts_with("100") && report.revisions[0].after.starts_with("80"));
    assert_eq!(db.contents().await, before);

    let filled = fill(&service, &draft, &[("petition_received_count", "80")], NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let before = db.contents().await;
    let (same, report) = service
        .publish_submission(&step(&approved, "发布人", NEW_YEAR), None, false)
        .await
        .unwrap();
    assert_eq!(
        (same.revision, report.revised, report.batch),
        (approved.revision, 1, None)
    );
    assert!(!report.effects.is_empty(), "the district's total and the ranks move");
    assert_eq!(db.contents().await, before);
}

async fn what_was_imported_after_the_approval_is_not_overwritten(db: TestDb) {
    let service = db.service().await;
    let text = |value: &str| csv(&[Row::new("petition_received_count", STREET, "2021", value)]).into_bytes();
    service.import("before.csv", text("100"), &committing()).await.unwrap();
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill(&service, &draft, &[("petition_received_count", "80")], NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let revising = Options {
        reason: Some(RevisionReason::Late),
        ..committing()
    };
    service.import("meanwhile.csv", text("101"), &revising).await.unwrap();
    let before = db.contents().await;
    let late = step(&approved, "发布人", NEW_YEAR);
    let outcome = service
        .publish_submission(&late, Some(RevisionReason::Error), true)
        .await;
    assert_eq!(code(outcome), "CONFLICT");
    assert_eq!(db.contents().await, before);
    // Somebody looks at it again.
    let back = super::desk::saying(&approved, "审核人", "请核对新导入的数据", NEW_YEAR);
    let returned = service.return_submission(&back, None).await.unwrap();
    let again = super::desk::approved(&service, &returned, NEW_YEAR).await;
    let again = step(&again, "发布人", NEW_YEAR);
    let (_, report) = service
        .publish_submission(&again, Some(RevisionReason::Error), true)
        .await
        .unwrap();
    assert_eq!(report.revised, 1);
}

async fn a_first_round_that_revises_needs_a_reason(db: TestDb) {
    let service = db.service().await;
    let text = csv(&[Row::new("petition_received_count", STREET, "2021", "100")]);
    service
        .import("before.csv", text.into_bytes(), &committing())
        .await
        .unwrap();
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill(&service, &draft, &[("petition_received_count", "80")], NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let unsaid = step(&approved, "发布人", NEW_YEAR);
    assert_eq!(
        code(service.publish_submission(&unsaid, None, true).await),
        "BAD_USER_INPUT"
    );
    service
        .publish_submission(&unsaid, Some(RevisionReason::Late), true)
        .await
        .unwrap();
}

async fn a_published_batch_can_be_undone(db: TestDb) {
    let service = db.service().await;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill_file(&service, &draft, &file(), NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let (_, report) = publish(&service, &approved, NEW_YEAR).await;
    let undo = UndoOptions {
        batch: report.batch.unwrap(),
        commit: true,
        caller: api::service::access::Caller::operator("tester"),
        reason: RevisionReason::Error,
    };
    assert_eq!(service.undo(&undo).await.unwrap().withdrawn, 4);
    assert_eq!(lines(&service, &ExportQuery::default()).await, []);
}

async fn only_figures_of_the_submission_are_taken(db: TestDb) {
    let service = db.service().await;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let text = csv(&[
        Row::new("petition_received_count", STREET, "2021", "720"),
        Row::new("petition_received_count", OTHER, "2021", "1"),
        Row::new("petition_received_count", STREET, "2020", "1"),
    ]);
    let filling = || Filling::File("figures.csv".to_owned(), text.clone().into_bytes());
    let doing = step(&draft, "填报人", NEW_YEAR);
    let (_, report) = service
        .fill_submission(&doing, filling(), &Options::default())
        .await
        .unwrap();
    assert_eq!((report.created, report.rejected), (1, 2));
    let told: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert!(
        told[0].contains("another organisation") && told[1].contains("another period"),
        "{told:?}"
    );
    let before = db.contents().await;
    assert_eq!(
        code(service.fill_submission(&doing, filling(), &committing()).await),
        "BAD_USER_INPUT"
    );
    assert_eq!(db.contents().await, before);
}

async fn a_figure_is_taken_out_again(db: TestDb) {
    let service = db.service().await;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let figures = [("petition_received_count", "80"), ("petition_resolved_count", "70")];
    let filled = fill(&service, &draft, &figures, NEW_YEAR).await;
    let mut gone = figure("petition_received_count", "");
    gone.remove = true;
    let doing = step(&filled, "填报人", NEW_YEAR);
    let (left, _) = service
        .fill_submission(&doing, Filling::Figures(vec![gone]), &committing())
        .await
        .unwrap();
    let values: Vec<_> = entered(&service, &left).await;
    assert_eq!(values.iter().map(|row| row.value).collect::<Vec<_>>(), [Some(70.0)]);
    assert_eq!(
        db.contents().await["submission_figure"].len(),
        3,
        "nothing is overwritten"
    );
    let again = fill(&service, &left, &[("petition_received_count", "81")], NEW_YEAR).await;
    assert_eq!(entered(&service, &again).await.len(), 2);
}
