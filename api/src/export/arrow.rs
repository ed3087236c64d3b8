//! A table as Arrow columns, and as an Arrow IPC stream: record batches without compression and without views, as readers in browsers need them.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::NullBuffer;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};

use super::table::{Batch, Cells, Column, Head, Kind, Labels, NO_WORD, Words};

/// Time zone of moments.
const UTC: &str = "UTC";

/// The schema of a table; what the table says of itself stands in its metadata, and what a column means in the field's.
#[must_use]
pub fn schema(head: &Head, labels: Labels) -> SchemaRef {
    let fields: Vec<Field> = head
        .columns
        .iter()
        .zip(head.names(labels))
        .map(|(column, name)| field(column, name))
        .collect();
    let metadata = head.metadata.entries.iter();
    let metadata: HashMap<String, String> = metadata
        .map(|(name, _, text)| ((*name).to_owned(), text.clone()))
        .collect();
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

fn field(column: &Column, name: &str) -> Field {
    let kind = match column.kind {
        Kind::Code => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Text => DataType::Utf8,
        Kind::Number => DataType::Float64,
        Kind::Integer => DataType::Int64,
        Kind::Boolean => DataType::Boolean,
        Kind::Date => DataType::Date32,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
    };
    let told = [
        ("name", &column.name),
        ("label_zh", &column.label),
        ("description", &column.about),
    ];
    let told = told.map(|(key, text)| (key.to_owned(), text.clone()));
    Field::new(name, kind, !column.required).with_metadata(HashMap::from(told))
}

/// Makes record batches; the words of a column become an Arrow array once.
#[derive(Debug)]
pub struct Arrays {
    schema: SchemaRef,
    words: Vec<Option<Dictionary>>,
}

/// The words of a column as an Arrow array, each once: some readers take no word twice.
#[derive(Clone, Debug)]
struct Dictionary {
    of: Words,
    values: ArrayRef,
    /// Where each word stands, if some stand in one place.
    places: Option<Arc<[i32]>>,
}

impl Dictionary {
    fn new(words: &Words) -> Result<Self, ArrowError> {
        let (mut known, mut texts) = (HashMap::new(), Vec::new());
        let mut places = Vec::with_capacity(words.len());
        for word in words.iter() {
            let next = i32::try_from(texts.len()).map_err(|_| ArrowError::DictionaryKeyOverflowError)?;
            let place = *known.entry(word.as_str()).or_insert(next);
            if place == next {
                texts.push(word.as_str());
            }
            places.push(place);
        }
        let is_each_once = texts.len() == words.len();
        if texts.is_empty() {
            texts.push("");
        }
        Ok(Self {
            of: Arc::clone(words),
            values: Arc::new(StringArray::from_iter_values(texts)),
            places: (!is_each_once).then(|| places.into()),
        })
    }

    /// The place of a key; of a cell that is not there that of any word, as some readers look it up nevertheless.
    fn place(&self, key: i32) -> i32 {
        let key = key.max(0);
        let found = |places: &Arc<[i32]>| places.get(usize::try_from(key).unwrap_or_default()).copied();
        self.places
            .as_ref()
            .map_or(key, |places| found(places).unwrap_or_default())
    }
}

impl Arrays {
    /// For batches of this schema.
    #[must_use]
    pub fn new(schema: SchemaRef) -> Self {
        Self {
            words: vec![None; schema.fields().len()],
            schema,
        }
    }

    /// The batch as Arrow columns.
    ///
    /// # Errors
    /// When it does not have the columns of the schema.
    pub fn batch(&mut self, batch: Batch) -> Result<RecordBatch, ArrowError> {
        let columns = batch.cells.into_iter().zip(&mut self.words);
        let columns = columns.map(|(cells, known)| array(cells, known));
        RecordBatch::try_new(Arc::clone(&self.schema), columns.collect::<Result<_, _>>()?)
    }
}

fn array(cells: Cells, known: &mut Option<Dictionary>) -> Result<ArrayRef, ArrowError> {
    Ok(match cells {
        Cells::Code(keys, words) => {
            let is_same = |known: &&mut Dictionary| Arc::ptr_eq(&known.of, &words);
            let dictionary = match known.as_mut().filter(is_same) {
                Some(dictionary) => dictionary.clone(),
                None => known.insert(Dictionary::new(&words)?).clone(),
            };
            let there = NullBuffer::from_iter(keys.iter().map(|key| *key != NO_WORD));
            let keys: Vec<i32> = keys.into_iter().map(|key| dictionary.place(key)).collect();
            let keys = Int32Array::new(keys.into(), Some(there).filter(|there| there.null_count() > 0));
            Arc::new(DictionaryArray::<Int32Type>::try_new(keys, dictionary.values)?)
        }
        Cells::Text(texts) => Arc::new(StringArray::from_iter(texts)),
        Cells::Number(numbers) => {
            let there = NullBuffer::from_iter(numbers.iter().map(|number| number.is_finite()));
            let there = Some(there).filter(|there| there.null_count() > 0);
            Arc::new(Float64Array::new(numbers.into(), there))
        }
        Cells::Integer(numbers) => Arc::new(Int64Array::from(numbers)),
        Cells::Boolean(values) => Arc::new(BooleanArray::from(values)),
        Cells::Date(days) => Arc::new(Date32Array::from(days)),
        Cells::Time(micros) => Arc::new(TimestampMicrosecondArray::from(micros).with_timezone(UTC)),
    })
}

/// Writes a table as an Arrow IPC stream, piece by piece.
pub struct ArrowTable {
    arrays: Arrays,
    writer: StreamWriter<Vec<u8>>,
}

impl ArrowTable {
    /// Begins a stream.
    ///
    /// # Errors
    /// When the schema cannot be written.
    pub fn new(head: &Head, labels: Labels) -> Result<Self, ArrowError> {
        let schema = schema(head, labels);
        Ok(Self {
            writer: StreamWriter::try_new(Vec::new(), &schema)?,
            arrays: Arrays::new(schema),
        })
    }

    /// Appends rows as a record batch.
    ///
    /// # Errors
    /// When they are not of the schema.
    pub fn batch(&mut self, batch: Batch) -> Result<(), ArrowError> {
        let batch = self.arrays.batch(batch)?;
        self.writer.write(&batch)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// When it ended before.
    pub fn end(&mut self) -> Result<(), ArrowError> {
        self.writer.finish()
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.writer.get_mut())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn a_word_stands_once_in_a_dictionary() {
        let words: Words = Arc::new(["b", "a", "b", "a", "c"].map(str::to_owned).to_vec());
        let mut known = None;
        for keys in [vec![0, 2, 1, NO_WORD, 4, 3], vec![3, NO_WORD]] {
            let expected: Vec<Option<String>> = keys
                .iter()
                .map(|key| usize::try_from(*key).ok().map(|key| words[key].clone()))
                .collect();
            let column = array(Cells::Code(keys, Arc::clone(&words)), &mut known).unwrap();
            let column = column.as_dictionary::<Int32Type>();
            let values = column.values().as_string::<i32>();
            assert_eq!(values.iter().flatten().collect::<Vec<_>>(), ["b", "a", "c"]);
            let found: Vec<Option<String>> = column
                .downcast_dict::<StringArray>()
                .unwrap()
                .into_iter()
                .map(|word| word.map(str::to_owned))
                .collect();
            assert_eq!(found, expected);
        }
        let nobody = array(Cells::Code(vec![NO_WORD], Words::default()), &mut known).unwrap();
        assert_eq!((nobody.len(), nobody.null_count()), (1, 1));
    }
}
