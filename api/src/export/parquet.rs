//! A table as Parquet: row groups, dictionaries, statistics, Snappy; written into a file, since its end says where everything stands.

use std::fs::File;
use std::sync::Arc;

use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::arrow::{Arrays, schema};
use super::table::{Batch, Head, Labels};

/// Rows of a group: what a reader takes at a time.
const GROUP_ROWS: usize = 131_072;

/// Writes a table into a Parquet file.
pub struct ParquetTable {
    arrays: Arrays,
    writer: ArrowWriter<File>,
}

impl ParquetTable {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(head: &Head, labels: Labels, file: File) -> Result<Self, ParquetError> {
        let schema = schema(head, labels);
        let entries = head.metadata.entries.iter();
        let metadata = entries.map(|(name, _, text)| KeyValue::new((*name).to_owned(), text.clone()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(format!("plumbline {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata.collect()))
            .build();
        Ok(Self {
            writer: ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?,
            arrays: Arrays::new(schema),
        })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn batch(&mut self, batch: Batch) -> Result<(), ParquetError> {
        let batch = self.arrays.batch(batch)?;
        self.writer.write(&batch)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(self) -> Result<(), ParquetError> {
        self.writer.close().map(|_| ())
    }
}
