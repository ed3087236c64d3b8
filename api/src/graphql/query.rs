//! The root of all queries: each noun brings its own part.

use async_graphql::MergedObject;

use super::noun::api_token::ApiTokenQuery;
use super::noun::audit_event::AuditEventQuery;
use super::noun::availability::AvailabilityQuery;
use super::noun::comparison::ComparisonQuery;
use super::noun::decomposition::DecompositionQuery;
use super::noun::evaluation::EvaluationRootQuery;
use super::noun::evaluation_run::EvaluationRunQuery;
use super::noun::finding::FindingQuery;
use super::noun::framework::FrameworkQuery;
use super::noun::import_batch::ImportBatchQuery;
use super::noun::indicator::IndicatorQuery;
use super::noun::node::NodeQuery;
use super::noun::objection::ObjectionQuery;
use super::noun::observation::ObservationQuery;
use super::noun::observation_row::ObservationRowQuery;
use super::noun::org_unit::OrgUnitQuery;
use super::noun::principal::PrincipalQuery;
use super::noun::ranking::RankingQuery;
use super::noun::rectification::RectificationQuery;
use super::noun::reporting_calendar::ReportingCalendarQuery;
use super::noun::role_grant::RoleGrantQuery;
use super::noun::stored_query::StoredQueryQuery;
use super::noun::submission::SubmissionQuery;
use super::noun::trend::TrendQuery;

/// Everything that can be read. One answer is computed over one version of the data.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    IndicatorQuery,
    OrgUnitQuery,
    ObservationQuery,
    ObservationRowQuery,
    ComparisonQuery,
    RankingQuery,
    TrendQuery,
    DecompositionQuery,
    AvailabilityQuery,
    FindingQuery,
    ImportBatchQuery,
    PrincipalQuery,
    RoleGrantQuery,
    ApiTokenQuery,
    AuditEventQuery,
    StoredQueryQuery,
    FrameworkQuery,
    EvaluationRootQuery,
    EvaluationRunQuery,
    ObjectionQuery,
    RectificationQuery,
    SubmissionQuery,
    ReportingCalendarQuery,
);
