//! The forms of a table: what becomes of the same rows.

use std::fs::File;
use std::io::Write;
use std::str::FromStr;

use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use super::arrow::ArrowTable;
use super::csv::CsvTable;
use super::json::{JsonTable, Shape};
use super::json_stat::{Cube, CubeFault, JsonStatTable};
use super::parquet::ParquetTable;
use super::table::{Batch, Head, Labels};
use super::xlsx::XlsxTable;

/// A form that a table can leave in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Form {
    /// Text with commas.
    Csv,
    /// A workbook.
    Xlsx,
    /// Parquet.
    Parquet,
    /// An Arrow IPC stream.
    Arrow,
    /// An array of objects.
    Json,
    /// A JSON-stat dataset.
    JsonStat,
}

impl Form {
    /// The form of a file name's end.
    #[must_use]
    pub fn of(extension: &str) -> Option<Self> {
        Self::from_str(extension).ok()
    }

    /// The type under which it is sent.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Json | Self::JsonStat => "application/json; charset=utf-8",
        }
    }

    /// Whether it is sent while it is made. The others say at their end, or in each part, what is in all of it.
    #[must_use]
    pub fn is_streamed(self) -> bool {
        matches!(self, Self::Csv | Self::Json | Self::Arrow)
    }
}

/// How a table is to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Names of the columns.
    pub labels: Labels,
    /// Whether a CSV begins with a byte order mark.
    pub with_mark: bool,
}

/// Why a table could not be written.
#[derive(Debug, Error)]
pub enum FormFault {
    /// The Arrow writer.
    #[error(transparent)]
    Arrow(#[from] arrow_schema::ArrowError),
    /// The Parquet writer.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The workbook's writer.
    #[error(transparent)]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A cube of more cells than are made.
    #[error("the cube has {0} cells")]
    Cube(u64),
    /// This table has no such form.
    #[error("the table has no such form")]
    NoSuchForm,
}

impl From<CubeFault> for FormFault {
    fn from(fault: CubeFault) -> Self {
        match fault {
            CubeFault::TooLarge(cells) => Self::Cube(cells),
            CubeFault::NoCube => Self::NoSuchForm,
        }
    }
}

/// A table that is written piece by piece.
pub enum Streamed {
    /// As CSV.
    Csv(CsvTable),
    /// As JSON.
    Json(JsonTable),
    /// As Arrow.
    Arrow(Box<ArrowTable>),
}

impl Streamed {
    /// Begins a table.
    ///
    /// # Errors
    /// [`FormFault::NoSuchForm`] for a form that is no stream.
    pub fn new(form: Form, head: &Head, style: Style) -> Result<Self, FormFault> {
        Ok(match form {
            Form::Csv => Self::Csv(CsvTable::new(head, style.labels, style.with_mark)),
            Form::Json => Self::Json(JsonTable::new(&Shape::of_all(head, style.labels))),
            Form::Arrow => Self::Arrow(Box::new(ArrowTable::new(head, style.labels)?)),
            Form::Xlsx | Form::Parquet | Form::JsonStat => return Err(FormFault::NoSuchForm),
        })
    }

    /// Appends rows, or ends the table where there are no more; gives what that made.
    ///
    /// # Errors
    /// When the rows are not of the table.
    pub fn next(&mut self, batch: Option<Batch>) -> Result<Vec<u8>, FormFault> {
        match (self, batch) {
            (Self::Csv(table), batch) => {
                if let Some(batch) = batch {
                    table.batch(&batch);
                }
                Ok(table.take())
            }
            (Self::Json(table), batch) => {
                match batch {
                    Some(batch) => table.batch(&batch),
                    None => table.end(),
                }
                Ok(table.take())
            }
            (Self::Arrow(table), batch) => {
                match batch {
                    Some(batch) => table.batch(batch)?,
                    None => table.end()?,
                }
                Ok(table.take())
            }
        }
    }
}

/// A table that is written into a file.
pub enum Filed {
    /// As a piecewise form.
    Streamed(Streamed, File),
    /// As a workbook.
    Xlsx(Box<XlsxTable>, File),
    /// As Parquet.
    Parquet(Box<ParquetTable>),
    /// As JSON-stat.
    JsonStat(Box<JsonStatTable>, File),
}

impl Filed {
    /// Begins a table in `file`; a JSON-stat dataset has at most so many cells.
    ///
    /// # Errors
    /// When the file cannot be written, or the table has no such form.
    pub fn new(
        form: Form,
        head: &Head,
        style: Style,
        cube: Option<(Cube, u64)>,
        file: File,
    ) -> Result<Self, FormFault> {
        Ok(match form {
            Form::Xlsx => Self::Xlsx(Box::new(XlsxTable::new(head, style.labels)?), file),
            Form::Parquet => Self::Parquet(Box::new(ParquetTable::new(head, style.labels, file)?)),
            Form::JsonStat => {
                let (cube, most) = cube.ok_or(FormFault::NoSuchForm)?;
                Self::JsonStat(Box::new(JsonStatTable::new(head, cube, most)), file)
            }
            Form::Csv | Form::Json | Form::Arrow => Self::Streamed(Streamed::new(form, head, style)?, file),
        })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When the file cannot be written, or holds no more.
    pub fn batch(&mut self, batch: Batch) -> Result<(), FormFault> {
        match self {
            Self::Streamed(table, file) => file.write_all(&table.next(Some(batch))?)?,
            Self::Xlsx(table, _) => table.batch(&batch)?,
            Self::Parquet(table) => table.batch(batch)?,
            Self::JsonStat(table, _) => table.batch(&batch)?,
        }
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(self) -> Result<(), FormFault> {
        match self {
            Self::Streamed(mut table, mut file) => file.write_all(&table.next(None)?)?,
            Self::Xlsx(table, file) => table.end(file)?,
            Self::Parquet(table) => table.end()?,
            Self::JsonStat(table, mut file) => file.write_all(&table.end()?)?,
        }
        Ok(())
    }
}
