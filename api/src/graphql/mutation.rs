//! The root of all mutations: each noun brings its own part.

use async_graphql::MergedObject;

use super::noun::api_token::ApiTokenMutation;
use super::noun::evaluation_mutation::EvaluationMutation;
use super::noun::framework::FrameworkMutation;
use super::noun::import::ImportMutation;
use super::noun::objection::ObjectionMutation;
use super::noun::principal::PrincipalMutation;
use super::noun::rectification::RectificationMutation;
use super::noun::reporting_calendar::ReportingCalendarMutation;
use super::noun::role_grant::RoleGrantMutation;
use super::noun::stored_query::StoredQueryMutation;
use super::noun::submission::mutation::SubmissionMutation;

/// Everything that can be written. A mutation is done whole or not at all.
#[derive(Default, MergedObject)]
pub struct Mutation(
    ImportMutation,
    FrameworkMutation,
    EvaluationMutation,
    ObjectionMutation,
    RectificationMutation,
    SubmissionMutation,
    ReportingCalendarMutation,
    StoredQueryMutation,
    PrincipalMutation,
    RoleGrantMutation,
    ApiTokenMutation,
);
