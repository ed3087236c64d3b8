//! `edit=1`: figures to work on, in the units and digits of their sources, with everything that an import takes.

use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::stream::unfold;
use poem::http::header;
use poem::{Body, Request, Response};

use super::parameters::Asked;
use super::send::disposition;
use crate::error::Error;
use crate::export::form::Form;
use crate::export::observation::{About, CsvWriter, workbook};
use crate::http::conditional::{is_known, tag};
use crate::http::state::State;
use crate::service::access::Caller;
use crate::service::export::{ExportPages, ExportQuery};

/// Rows of a workbook: all of them are in memory, and nobody corrects more of them by hand.
const MOST_ROWS: usize = 200_000;

pub(super) async fn answer(
    request: &Request,
    (state, caller): (&State, &Caller),
    asked: &Asked,
    pairs: &[(String, String)],
    form: Form,
) -> Result<Response, Error> {
    if !matches!(form, Form::Csv | Form::Xlsx) {
        return Err(Error::input(
            "figures to work on come as .csv or .xlsx",
            "leave `edit` out for the other forms",
        ));
    }
    let question = &asked.question;
    if question.statuses.is_some() || question.totals.is_some() || asked.totals {
        return Err(Error::input(
            "`edit` goes without `status`, `breakdowns` and `totals`",
            "leave them out: figures to work on are all that the other parameters choose",
        ));
    }
    let query = ExportQuery {
        indicators: question.indicators.clone(),
        orgs: question.orgs.clone(),
        period: question.exact,
        from: question.from,
        to: question.to,
        as_of: question.as_of,
        include: question.include,
    };
    let pages = state.service.export(caller, &query).await?;
    let tag = format!(
        "\"{}\"",
        tag(&(pages.version(), pages.part(), pages.as_of, pairs, form))
    );
    let time = pages.as_of.and_then(DateTime::<Utc>::from_timestamp_micros);
    let mut builder = Response::builder()
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::ETAG, &tag);
    if is_known(request, &tag) {
        return Ok(builder.status(poem::http::StatusCode::NOT_MODIFIED).finish());
    }
    builder = builder
        .header(header::CONTENT_TYPE, form.media_type())
        .header(header::CONTENT_DISPOSITION, disposition("figures", form));
    if let Some(time) = time {
        builder = builder
            .header("plumbline-as-of", time.to_rfc3339_opts(SecondsFormat::Micros, true))
            .header(
                header::LAST_MODIFIED,
                time.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            );
    }
    Ok(match form {
        Form::Xlsx => builder.body(sheet(pages, time).await?),
        _ => builder.body(stream(pages, asked.style.with_mark)),
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
        if rows.len() > MOST_ROWS {
            return Err(Error::Limit {
                what: "a number of rows",
                asked: rows.len() as u64,
                allowed: MOST_ROWS as u64,
                hint: "choose fewer figures, or ask for .csv",
            });
        }
    }
    let as_of = time.map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Micros, true));
    let about = About::figures(&as_of, rows.len());
    let made = tokio::task::spawn_blocking(move || workbook(&rows, &about)).await;
    made.map_err(Error::internal)?.map_err(Error::internal)
}
