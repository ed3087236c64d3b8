//! Corrections: what was published changes by a reason, a reviewer and in its time, or not at all.

use api::service::Service;
use api::service::import::Options;
use api::service::submission::Query;
use entity::choice::{RevisionReason, SubmissionAct, SubmissionState};
use entity::observation::{self, Key};
use entity::submission::Model;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::desk::{
    DAY, NEW_YEAR, STREET, approved, code, entered, fill, fill_file, open, publish, saying, step, thread_of,
};

suite!(
    Catalog: a_correction_is_a_revision_with_its_reason,
    a_correction_that_is_not_handed_in_locks_itself,
    a_correction_that_was_handed_in_waits_for_its_reviewer,
    whoever_filled_it_does_not_approve_it,
    a_workbook_of_before_does_not_take_a_correction_back,
);

async fn published(service: &Service) -> Model {
    let draft = open(service, STREET, "2021", NEW_YEAR).await;
    let filled = fill(service, &draft, &[("petition_received_count", "80")], NEW_YEAR).await;
    let approved = approved(service, &filled, NEW_YEAR).await;
    publish(service, &approved, NEW_YEAR).await.0
}

async fn unlocked(service: &Service, submission: &Model, until: i64) -> Model {
    let doing = saying(submission, "发布人", "受理数有误", NEW_YEAR);
    service
        .unlock_submission(&doing, RevisionReason::Appeal, until)
        .await
        .unwrap()
}

async fn a_correction_is_a_revision_with_its_reason(db: TestDb) {
    let service = db.service().await;
    let published = published(&service).await;
    let unsaid = step(&published, "发布人", NEW_YEAR);
    let until = NEW_YEAR + DAY;
    assert_eq!(
        code(service.unlock_submission(&unsaid, RevisionReason::Error, until).await),
        "BAD_USER_INPUT"
    );
    let open = unlocked(&service, &published, until).await;
    assert_eq!((open.state, open.round), (SubmissionState::Draft, 2));
    let filled = fill(&service, &open, &[("petition_received_count", "81")], NEW_YEAR).await;
    let again = approved(&service, &filled, NEW_YEAR).await;
    let (corrected, report) = publish(&service, &again, NEW_YEAR).await;
    assert_eq!((report.created, report.revised), (0, 1));
    assert_eq!(
        (corrected.state, corrected.unlocked_until),
        (SubmissionState::Published, None)
    );
    let snapshot = service.snapshot().await.unwrap();
    let key = Key {
        indicator_id: snapshot
            .catalog
            .indicator_by_code("petition_received_count")
            .unwrap()
            .id,
        org_id: corrected.org_id,
        breakdown_item_id: 0,
        start_month: corrected.start_month,
        end_month: corrected.end_month,
    };
    let revisions = observation::revisions(service.db(), key).await.unwrap();
    let told: Vec<_> = revisions.iter().map(|row| (row.value, row.reason)).collect();
    assert_eq!(told, [(Some(80.0), None), (Some(81.0), Some(RevisionReason::Appeal))]);
}

async fn a_correction_that_is_not_handed_in_locks_itself(db: TestDb) {
    let service = db.service().await;
    let published = published(&service).await;
    let open = unlocked(&service, &published, NEW_YEAR + DAY).await;
    let filled = fill(&service, &open, &[("petition_received_count", "81")], NEW_YEAR).await;
    let (before, after) = (NEW_YEAR + DAY - 1, NEW_YEAR + DAY);
    assert_eq!(service.submission(filled.id, before).await.unwrap(), filled);
    let contents = db.contents().await;
    let locked = service.submission(filled.id, after).await.unwrap();
    assert_eq!(
        (locked.state, locked.revision),
        (SubmissionState::Locked, filled.revision + 1)
    );
    let thread = thread_of(&service, &filled, after).await;
    let last = thread.last().unwrap();
    assert_eq!(
        (last.act, last.recorded_at, last.actor.as_str()),
        (SubmissionAct::Expire, after, "")
    );
    assert_eq!(db.contents().await, contents, "looking writes nothing");
    for (state, now, found) in [
        (SubmissionState::Draft, before, 1),
        (SubmissionState::Draft, after, 0),
        (SubmissionState::Locked, before, 0),
        (SubmissionState::Locked, after, 1),
    ] {
        let query = Query {
            states: Some(vec![state]),
            now,
            ..Query::default()
        };
        assert_eq!(
            service
                .submissions(
                    &service
                        .sight(&api::service::access::Caller::operator("tester"))
                        .await
                        .unwrap(),
                    &query,
                    0,
                    10
                )
                .await
                .unwrap()
                .1,
            found,
            "{state:?} at {now}"
        );
    }
    // Who saw it open is told; who saw it locked goes on.
    assert_eq!(
        code(service.submit_submission(&step(&filled, "填报人", after)).await),
        "CONFLICT"
    );
    let again = saying(&locked, "发布人", "重新开放", after);
    let open = service
        .unlock_submission(&again, RevisionReason::Error, after + DAY)
        .await
        .unwrap();
    assert_eq!(open.round, 3);
    let figures = entered(&service, &open).await;
    assert!(figures.is_empty(), "the round begins from what is published");
    let thread = thread_of(&service, &open, after).await;
    let acts: Vec<_> = thread
        .iter()
        .rev()
        .take(2)
        .map(|entry| (entry.act, entry.round))
        .collect();
    assert_eq!(acts, [(SubmissionAct::Unlock, 3), (SubmissionAct::Expire, 2)]);
}

async fn a_correction_that_was_handed_in_waits_for_its_reviewer(db: TestDb) {
    let service = db.service().await;
    let published = published(&service).await;
    let open = unlocked(&service, &published, NEW_YEAR + DAY).await;
    let filled = fill(&service, &open, &[("petition_received_count", "81")], NEW_YEAR).await;
    let handed = service
        .submit_submission(&step(&filled, "填报人", NEW_YEAR))
        .await
        .unwrap();
    let late = NEW_YEAR + 9 * DAY;
    assert_eq!(service.submission(handed.id, late).await.unwrap(), handed);
    let back = saying(&handed, "审核人", "请附依据", late);
    assert_eq!(code(service.return_submission(&back, None).await), "BAD_USER_INPUT");
    let returned = service.return_submission(&back, Some(late + DAY)).await.unwrap();
    assert_eq!(
        (returned.state, returned.unlocked_until),
        (SubmissionState::Returned, Some(late + DAY))
    );
}

async fn whoever_filled_it_does_not_approve_it(db: TestDb) {
    let service = db.service().await;
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill(&service, &draft, &[("petition_received_count", "80")], NEW_YEAR).await;
    // Somebody else enters another figure over it, and a third hands it in.
    let figures = vec![super::desk::figure("petition_received_count", "81")];
    let doing = step(&filled, "同事", NEW_YEAR);
    let filling = api::service::submission::Filling::Figures(figures);
    let (filled, _) = service
        .fill_submission(&doing, filling, &super::desk::committing())
        .await
        .unwrap();
    let handed = service
        .submit_submission(&step(&filled, "科长", NEW_YEAR))
        .await
        .unwrap();
    for own in ["填报人", "同事", "科长"] {
        assert_eq!(
            code(service.approve_submission(&step(&handed, own, NEW_YEAR)).await),
            "FORBIDDEN",
            "{own}"
        );
    }
    service
        .approve_submission(&step(&handed, "审核人", NEW_YEAR))
        .await
        .unwrap();
}

async fn a_workbook_of_before_does_not_take_a_correction_back(db: TestDb) {
    let service = db.service().await;
    let published = published(&service).await;
    let cell = format!("petition_received_count@{STREET}@2021@#1");
    let file = |value: &str| csv(&[Row::new("petition_received_count", STREET, "2021", value).with("cell", &cell)]);
    let open = unlocked(&service, &published, NEW_YEAR + DAY).await;
    let open = fill_file(&service, &open, &file("81"), NEW_YEAR).await;
    // Somebody corrects the published figure otherwise.
    let options = Options {
        reason: Some(RevisionReason::Error),
        ..super::desk::committing()
    };
    let text = csv(&[Row::new("petition_received_count", STREET, "2021", "90")]);
    service
        .import("meanwhile.csv", text.into_bytes(), &options)
        .await
        .unwrap();
    let filling = api::service::submission::Filling::File("figures.csv".to_owned(), file("82").into_bytes());
    let doing = step(&open, "填报人", NEW_YEAR);
    let outcome = service
        .fill_submission(&doing, filling, &super::desk::committing())
        .await;
    assert_eq!(code(outcome), "CONFLICT");
}
