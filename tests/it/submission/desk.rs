//! The people of a submission, as a test needs them.

use std::slice;

use api::error::Error;
use api::export::observation::Row as Line;
use api::service::Service;
use api::service::access::Caller;
use api::service::export::ExportQuery;
use api::service::import::{Options, Report};
use api::service::submission::{Actor, EnteredFigure, Filling, NewSubmission, Step};
use entity::submission::Model;
use entity::{submission_event, submission_figure};

/// The street of most tests.
pub(super) const STREET: &str = "shenzhen-luohu-sungang";
/// Its neighbour.
pub(super) const OTHER: &str = "shenzhen-luohu-cuizhu";
/// 2026-01-01T00:00:00Z in µs.
pub(super) const NEW_YEAR: i64 = 1_767_225_600_000_000;
/// A day in µs.
pub(super) const DAY: i64 = 24 * 3_600 * 1_000_000;

/// What somebody does to a submission as he sees it.
pub(super) fn step(submission: &Model, name: &str, now: i64) -> Step {
    Step {
        submission: submission.id,
        seen: submission.revision,
        actor: Actor::named(name).unwrap(),
        message: None,
        now,
    }
}

/// The same with a word.
pub(super) fn saying(submission: &Model, name: &str, message: &str, now: i64) -> Step {
    Step {
        message: Some(message.to_owned()),
        ..step(submission, name, now)
    }
}

/// What figures are entered with.
pub(super) fn committing() -> Options {
    Options {
        commit: true,
        caller: Caller::operator("tester"),
        ..Options::default()
    }
}

/// A figure by hand.
pub(super) fn figure(indicator: &str, value: &str) -> EnteredFigure {
    EnteredFigure {
        indicator: indicator.to_owned(),
        value: Some(value.to_owned()),
        ..EnteredFigure::default()
    }
}

/// Opens a submission.
pub(super) async fn open(service: &Service, org: &str, period: &str, now: i64) -> Model {
    let new = NewSubmission {
        org: org.to_owned(),
        period: period.parse().unwrap(),
        theme: None,
        deadline: None,
        actor: Actor::named("填报人").unwrap(),
        message: None,
        now,
    };
    service.open_submission(&new).await.unwrap()
}

/// Enters figures, given as indicator and value.
pub(super) async fn fill(service: &Service, submission: &Model, figures: &[(&str, &str)], now: i64) -> Model {
    let figures = figures.iter().map(|(indicator, value)| figure(indicator, value));
    let filling = Filling::Figures(figures.collect());
    let told = service
        .fill_submission(&step(submission, "填报人", now), filling, &committing())
        .await;
    told.unwrap().0
}

/// Enters a file.
pub(super) async fn fill_file(service: &Service, submission: &Model, text: &str, now: i64) -> Model {
    let filling = Filling::File("figures.csv".to_owned(), text.as_bytes().to_vec());
    let told = service
        .fill_submission(&step(submission, "填报人", now), filling, &committing())
        .await;
    told.unwrap().0
}

/// From a filled draft to an approval by somebody else.
pub(super) async fn approved(service: &Service, submission: &Model, now: i64) -> Model {
    let handed = service
        .submit_submission(&saying(submission, "填报人", "如实报送", now))
        .await
        .unwrap();
    service.approve_submission(&step(&handed, "审核人", now)).await.unwrap()
}

/// Publishes what is approved.
pub(super) async fn publish(service: &Service, submission: &Model, now: i64) -> (Model, Report) {
    service
        .publish_submission(&step(submission, "发布人", now), None, true)
        .await
        .unwrap()
}

/// All that an export holds.
pub(super) async fn lines(service: &Service, query: &ExportQuery) -> Vec<Line> {
    let mut pages = service.export(&Caller::operator("tester"), query).await.unwrap();
    let mut all = Vec::new();
    while let Some(rows) = pages.next().await.unwrap() {
        all.extend(rows);
    }
    all
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    outcome.unwrap_err().code().to_string()
}

/// What is entered in a submission's round.
pub(super) async fn entered(service: &Service, submission: &Model) -> Vec<submission_figure::Model> {
    let sight = service.sight(&Caller::operator("tester")).await.unwrap();
    let mut found = service
        .submission_figures(&sight, slice::from_ref(submission))
        .await
        .unwrap();
    found.remove(&submission.id).unwrap_or_default()
}

/// What was done to a submission.
pub(super) async fn thread_of(service: &Service, submission: &Model, now: i64) -> Vec<submission_event::Model> {
    let mut found = service.submission_threads(&[submission.id], now).await.unwrap();
    found.remove(&submission.id).unwrap_or_default()
}

/// What a submission still owes.
pub(super) async fn missing_of(service: &Service, submission: &Model, now: i64) -> Vec<String> {
    let sight = service.sight(&Caller::operator("tester")).await.unwrap();
    let mut found = service
        .submissions_missing(&sight, slice::from_ref(submission), now)
        .await
        .unwrap();
    found.remove(&submission.id).unwrap_or_default().into_iter().collect()
}
