//! `GET /export/observations.csv` and `.xlsx`: flat rows of one state of the database, whole or not at all.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

use analytics::period::Period;
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::stream::unfold;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Body, Request, Response, handler};

use super::fault::respond;
use super::layer::request_id;
use super::origin;
use super::state::State;
use crate::error::Error;
use crate::export::observation::{About, CsvWriter, MOST_SHEET_ROWS, workbook};
use crate::service::export::{ExportPages, ExportQuery};
use crate::service::provisional::Include;
use crate::service::selector::{IndicatorSelector, OrgSelector, level};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Xlsx,
}

#[handler]
pub(super) async fn csv(request: &Request, state: Data<&State>) -> Response {
    answer(request, &state, Form::Csv).await
}

#[handler]
pub(super) async fn xlsx(request: &Request, state: Data<&State>) -> Response {
    answer(request, &state, Form::Xlsx).await
}

async fn answer(request: &Request, state: &State, form: Form) -> Response {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return refusal;
    }
    let id = request_id(request).await;
    match run(request, state, form).await {
        Ok(response) => response,
        Err(error) => respond(&error, &id),
    }
}

async fn run(request: &Request, state: &State, form: Form) -> Result<Response, Error> {
    let pairs = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let (query, with_mark) = query(&pairs)?;
    let pages = state.service.export(&query).await?;
    let tag = tag(&pages, &pairs, form);
    let known = request.header(header::IF_NONE_MATCH);
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    }) {
        return Ok(Response::builder()
            .status(StatusCode::NOT_MODIFIED)
            .header(header::ETAG, tag)
            .finish());
    }
    let time = pages.as_of.and_then(DateTime::<Utc>::from_timestamp_micros);
    let (kind, extension) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "csv"),
        Form::Xlsx => (XLSX, "xlsx"),
    };
    let mut builder = Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"observations.{extension}\""),
        )
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::ETAG, tag);
    if let Some(time) = time {
        builder = builder
            .header("plumbline-as-of", time.to_rfc3339_opts(SecondsFormat::Micros, true))
            .header(
                header::LAST_MODIFIED,
                time.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            );
    }
    Ok(match form {
        Form::Csv => builder.body(stream(pages, with_mark)),
        Form::Xlsx => builder.body(sheet(pages, time).await?),
    })
}

/// A CSV page by page. A fault in the middle breaks the connection off, so that no client takes the half for the whole.
fn stream(pages: ExportPages, with_mark: bool) -> Body {
    let rows = unfold(Some((pages, true)), move |state| async move {
        let (mut pages, is_first) = state?;
        match pages.next().await {
            Ok(None) if !is_first => None,
            Ok(rows) => {
                let mut text = Vec::new();
                let written = CsvWriter::continued(&mut text, is_first, with_mark).and_then(|mut writer| {
                    rows.iter().flatten().try_for_each(|row| writer.row(row))?;
                    writer.end()
                });
                let next = rows.is_some().then_some((pages, false));
                Some((written.map(|()| text), next))
            }
            Err(error) => {
                tracing::error!(error = error.chain(), "an export was broken off");
                Some((Err(std::io::Error::other(error)), None))
            }
        }
    });
    Body::from_bytes_stream(rows)
}

async fn sheet(mut pages: ExportPages, time: Option<DateTime<Utc>>) -> Result<Vec<u8>, Error> {
    let mut rows = Vec::new();
    while let Some(more) = pages.next().await? {
        rows.extend(more);
        if rows.len() > MOST_SHEET_ROWS {
            return Err(Error::Limit {
                what: "a number of rows",
                asked: rows.len() as u64,
                allowed: MOST_SHEET_ROWS as u64,
                hint: "choose fewer figures, or ask for .csv",
            });
        }
    }
    let as_of = time.map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Micros, true));
    let about = About::figures(&as_of, rows.len());
    let made = tokio::task::spawn_blocking(move || workbook(&rows, &about)).await;
    made.map_err(Error::internal)?.map_err(Error::internal)
}

/// The same rows have the same tag: one state of the database, one question, one form.
fn tag(pages: &ExportPages, pairs: &[(String, String)], form: Form) -> String {
    let mut hasher = DefaultHasher::new();
    (pages.version(), pages.as_of, pairs, form == Form::Csv).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn query(pairs: &[(String, String)]) -> Result<(ExportQuery, bool), Error> {
    let (mut query, mut with_mark) = (ExportQuery::default(), false);
    let (mut indicators, mut orgs) = (IndicatorSelector::default(), OrgSelector::default());
    for (name, text) in pairs {
        match name.as_str() {
            "indicator" => indicators
                .codes
                .get_or_insert_default()
                .extend(text.split(',').map(str::to_owned)),
            "theme" => indicators.theme = Some(text.clone()),
            "org" => orgs
                .codes
                .get_or_insert_default()
                .extend(text.split(',').map(str::to_owned)),
            "within" => orgs.within = Some(text.clone()),
            "level" => {
                orgs.level = Some(level(text)?);
            }
            "period" => query.period = Some(period(text)?),
            "from" => query.from = Some(period(text)?),
            "to" => query.to = Some(period(text)?),
            "asOf" => query.as_of = Some(time(text)?),
            "include" => query.include = include(text)?,
            "bom" => with_mark = text == "1",
            _ => {
                return Err(Error::input(
                    format!("there is no parameter `{name}`"),
                    "the parameters are indicator, theme, org, within, level, period, from, to, asOf, include and bom",
                ));
            }
        }
    }
    query.indicators = indicators;
    query.orgs = orgs;
    Ok((query, with_mark))
}

fn period(text: &str) -> Result<Period, Error> {
    Period::from_str(text)
        .map_err(|error| Error::input(error.to_string(), "write it as 2021, 2021-09 or 2021-01/2021-09"))
}

fn include(text: &str) -> Result<Include, Error> {
    match text {
        "PUBLISHED" => Ok(Include::Published),
        "PROVISIONAL" => Ok(Include::Provisional),
        _ => Err(Error::input(
            "`include` is none of its values",
            "write PUBLISHED or PROVISIONAL",
        )),
    }
}

fn time(text: &str) -> Result<i64, Error> {
    // A plus sign of an address is a space.
    let text = text.replace(' ', "+");
    DateTime::parse_from_rfc3339(&text)
        .map(|time| time.timestamp_micros())
        .map_err(|_| Error::input("`asOf` is no time", "write it as 2021-12-27T09:00:00Z"))
}
