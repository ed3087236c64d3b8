//! `GET /export/TABLE.FORM`: flat rows of one state of the database, whole or not at all.

mod figures;
mod parameters;
mod send;

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use self::parameters::Asked;
pub(super) use self::parameters::time;
pub(super) use self::send::{Offer, send};
use super::conditional::tag;
use super::fault::respond;
use super::origin;
use super::problem::problem;
use super::request_id::RequestId;
use super::state::State;
use crate::error::{Error, ErrorCode};
use crate::export::form::Form;
use crate::service::access::{Act, Caller};

/// The tables there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Observations,
    Comparison,
}

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
    let (stem, extension) = file.split_once('.').unwrap_or((&file, ""));
    let subject = match stem {
        "observations" => Subject::Observations,
        "comparison" => Subject::Comparison,
        _ => return unknown(),
    };
    let Some(form) = Form::of(extension) else {
        return unknown();
    };
    match table(request, (&state, &caller), subject, form).await {
        Ok(response) => response,
        Err(error) => respond(&error, &id),
    }
}

fn unknown() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        ErrorCode::NotFound,
        "there is no such table",
        Some(
            "ask for /export/observations or /export/comparison with .csv, .xlsx, .parquet, .arrow, .json or .jsonstat",
        ),
    )
}

async fn table(
    request: &Request,
    (state, caller): (&State, &Caller),
    subject: Subject,
    form: Form,
) -> Result<Response, Error> {
    caller.may(Act::Read)?;
    let pairs = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let asked = Asked::read(&pairs, subject == Subject::Comparison)?;
    if asked.edit {
        return figures::answer(request, (state, caller), &asked, &pairs, form).await;
    }
    // Before the rows: a draft that comes between makes the tag too old, never the rows.
    let drafts = state.service.drafts_version(asked.question.include).await?;
    let sight = state.service.sight(caller).await?;
    let as_of = sight.snapshot.as_of(asked.question.as_of);
    let offer = Offer {
        name: match subject {
            Subject::Observations => "observations",
            Subject::Comparison => "comparison",
        }
        .to_owned(),
        form,
        style: asked.style,
        tag: tag(&(
            subject,
            (sight.snapshot.version, drafts),
            (sight.key(), caller.is_stranger()),
            as_of,
            &pairs,
            form,
        )),
        as_of,
    };
    if let Some(settled) = offer.settled(request) {
        return Ok(settled);
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    let made = async {
        match subject {
            Subject::Observations => {
                let slice = asked.slice();
                state
                    .service
                    .observation_table(&sight, asked.question, slice, query)
                    .await
            }
            Subject::Comparison => {
                let question = asked.comparison(state.export.max_cells)?;
                state.service.comparison_table(&sight, question, query).await
            }
        }
    };
    send(request, state, offer, made).await
}
