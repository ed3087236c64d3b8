//! Tables on their way out: rows are made batch by batch on the calculating threads, as fast as whoever reads them takes them, and never all at once.

use std::fs::File;

use futures_util::Stream;
use futures_util::stream::unfold;
use tempfile::NamedTempFile;

use super::Service;
use super::compute::Compute;
use crate::error::Error;
use crate::export::form::{Filed, Form, FormFault, Streamed, Style};
use crate::export::gzip::Gzip;
use crate::export::json_stat::Cube;
use crate::export::table::{Batch, Head, Metadata, when};
use crate::export::xlsx::MOST_SHEET_ROWS;

/// Rows of a batch, or a few more.
pub(super) const BATCH_ROWS: usize = 8192;
/// Cells of a JSON-stat dataset at most: it is made in memory.
const MOST_CUBE_CELLS: u64 = 2_000_000;

/// Makes the rows of a table.
pub trait Rows: Send {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// When they cannot be computed.
    fn next(&mut self) -> Result<Option<Batch>, Error>;
}

/// Rows that are there.
pub struct Ready(std::vec::IntoIter<Batch>);

impl Ready {
    /// These batches.
    #[must_use]
    pub fn new(batches: Vec<Batch>) -> Self {
        Self(batches.into_iter())
    }
}

impl Rows for Ready {
    fn next(&mut self) -> Result<Option<Batch>, Error> {
        Ok(self.0.next())
    }
}

/// A table whose rows are still to be made.
pub struct Table {
    /// Its columns, and what it says of itself.
    pub head: Head,
    /// The version of the data that it is of.
    pub version: i64,
    /// The recording time up to which figures are in it, in µs since the epoch.
    pub as_of: Option<i64>,
    /// How it becomes a cube.
    pub cube: Option<Cube>,
    compute: Compute,
    rows: Box<dyn Rows>,
}

impl Service {
    /// A table of these rows.
    pub(super) fn table(&self, head: Head, version: i64, as_of: Option<i64>, rows: impl Rows + 'static) -> Table {
        Table {
            head,
            version,
            as_of,
            cube: None,
            compute: self.compute.clone(),
            rows: Box::new(rows),
        }
    }

    /// A table of rows that are there.
    #[must_use]
    pub fn ready_table(&self, head: Head, batches: Vec<Batch>) -> Table {
        self.table(head, 0, None, Ready::new(batches))
    }
}

/// How the numbers of our own tables are rounded.
pub const EXACT: &str = "values are not rounded; texts and displays round half up (away from zero)";
/// How those of a stored query are.
pub const AS_ASKED: &str =
    "values are not rounded; changes are rounded as the query says, or to two digits half up (away from zero)";

/// What every table says of itself.
#[must_use]
pub fn metadata(as_of: Option<i64>, query: String, rounding: &str) -> Metadata {
    let as_of = as_of.and_then(when::moment).unwrap_or_default();
    Metadata {
        entries: vec![
            ("program", "程序", format!("Plumbline {}", env!("CARGO_PKG_VERSION"))),
            ("as_of", "截止时点", as_of),
            ("query", "查询条件", query),
            ("rounding", "修约规则", rounding.to_owned()),
        ],
    }
}

impl Table {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// When they cannot be computed.
    pub async fn next(&mut self) -> Result<Option<Batch>, Error> {
        let mut rows: Box<dyn Rows> = std::mem::replace(&mut self.rows, Box::new(Ready::new(Vec::new())));
        let (rows, batch) = self
            .compute
            .run(move || {
                let batch = rows.next();
                (rows, batch)
            })
            .await?;
        self.rows = rows;
        batch
    }

    /// The bytes of a form that is sent while it is made. After an error nothing follows.
    ///
    /// # Errors
    /// When the form is none of these.
    pub fn stream(
        self,
        form: Form,
        style: Style,
        compressed: bool,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, Error>> + Send, Error> {
        let streamed = Streamed::new(form, &self.head, style).map_err(fault)?;
        let state = Making {
            rows: self.rows,
            streamed,
            gzip: compressed.then(Gzip::default),
        };
        let compute = self.compute;
        Ok(unfold(Some(state), move |state| {
            let compute = compute.clone();
            async move {
                let state = state?;
                match compute.run(move || state.step()).await.and_then(|made| made) {
                    Ok((bytes, state)) => Some((Ok(bytes), state)),
                    Err(error) => Some((Err(error), None)),
                }
            }
        }))
    }

    /// The table as a temporary file.
    ///
    /// # Errors
    /// [`Error::Limit`] for more rows than the form holds, [`Error::Internal`] when the disk is full.
    pub async fn file(self, form: Form, style: Style) -> Result<NamedTempFile, Error> {
        let target = NamedTempFile::new().map_err(Error::internal)?;
        let file = target.reopen().map_err(Error::internal)?;
        self.write(form, style, file).await?;
        Ok(target)
    }

    /// Writes the table into a file, and gives the number of its rows.
    ///
    /// # Errors
    /// As [`Table::file`].
    pub async fn write(mut self, form: Form, style: Style, file: File) -> Result<u64, Error> {
        let cube = self.cube.map(|cube| (cube, MOST_CUBE_CELLS));
        let mut filed = Filed::new(form, &self.head, style, cube, file).map_err(fault)?;
        let mut count = 0;
        while let Some(batch) = self.next().await? {
            count += batch.rows as u64;
            if form == Form::Xlsx && count > MOST_SHEET_ROWS {
                return Err(too_many("a number of rows of a sheet", count, MOST_SHEET_ROWS));
            }
            let appended = self
                .compute
                .run(move || {
                    filed.batch(batch)?;
                    Ok(filed)
                })
                .await?;
            filed = appended.map_err(fault)?;
        }
        self.compute.run(move || filed.end()).await?.map_err(fault)?;
        Ok(count)
    }
}

fn too_many(what: &'static str, asked: u64, allowed: u64) -> Error {
    Error::Limit {
        what,
        asked,
        allowed,
        hint: "choose fewer figures, or ask for .csv or .parquet",
    }
}

fn fault(fault: FormFault) -> Error {
    match fault {
        FormFault::Cube(cells) => too_many("a number of cells of a cube", cells, MOST_CUBE_CELLS),
        FormFault::NoSuchForm => Error::input(
            "this table does not come in this form",
            "ask for .csv, .xlsx, .parquet, .arrow or .json",
        ),
        FormFault::Xlsx(rust_xlsxwriter::XlsxError::MaxStringLengthExceeded) => {
            Error::input("a text is longer than a cell of a sheet", "ask for .csv or .parquet")
        }
        other => Error::internal(other),
    }
}

/// A stream in the making.
struct Making {
    rows: Box<dyn Rows>,
    streamed: Streamed,
    gzip: Option<Gzip>,
}

impl Making {
    /// The next bytes, and the rest if there is one.
    fn step(mut self) -> Result<(Vec<u8>, Option<Self>), Error> {
        let batch = self.rows.next()?;
        let is_last = batch.is_none();
        let mut bytes = self.streamed.next(batch).map_err(fault)?;
        if let Some(gzip) = &mut self.gzip {
            bytes = gzip.next(&bytes, is_last).map_err(Error::internal)?;
        }
        Ok((bytes, (!is_last).then_some(self)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;
    use crate::export::table::{Cells, Column, Kind};
    use crate::telemetry::metrics::Metrics;

    /// Rows that end in a fault.
    struct Faulty(usize);

    impl Rows for Faulty {
        fn next(&mut self) -> Result<Option<Batch>, Error> {
            self.0 = self
                .0
                .checked_sub(1)
                .ok_or_else(|| Error::internal("the rows are gone"))?;
            let numbers = (0..BATCH_ROWS).map(|row| row as f64).collect();
            Ok(Some(Batch {
                rows: BATCH_ROWS,
                cells: vec![Cells::Number(numbers)],
            }))
        }
    }

    fn table() -> Table {
        Table {
            head: Head {
                name: "faulty".to_owned(),
                columns: vec![Column::new("number", "数", "a number", Kind::Number, true)],
                metadata: metadata(None, String::new(), EXACT),
            },
            version: 0,
            as_of: None,
            cube: None,
            compute: Compute::new(std::num::NonZeroUsize::MIN, Metrics::default()),
            rows: Box::new(Faulty(3)),
        }
    }

    #[tokio::test]
    async fn a_fault_in_the_middle_ends_what_is_sent_with_an_error_and_never_with_an_end() {
        for (form, compressed) in [
            (Form::Csv, false),
            (Form::Csv, true),
            (Form::Json, false),
            (Form::Json, true),
            (Form::Arrow, false),
        ] {
            let stream = table().stream(form, Style::default(), compressed).unwrap();
            let pieces: Vec<_> = stream.collect().await;
            let (last, before) = pieces.split_last().unwrap();
            assert!(last.is_err() && before.len() == 3, "{form}");
            let sent: Vec<u8> = before
                .iter()
                .flat_map(|piece| piece.as_ref().unwrap().clone())
                .collect();
            assert!(!sent.is_empty(), "{form}");
            if form == Form::Json && !compressed {
                assert!(serde_json::from_slice::<serde_json::Value>(&sent).is_err());
            }
        }
    }

    #[tokio::test]
    async fn a_fault_in_the_middle_leaves_no_file() {
        for form in [Form::Csv, Form::Json, Form::Arrow, Form::Parquet, Form::Xlsx] {
            assert!(table().file(form, Style::default()).await.is_err(), "{form}");
        }
    }
}
