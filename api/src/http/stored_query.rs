//! `GET /q/NAME.FORM`: the rows of a stored query, through the same guard and limits as every query.

use async_graphql::Request as GraphqlRequest;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use super::conditional::tag;
use super::export::{Offer, send};
use super::fault::respond;
use super::origin;
use super::problem::problem;
use super::request_id::RequestId;
use super::state::State;
use crate::error::{Error, ErrorCode};
use crate::export::form::{Form, Style};
use crate::export::table::Head;
use crate::graphql::stored::{batch, variables};
use crate::service::access::{Act, Caller};
use crate::service::table::{AS_ASKED, metadata};

#[handler]
pub(super) async fn get(
    Path(file): Path<String>,
    request: &Request,
    state: Data<&State>,
    caller: Data<&Caller>,
) -> Response {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return refusal;
    }
    let id = RequestId::of(request);
    let (name, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    let form = Form::of(extension).filter(|form| *form != Form::JsonStat);
    let Some(form) = form else {
        let hint = "end the address in .csv, .xlsx, .parquet, .arrow or .json";
        return problem(
            StatusCode::NOT_FOUND,
            ErrorCode::NotFound,
            "a stored query has no such form",
            Some(hint),
        );
    };
    match table(request, (&state, &caller), (name, form), &id).await {
        Ok(response) => response,
        Err(error) => respond(&error, &id),
    }
}

async fn table(
    request: &Request,
    (state, caller): (&State, &Caller),
    (name, form): (&str, Form),
    id: &str,
) -> Result<Response, Error> {
    caller.may(Act::Read)?;
    let stored = state.service.stored_query(name).await?;
    let executor = &state.executor;
    let plan = executor.plan(caller, &stored.document, stored.path.as_deref());
    let plan = plan.map_err(|error| outdated(name, error))?;
    let mut pairs = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let style = style(&mut pairs)?;
    let variables = variables(&plan, &pairs)?;
    let asked = GraphqlRequest::new(&stored.document).variables(variables);
    let (as_of, data) = executor.rows(caller, asked, id).await?;
    let rows = batch(&plan, &data)?;
    let query = request.uri().query().unwrap_or_default().to_owned();
    // Text has no place for the time inside.
    let inside = as_of.filter(|_| !matches!(form, Form::Csv | Form::Json));
    let content = format!("{name} {form} {style:?} {inside:?} {:?} {:?}", plan.columns, rows.cells);
    let offer = Offer {
        name: name.to_owned(),
        form,
        style,
        tag: tag(&content),
        as_of,
    };
    if let Some(settled) = offer.settled(request) {
        return Ok(settled);
    }
    let head = Head {
        name: name.to_owned(),
        columns: plan.columns,
        metadata: metadata(as_of, query, AS_ASKED),
    };
    let table = state.service.ready_table(head, vec![rows]);
    send(request, state, offer, async { Ok(table) }).await
}

/// The parameters that are no variables, taken out.
fn style(pairs: &mut Vec<(String, String)>) -> Result<Style, Error> {
    let mut style = Style::default();
    for (name, text) in pairs.extract_if(.., |(name, _)| matches!(name.as_str(), "bom" | "labels")) {
        match (name.as_str(), text.as_str()) {
            ("bom", "1") => style.with_mark = true,
            ("bom", "0") => {}
            ("labels", _) => {
                return Err(Error::input(
                    "`labels` has no meaning for a stored query",
                    "its columns are named by the keys of the query: give them aliases there",
                ));
            }
            _ => {
                return Err(Error::input(
                    format!("`{name}` is not `{}`", text.chars().take(80).collect::<String>()),
                    "write bom=1, or leave it out",
                ));
            }
        }
    }
    Ok(style)
}

/// The schema moved on.
fn outdated(name: &str, error: Error) -> Error {
    match error {
        Error::Input { message, .. } => Error::Conflict {
            message: format!("the stored query `{name}` does not fit the schema any more: {message}"),
            hint: Some("define it again with replace: true".to_owned()),
        },
        // Who asks may not, or asks for too much.
        other => other,
    }
}
