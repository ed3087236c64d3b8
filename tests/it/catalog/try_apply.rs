//! Applying files as the command does: read, check, apply.

use api::intake::catalog::{CatalogFile, read};
use api::intake::problem::Problem;
use api::service::Service;
use api::service::access::Caller;
use api::service::apply::{ApplyError, Report};

/// What was done, or every fault; a failure of the database fails the test.
pub(super) async fn try_apply(service: &Service, files: &[CatalogFile]) -> Result<Report, Vec<Problem>> {
    let catalog = read(files)?;
    match service.apply_catalog(&Caller::operator("tester"), &catalog).await {
        Ok(report) => Ok(report),
        Err(ApplyError::Problems(problems)) => Err(problems),
        Err(error) => panic!("{error:?}"),
    }
}

/// What was done; faults fail the test.
pub(super) async fn apply(service: &Service, files: &[CatalogFile]) -> Report {
    try_apply(service, files)
        .await
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}
