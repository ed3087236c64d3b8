//! How each field of the roots is asked for.

use serde_json::json;
use tests::fixture::{Row, csv};

/// The things of a part.
#[derive(Clone)]
pub(super) struct Things {
    pub(super) org: &'static str,
    /// The organisation's global identifier.
    pub(super) node: String,
    pub(super) batch: i64,
    pub(super) grant: i64,
    pub(super) principal: String,
    pub(super) public_id: String,
    pub(super) run: i64,
    pub(super) objection: i64,
    pub(super) submission: i64,
    /// The stage of marks that the role may give.
    pub(super) stage: &'static str,
}

/// A question about a field, with the things of a part in it.
pub(super) fn question(field: &str, things: &Things) -> String {
    let Things { org, batch, grant, .. } = things;
    let indicator = "petition_received_count";
    let (principal, public_id) = (&things.principal, &things.public_id);
    match field {
        "Query.auditEvents" => "{ auditEvents { nodes { number } } }".to_owned(),
        "Query.availability" => format!(r#"{{ availability(filter: {{ orgs: {{ codes: ["{org}"] }} }}) {{ asOf }} }}"#),
        "Query.compare" => format!(
            r#"{{ compare(input: {{ indicators: {{ codes: ["{indicator}"] }}, orgs: {{ codes: ["{org}"] }}, period: "2021" }}) {{ rows {{ orgUnit {{ code }} }} }} }}"#
        ),
        "Query.decompose" => format!(
            r#"{{ decompose(input: {{ indicator: "{indicator}", org: "{org}", period: "2021" }}) {{ total }} }}"#
        ),
        "Query.findings" => format!(r#"{{ findings(filter: {{ orgs: {{ codes: ["{org}"] }} }}) {{ kind }} }}"#),
        "Query.grants" => "{ grants { id orgUnit { code } } }".to_owned(),
        "Query.importBatches" => "{ importBatches { id } }".to_owned(),
        "Query.indicator" => format!(r#"{{ indicator(code: "{indicator}") {{ code }} }}"#),
        "Query.indicators" => "{ indicators { nodes { code } } }".to_owned(),
        "Query.me" => "{ me { name } }".to_owned(),
        "Query.node" => format!(r#"{{ node(id: "{}") {{ id }} }}"#, things.node),
        "Query.nodes" => format!(r#"{{ nodes(ids: ["{}"]) {{ id }} }}"#, things.node),
        "Query.observations" => {
            format!(r#"{{ observations(filter: {{ orgs: {{ codes: ["{org}"] }} }}) {{ totalCount }} }}"#)
        }
        "Query.orgUnit" => format!(r#"{{ orgUnit(code: "{org}") {{ code }} }}"#),
        "Query.orgUnits" => format!(r#"{{ orgUnits(select: {{ codes: ["{org}"] }}) {{ totalCount }} }}"#),
        "Query.principals" => "{ principals { name } }".to_owned(),
        "Query.ranking" => format!(
            r#"{{ ranking(input: {{ indicator: "{indicator}", orgs: {{ codes: ["{org}"] }}, period: "2021" }}) {{ judged }} }}"#
        ),
        "Query.tokens" => format!(r#"{{ tokens(principal: "{principal}") {{ publicId }} }}"#),
        "Query.trend" => format!(
            r#"{{ trend(input: {{ indicators: {{ codes: ["{indicator}"] }}, orgs: {{ codes: ["{org}"] }}, from: "2020", to: "2021" }}) {{ orgUnit {{ code }} }} }}"#
        ),
        "Mutation.cancelImport" => r#"mutation { cancelImport(job: "none") }"#.to_owned(),
        "Mutation.createPrincipal" => r#"mutation { createPrincipal(input: { name: "guest" }) { name } }"#.to_owned(),
        "Mutation.createToken" => {
            format!(r#"mutation {{ createToken(input: {{ principal: "{principal}", scopes: [READ] }}) {{ secret }} }}"#)
        }
        "Mutation.disablePrincipal" => r#"mutation { disablePrincipal(name: "guest") { name } }"#.to_owned(),
        "Mutation.enablePrincipal" => r#"mutation { enablePrincipal(name: "guest") { name } }"#.to_owned(),
        "Mutation.grantRole" => {
            format!(r#"mutation {{ grantRole(input: {{ principal: "guest", role: VIEWER, org: "{org}" }}) {{ id }} }}"#)
        }
        "Mutation.importObservations" => {
            let text = json!(csv(&[Row::new(indicator, org, "1999", "1")]));
            format!("mutation {{ importObservations(input: {{ text: {text} }}) {{ created }} }}")
        }
        "Mutation.revokeGrant" => format!(r#"mutation {{ revokeGrant(id: "{grant}") {{ id }} }}"#),
        "Mutation.revokeToken" => format!(r#"mutation {{ revokeToken(publicId: "{public_id}") {{ publicId }} }}"#),
        "Mutation.undoImport" => {
            format!(r#"mutation {{ undoImport(input: {{ batch: "{batch}", reason: ERROR }}) {{ restored }} }}"#)
        }
        other => later(other, things),
    }
}

/// The same for evaluations, submissions, rows, and what follows events.
fn later(field: &str, things: &Things) -> String {
    let Things { org, submission, .. } = things;
    let indicator = "petition_received_count";
    match field {
        "Query.evaluation" => format!(r#"{{ evaluation(framework: "matrix", period: "1998", orgs: {{ codes: ["{org}"] }}) {{ engine }} }}"#),
        "Query.evaluationRun" => format!(r#"{{ evaluationRun(id: "{}") {{ hash result {{ units {{ orgUnit {{ code }} }} }} }} }}"#, things.run),
        "Query.evaluationRuns" => "{ evaluationRuns { hash } }".to_owned(),
        "Query.framework" => r#"{ framework(code: "matrix") { code } }"#.to_owned(),
        "Query.frameworks" => "{ frameworks { code } }".to_owned(),
        "Query.objections" => r#"{ objections(framework: "matrix") { orgUnit { code } } }"#.to_owned(),
        "Query.observationRows" => format!(r#"{{ observationRows(org: "{org}", first: 1) {{ pageInfo {{ hasNextPage }} }} }}"#),
        "Query.observationTable" => format!(r#"{{ observationTable(filter: {{ orgs: {{ codes: ["{org}"] }} }}, limit: 1) {{ org }} }}"#),
        "Query.rectifications" => format!(r#"{{ rectifications(orgs: {{ codes: ["{org}"] }}) {{ number }} }}"#),
        "Query.reportingCalendar" => r#"{ reportingCalendar(period: "1998") { deadline } }"#.to_owned(),
        "Query.storedQueries" => "{ storedQueries { name } }".to_owned(),
        "Query.submission" => format!(r#"{{ submission(id: "{submission}") {{ state figures {{ author }} }} }}"#),
        "Query.submissions" => "{ submissions { edges { node { orgUnit { code } } } } }".to_owned(),
        "Query.submissionsOwed" => format!(r#"{{ submissionsOwed(period: "1998", within: "{org}") {{ owed }} }}"#),
        "Mutation.approveSubmission" => format!(r#"mutation {{ approveSubmission(input: {{ submission: "{submission}", revision: 99 }}) {{ submission {{ id }} }} }}"#),
        "Mutation.commentSubmission" => format!(r#"mutation {{ commentSubmission(input: {{ submission: "{submission}", message: "seen" }}) {{ submission {{ id }} }} }}"#),
        "Mutation.decideObjection" => format!(r#"mutation {{ decideObjection(input: {{ objection: "{}", uphold: false, decision: "no" }}) {{ committed }} }}"#, things.objection),
        "Mutation.defineFramework" => r#"mutation { defineFramework(input: { document: "x" }) { changed } }"#.to_owned(),
        "Mutation.defineStoredQuery" => r#"mutation { defineStoredQuery(input: { name: "board", query: "query A { orgUnits { nodes { code } } }" }) { columns } }"#.to_owned(),
        "Mutation.deleteStoredQuery" => r#"mutation { deleteStoredQuery(input: { name: "none" }) { name } }"#.to_owned(),
        "Mutation.fillSubmission" => format!(r#"mutation {{ fillSubmission(input: {{ submission: "{submission}", revision: 1, figures: [{{ indicator: "{indicator}", value: "1" }}] }}) {{ submission {{ id }} }} }}"#),
        "Mutation.lockSubmission" => format!(r#"mutation {{ lockSubmission(input: {{ submission: "{submission}", revision: 99 }}) {{ submission {{ id }} }} }}"#),
        "Mutation.markEvaluation" => format!(r#"mutation {{ markEvaluation(input: {{ framework: "matrix", period: "1998", stage: {}, marks: [{{ org: "{org}", node: "petitions", points: 0.5, evidence: "seen" }}] }}) {{ marked }} }}"#, things.stage),
        "Mutation.objectEvaluation" => format!(r#"mutation {{ objectEvaluation(input: {{ framework: "matrix", org: "{org}", period: "1998", node: "petitions", statement: "no" }}) {{ objection {{ id }} }} }}"#),
        "Mutation.openSubmission" => format!(r#"mutation {{ openSubmission(input: {{ org: "{org}", period: "1998" }}) {{ submission {{ id }} }} }}"#),
        "Mutation.publishEvaluation" => format!(r#"mutation {{ publishEvaluation(input: {{ framework: "matrix", period: "1998", orgs: {{ codes: ["{org}"] }} }}) {{ run {{ hash }} }} }}"#),
        "Mutation.publishSubmission" => format!(r#"mutation {{ publishSubmission(input: {{ submission: "{submission}", revision: 99 }}) {{ submission {{ id }} }} }}"#),
        "Mutation.returnSubmission" => format!(r#"mutation {{ returnSubmission(input: {{ submission: "{submission}", revision: 99, message: "mend" }}) {{ submission {{ id }} }} }}"#),
        "Mutation.setRectifications" => format!(r#"mutation {{ setRectifications(input: {{ items: [{{ kind: TASK, org: "{org}", year: 2025, title: "task", owner: "office" }}] }}) {{ numbers }} }}"#),
        "Mutation.setReportingCalendar" => r#"mutation { setReportingCalendar(input: { period: "1990", entries: [] }) { entries { deadline } } }"#.to_owned(),
        "Mutation.submitSubmission" => format!(r#"mutation {{ submitSubmission(input: {{ submission: "{submission}", revision: 99 }}) {{ submission {{ id }} }} }}"#),
        "Mutation.unlockSubmission" => format!(r#"mutation {{ unlockSubmission(input: {{ submission: "{submission}", revision: 99, message: "mend", reason: ERROR, until: "2999-01-01T00:00:00Z" }}) {{ submission {{ id }} }} }}"#),
        "Mutation.withdrawSubmission" => format!(r#"mutation {{ withdrawSubmission(input: {{ submission: "{submission}", revision: 99 }}) {{ submission {{ id }} }} }}"#),
        "Subscription.changes" => "subscription { changes(after: 0) { sequence } }".to_owned(),
        "Subscription.importProgress" => r#"subscription { importProgress(job: "none") { phase } }"#.to_owned(),
        other => panic!("{other} is in the table, and this test does not know how to ask for it"),
    }
}
