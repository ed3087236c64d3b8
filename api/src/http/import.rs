//! `POST /import`: a file as the body, what becomes of it as JSON. A dry run unless `commit=1`.

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Body, Request, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{self, BodyFault};
use super::client::Client;
use super::fault::respond;
use super::origin;
use super::problem::problem;
use super::request_id::RequestId;
use super::state::State;
use crate::error::{Error, ErrorCode};
use crate::intake::figures::Field;
use crate::service::access::{Act, Caller};
use crate::service::audit::Event;
use crate::service::import::{Content, Options, Report, mapping, reason};

/// Faults, revisions and effects that are listed.
const MOST_LISTED: usize = 1000;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Parameters {
    name: Option<String>,
    commit: Option<String>,
    token: Option<String>,
    reason: Option<String>,
    on_behalf_of: Option<String>,
    targets: Option<String>,
    again: Option<String>,
    mapping: Option<String>,
    org: Option<String>,
    period: Option<String>,
    indicator: Option<String>,
    idempotency_key: Option<String>,
}

#[handler]
pub(super) async fn post(request: &Request, body: Body, state: Data<&State>, caller: Data<&Caller>) -> Response {
    let id = RequestId::of(request);
    match run(request, body, &state, &caller).await {
        Ok(report) => Response::builder()
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(told(&report).to_string()),
        Err(Refusal::Answer(response)) => *response,
        Err(Refusal::Error(error)) => respond(&error, &id),
    }
}

enum Refusal {
    Answer(Box<Response>),
    Error(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

async fn run(request: &Request, body: Body, state: &State, caller: &Caller) -> Result<Report, Refusal> {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return Err(Refusal::Answer(Box::new(refusal)));
    }
    if may_be_a_form(request) && !origin::is_deliberate(request.headers()) {
        return Err(Error::input(
            "a plain text may come from a form of a foreign page",
            "send it as content-type: text/csv or application/octet-stream, or with the header GraphQL-Require-Preflight: 1",
        )
        .into());
    }
    let settings = &state.imports;
    // Nobody's file is read who may not import anything.
    if caller.may(Act::SetTargets).is_err()
        && let Err(error) = caller.may(Act::Import)
    {
        state.service.refused(caller, Event::new("import", "POST /import"));
        return Err(error.into());
    }
    let parameters: Parameters = request
        .params()
        .map_err(|error| Error::input(error.to_string(), "docs/import.md lists the parameters"))?;
    let name = parameters.name.clone().unwrap_or_else(|| "upload".to_owned());
    let options = parameters.options(settings, caller)?;
    let limit = usize::try_from(settings.max_file_bytes).unwrap_or(usize::MAX);
    let bytes = body::read(body, limit, state.http.upload_timeout)
        .await
        .map_err(|fault| broken(fault, settings.max_file_bytes))?;
    let client = Client::of(request, &state.trusted_proxies);
    let _room = match state.limits.enter(client).await {
        Ok(room) => room,
        Err(refusal) => return Err(Refusal::Answer(Box::new(state.limits.refuse(refusal).await))),
    };
    let import = state.service.import(&name, bytes, &options);
    match tokio::time::timeout(settings.timeout, import).await {
        Ok(outcome) => {
            let outcome = outcome.map_err(Error::from);
            if let Err(Error::Forbidden { .. }) = &outcome {
                state.service.refused(caller, Event::new("import", "POST /import"));
            }
            Ok(outcome?)
        }
        Err(_) => Err(Error::Timeout {
            seconds: settings.timeout.as_secs(),
        }
        .into()),
    }
}

/// What a form of a foreign page can send without being asked first.
fn may_be_a_form(request: &Request) -> bool {
    let declared = request
        .content_type()
        .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_lowercase());
    match declared.as_deref() {
        None => true,
        Some(kind) => matches!(
            kind,
            "text/plain" | "application/x-www-form-urlencoded" | "multipart/form-data"
        ),
    }
}

fn broken(fault: BodyFault, limit: u64) -> Refusal {
    match fault {
        BodyFault::TooLarge => Error::Limit {
            what: "a file size in bytes",
            asked: limit.saturating_add(1),
            allowed: limit,
            hint: "split the file",
        }
        .into(),
        BodyFault::TooSlow => Refusal::Answer(Box::new(problem(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::LimitExceeded,
            "the file took longer than it may",
            Some("send it again, faster"),
        ))),
        BodyFault::Broken => Error::input("the file could not be read to its end", "send it again").into(),
    }
}

impl Parameters {
    fn options(self, settings: &crate::config::Import, caller: &Caller) -> Result<Options, Error> {
        let mapping = mapping(self.mapping.as_deref())?
            .with_default(Field::Org, self.org.as_deref())
            .with_default(Field::Period, self.period.as_deref())
            .with_default(Field::Indicator, self.indicator.as_deref());
        let reason = match self.reason.as_deref() {
            None => None,
            Some(text) => Some(reason(text)?),
        };
        Ok(Options {
            content: if is_set(&self.targets)? {
                Content::Targets
            } else {
                Content::Figures
            },
            commit: is_set(&self.commit)?,
            caller: caller.on_behalf(self.on_behalf_of.as_deref())?,
            reason,
            again: is_set(&self.again)?,
            mapping,
            token: self.token,
            idempotency_key: self.idempotency_key,
            limits: settings.into(),
            ..Options::default()
        })
    }
}

fn is_set(switch: &Option<String>) -> Result<bool, Error> {
    match switch.as_deref() {
        None | Some("0" | "false") => Ok(false),
        Some("" | "1" | "true") => Ok(true),
        Some(_) => Err(Error::input("a switch is neither on nor off", "write 1 or 0")),
    }
}

fn told(report: &Report) -> Value {
    let problems = report.problems.iter().take(MOST_LISTED).map(|problem| {
        json!({
            "line": problem.line,
            "cell": problem.named_cell().map(ToString::to_string),
            "column": problem.column,
            "message": problem.message.en,
            "hint": problem.hint.en,
            "messageZh": problem.message.chinese(),
            "hintZh": problem.hint.chinese(),
        })
    });
    let revisions = report.revisions.iter().take(MOST_LISTED).map(|revision| {
        json!({
            "line": revision.place.line,
            "indicator": revision.indicator,
            "org": revision.org,
            "period": revision.period,
            "before": revision.before,
            "after": revision.after,
            "columns": revision.columns,
        })
    });
    let tables = report.tables.iter().map(|table| {
        let columns = table
            .columns
            .iter()
            .map(|(label, meaning)| json!({ "label": label, "meaning": meaning }));
        let whole = table
            .whole
            .iter()
            .map(|(field, text)| json!({ "field": field.name(), "text": text }));
        json!({
            "sheet": table.sheet,
            "header": table.header,
            "columns": columns.collect::<Vec<_>>(),
            "whole": whole.collect::<Vec<_>>(),
        })
    });
    json!({
        "created": report.created,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "blank": report.blank,
        "leftOut": report.left_out,
        "problems": problems.collect::<Vec<_>>(),
        "revisions": revisions.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
        "token": report.token,
        "batch": report.batch,
        "knownBatch": report.known.as_ref().map(|batch| batch.id),
    })
}
