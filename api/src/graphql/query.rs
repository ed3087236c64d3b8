//! The root of all queries: each noun brings its own part.

use async_graphql::MergedObject;

use super::noun::comparison::ComparisonQuery;
use super::noun::indicator::IndicatorQuery;
use super::noun::node::NodeQuery;
use super::noun::observation::ObservationQuery;
use super::noun::org_unit::OrgUnitQuery;

/// Everything that can be read. One answer is computed over one version of the data.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    IndicatorQuery,
    OrgUnitQuery,
    ObservationQuery,
    ComparisonQuery,
);
