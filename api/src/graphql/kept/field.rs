//! Which fields stand on the pinned version of the data alone: with nothing read from the database that could change without a new version, and without the
//! clock. A field without a line here has its answer computed anew each time.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};

use crate::graphql::types::Types;

/// Those fields by type. A test asks for all of them, and finds nothing read from the database but the change feed.
pub const PURE: &[(&str, &[&str])] = &[
    ("Query", &["compare", "ranking", "trend"]),
    (
        "Comparison",
        &["asOf", "basePeriod", "hierarchy", "hierarchyAt", "period", "rows"],
    ),
    (
        "ComparisonRow",
        &["base", "change", "current", "dropped", "indicator", "orgUnit"],
    ),
    (
        "Change",
        &[
            "absolute",
            "direction",
            "distinguishable",
            "judgement",
            "pValue",
            "percent",
            "percentagePoints",
            "reason",
            "text",
        ],
    ),
    (
        "Ranking",
        &[
            "asOf",
            "excluded",
            "hierarchy",
            "hierarchyAt",
            "indicator",
            "judged",
            "median",
            "parent",
            "parentValue",
            "period",
            "rows",
        ],
    ),
    (
        "RankingRow",
        &[
            "band",
            "movement",
            "orgUnit",
            "percentile",
            "previousRank",
            "quartile",
            "rank",
            "tied",
            "value",
        ],
    ),
    ("RankingExclusion", &["orgUnit", "reason", "value"]),
    (
        "Series",
        &[
            "asOf",
            "guard",
            "hierarchy",
            "hierarchyAt",
            "indicator",
            "lastChange",
            "orgUnit",
            "points",
            "trend",
        ],
    ),
    ("SeriesPoint", &["movingAverage", "period", "seriesBreak", "value"]),
    (
        "Trend",
        &["direction", "intercept", "pValue", "points", "s", "slope", "tau"],
    ),
    (
        "Measure",
        &[
            "coverage",
            "denominator",
            "discrepancy",
            "display",
            "flags",
            "gap",
            "interval",
            "numerator",
            "partial",
            "period",
            "reason",
            "reported",
            "reportedHere",
            "rolledUp",
            "status",
            "unit",
            "value",
        ],
    ),
    (
        "Coverage",
        &["expected", "halfOrgUnits", "missing", "missingOrgUnits", "present"],
    ),
    ("Discrepancy", &["cause", "computed", "difference", "reported"]),
    ("Interval", &["high", "low"]),
    (
        "Indicator",
        &[
            "code",
            "decimals",
            "definition",
            "displayUnit",
            "factor",
            "id",
            "kind",
            "name",
            "overOrgs",
            "overTime",
            "polarity",
            "theme",
            "themeName",
            "unit",
        ],
    ),
    ("OrgUnit", &["code", "id", "level", "name"]),
    ("Unit", &["code", "label", "quantity", "scale"]),
];

/// Whether the answer to `operation` stands on the version alone. The document has passed the guard: it has no circles, and is not too long to be walked.
pub(in crate::graphql) fn is_pure(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> bool {
    operation.ty == OperationType::Query && set(types, document, "Query", &operation.selection_set.node)
}

fn set(types: &Types, document: &ExecutableDocument, of: &str, selected: &SelectionSet) -> bool {
    selected.items.iter().all(|item| match &item.node {
        Selection::Field(field) => {
            let (name, inner) = (field.node.name.node.as_str(), &field.node.selection_set.node);
            let known = PURE.iter().find(|(known, _)| *known == of);
            name == "__typename"
                || known.is_some_and(|(_, fields)| fields.contains(&name))
                    && types
                        .field(of, name)
                        .is_some_and(|given| set(types, document, &given.name, inner))
        }
        Selection::FragmentSpread(spread) => {
            let found = document.fragments.get(&spread.node.fragment_name.node);
            found.is_some_and(|fragment| {
                let fragment = &fragment.node;
                fragment.type_condition.node.on.node == of && set(types, document, of, &fragment.selection_set.node)
            })
        }
        Selection::InlineFragment(fragment) => {
            let condition = fragment.node.type_condition.as_ref();
            condition.is_none_or(|condition| condition.node.on.node == of)
                && set(types, document, of, &fragment.node.selection_set.node)
        }
    })
}
