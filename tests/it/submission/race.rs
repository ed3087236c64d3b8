//! Two people at once: one of them wins, the other is told, and nothing is done twice.

use api::error::Error;
use entity::submission::Model;
use tests::db::TestDb;
use tests::suite;

use super::desk::{NEW_YEAR, STREET, fill, open, saying, step, thread_of};

suite!(Catalog: of_two_approvals_one_wins_and_one_is_a_conflict, of_two_publications_one_is_written, a_submission_is_opened_once);

/// One `Ok`, one `CONFLICT`.
fn check<T: std::fmt::Debug>(outcomes: [Result<T, Error>; 2]) -> T {
    let told = outcomes.each_ref().map(|outcome| match outcome {
        Ok(_) => "OK".to_owned(),
        Err(error) => error.code().to_string(),
    });
    let mut sorted = told.clone();
    sorted.sort();
    assert_eq!(sorted, ["CONFLICT", "OK"], "{outcomes:?}");
    outcomes.into_iter().find_map(Result::ok).unwrap()
}

/// Two pools are to the database what two processes are.
async fn of_two_approvals_one_wins_and_one_is_a_conflict(db: TestDb) {
    let (one, other) = (db.service().await, db.service().await);
    for year in 2010..2016 {
        let draft = open(&one, STREET, &year.to_string(), NEW_YEAR).await;
        let filled = fill(&one, &draft, &[("petition_received_count", "7")], NEW_YEAR).await;
        let handed: Model = one
            .submit_submission(&saying(&filled, "填报人", "如实报送", NEW_YEAR))
            .await
            .unwrap();
        let (first, second) = (step(&handed, "审核甲", NEW_YEAR), step(&handed, "审核乙", NEW_YEAR));
        let outcomes = tokio::join!(one.approve_submission(&first), other.approve_submission(&second));
        let winner = check([outcomes.0, outcomes.1]);
        let thread = thread_of(&one, &winner, NEW_YEAR).await;
        assert_eq!(thread.len(), 4, "opened, filled, handed in, approved once");
    }
}

async fn of_two_publications_one_is_written(db: TestDb) {
    let (one, other) = (db.service().await, db.service().await);
    let draft = open(&one, STREET, "2021", NEW_YEAR).await;
    let filled = fill(&one, &draft, &[("petition_received_count", "7")], NEW_YEAR).await;
    let approved = super::desk::approved(&one, &filled, NEW_YEAR).await;
    let (first, second) = (step(&approved, "发布甲", NEW_YEAR), step(&approved, "发布乙", NEW_YEAR));
    let outcomes = tokio::join!(
        one.publish_submission(&first, None, true),
        other.publish_submission(&second, None, true)
    );
    check([outcomes.0, outcomes.1]);
    let contents = db.contents().await;
    assert_eq!((contents["import_batch"].len(), contents["observation"].len()), (1, 1));
}

async fn a_submission_is_opened_once(db: TestDb) {
    use api::service::submission::{Actor, NewSubmission};
    let (one, other) = (db.service().await, db.service().await);
    let new = |theme: Option<&str>| NewSubmission {
        org: STREET.to_owned(),
        period: "2021".parse().unwrap(),
        theme: theme.map(str::to_owned),
        deadline: None,
        actor: Actor::named("填报人").unwrap(),
        message: None,
        now: NEW_YEAR,
    };
    let all = new(None);
    let outcomes = tokio::join!(one.open_submission(&all), other.open_submission(&all));
    check([outcomes.0, outcomes.1]);
    // A theme is part of all of them.
    let snapshot = one.snapshot().await.unwrap();
    let theme = snapshot.catalog.themes().next().unwrap().code.clone();
    let outcome = one.open_submission(&new(Some(&theme))).await;
    assert!(matches!(outcome, Err(Error::Conflict { .. })), "{outcome:?}");
}
