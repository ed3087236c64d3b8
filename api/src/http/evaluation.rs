//! `GET /export/evaluation/{framework}/{period}.{xlsx,docx,csv,json}`: the annual evaluation as a file, of now, of an earlier time or of a sealed run.

use std::str::FromStr;

use analytics::period::Period;
use poem::http::{StatusCode, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use sha2::{Digest, Sha256};
use strum::IntoEnumIterator;

use super::conditional::is_known;
use super::export::time;
use super::fault::respond;
use super::origin;
use super::request_id::RequestId;
use super::state::State;
use crate::error::Error;
use crate::export::evaluation::json;
use crate::service::access::{Act, Caller};
use crate::service::evaluation::EvaluationQuery;
use crate::service::evaluation::file::{FileForm, FileOptions, FileQuery};
use crate::service::selector::{OrgSelector, level};

/// Organisations times nodes of one file.
const MOST_CELLS: u64 = 1_000_000;

#[handler]
pub(super) async fn get(
    request: &Request,
    Path((framework, file)): Path<(String, String)>,
    state: Data<&State>,
    caller: Data<&Caller>,
) -> Response {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return refusal;
    }
    let id = RequestId::of(request);
    match run(request, (&framework, &file), &state, &caller).await {
        Ok(response) => response,
        Err(error) => respond(&error, &id),
    }
}

async fn run(
    request: &Request,
    (framework, file): (&str, &str),
    state: &State,
    caller: &Caller,
) -> Result<Response, Error> {
    caller.may(Act::Read)?;
    let pairs = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let (period, form) = named(file)?;
    let (query, options) = asked(framework, period, form, &pairs)?;
    let sight = state.service.sight(caller).await?;
    let made = state.service.evaluation_file(&sight, &query, &options).await?;
    if made.dossier.evaluation.framework.code != framework || made.dossier.evaluation.period != period.to_string() {
        let evaluation = &made.dossier.evaluation;
        let message = format!("this run is of {} {}", evaluation.framework.code, evaluation.period);
        return Err(Error::input(message, "name its framework and period in the address"));
    }
    let mut hasher = Sha256::new();
    hasher.update(json::bytes(&made.dossier).map_err(Error::internal)?);
    for (name, value) in &pairs {
        hasher.update(format!("{name}={value}&"));
    }
    let tag = format!("\"{:x}-{form}\"", hasher.finalize());
    if is_known(request, &tag) {
        let response = Response::builder()
            .status(StatusCode::NOT_MODIFIED)
            .header(header::ETAG, tag);
        return Ok(response.finish());
    }
    let name = format!("{framework}-{}.{form}", period.to_string().replace('/', "_"));
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, media(form))
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-cache")
        .header("plumbline-as-of", made.dossier.evaluation.as_of.as_str())
        .header(header::ETAG, tag)
        .body(made.bytes))
}

fn media(form: FileForm) -> &'static str {
    match form {
        FileForm::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileForm::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        FileForm::Csv => "text/csv; charset=utf-8",
        FileForm::Json => "application/json; charset=utf-8",
    }
}

/// The period and the form out of `2025.xlsx` or `2021-01/2021-09.csv`.
fn named(file: &str) -> Result<(Period, FileForm), Error> {
    let (period, form) = file.rsplit_once('.').unwrap_or((file, ""));
    let form = FileForm::from_str(form).map_err(|_| {
        let forms: Vec<String> = FileForm::iter().map(|form| form.to_string()).collect();
        Error::input(
            format!("there is no form `{form}`"),
            format!("the forms are {}", forms.join(", ")),
        )
    })?;
    let period = period.replace('_', "/");
    let period = Period::from_str(&period)
        .map_err(|error| Error::input(error.to_string(), "write it as 2025.xlsx or 2021-01_2021-09.xlsx"))?;
    Ok((period, form))
}

fn asked(
    framework: &str,
    period: Period,
    form: FileForm,
    pairs: &[(String, String)],
) -> Result<(FileQuery, FileOptions), Error> {
    let mut query = EvaluationQuery {
        max_cells: MOST_CELLS,
        ..EvaluationQuery::whole(framework, period)
    };
    let mut options = FileOptions {
        form,
        chinese: false,
        with_mark: false,
        report: None,
    };
    let (mut orgs, mut run) = (OrgSelector::default(), None);
    for (name, text) in pairs {
        match name.as_str() {
            "version" => query.version = Some(text.clone()),
            "org" => orgs
                .codes
                .get_or_insert_default()
                .extend(text.split(',').map(str::to_owned)),
            "within" => orgs.within = Some(text.clone()),
            "level" => orgs.level = Some(level(text)?),
            "asOf" => query.as_of = Some(time(text)?),
            "run" => {
                let number = text.parse();
                run = Some(number.map_err(|_| Error::input("`run` is no number", "evaluationRuns lists the runs"))?);
            }
            "report" => options.report = Some(text.clone()),
            "labels" => options.chinese = text == "zh",
            "bom" => options.with_mark = text == "1",
            _ => {
                return Err(Error::input(
                    format!("there is no parameter `{name}`"),
                    "the parameters are version, org, within, level, asOf, run, report, labels and bom",
                ));
            }
        }
    }
    let narrows = !orgs.takes_all() || query.version.is_some() || query.as_of.is_some();
    query.orgs = orgs;
    match run {
        None => Ok((FileQuery::Now(query), options)),
        Some(_) if narrows => Err(Error::input(
            "a sealed run is what it is",
            "leave version, org, within, level and asOf out with run",
        )),
        Some(run) => Ok((FileQuery::Run(run), options)),
    }
}
