//! Importing files, as a test needs it.

use api::service::Service;
use api::service::access::Caller;
use api::service::import::{ImportError, Options, Report};
use entity::choice::RevisionReason;
use entity::observation::{self, Filter, Model, Page};

/// The street of most tests.
pub(crate) const STREET: &str = "shenzhen-luohu-sungang";

/// What a dry run is made with.
pub(crate) fn dry() -> Options {
    Options {
        commit: false,
        caller: Caller::operator("tester"),
        reason: None,
        again: false,
        ..Options::default()
    }
}

/// What a first import is made with.
pub(crate) fn commit() -> Options {
    Options { commit: true, ..dry() }
}

/// What a correction is made with.
pub(super) fn revise(reason: RevisionReason) -> Options {
    Options {
        reason: Some(reason),
        ..commit()
    }
}

/// Imports a text; what is refused fails the test.
pub(crate) async fn import(service: &Service, text: &str, options: &Options) -> Report {
    let outcome = service.import("figures.csv", text.as_bytes(), options).await;
    outcome.unwrap_or_else(|error| panic!("{error:?}"))
}

/// The faults of a file, one line each; an import that works fails the test.
pub(super) async fn faults(service: &Service, bytes: &[u8]) -> Vec<String> {
    match service.import("figures.csv", bytes, &commit()).await {
        Err(ImportError::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("it is not refused: {other:?}"),
    }
}

/// Every current observation, in the order of pages.
pub(super) async fn stored(service: &Service) -> Vec<Model> {
    let page = Page {
        limit: u64::from(u32::MAX),
        ..Page::default()
    };
    observation::page(service.db(), &Filter::default(), None, &page)
        .await
        .unwrap()
}
