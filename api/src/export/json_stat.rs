//! A table as a JSON-stat 2.0 dataset: a cube of dimensions, dense, with the status of each cell that is not plain.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::table::{Batch, Cell, Head};

/// The id of what a dimension does not tell apart: all items together.
const TOTAL: &str = "_T";

/// A dimension of the cube.
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    /// The column of its codes.
    pub code: &'static str,
    /// The column of its labels.
    pub label: Option<&'static str>,
    /// Its name in Chinese.
    pub name: &'static str,
    /// What it tells: `time`, `geo` or `metric`.
    pub role: Option<&'static str>,
    /// The column of the unit, which the codes have.
    pub unit: Option<&'static str>,
}

/// Which columns make the cube.
#[derive(Clone, Copy, Debug)]
pub struct Cube {
    /// Its dimensions but the last.
    pub dimensions: &'static [Dimension],
    /// Columns of numbers: the last dimension.
    pub measures: &'static [&'static str],
    /// For each measure the columns whose texts stand as its status.
    pub statuses: &'static [&'static [&'static str]],
}

/// Why there is no dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CubeFault {
    /// It would have so many cells.
    TooLarge(u64),
    /// The table has no such cube.
    NoCube,
}

/// The codes of a dimension, in the order in which they were met.
#[derive(Debug, Default)]
struct Codes {
    places: HashMap<String, usize>,
    order: Vec<String>,
    labels: Map<String, Value>,
    units: Map<String, Value>,
}

/// The cells of the measures of one row: a value and its status.
type Measures = Vec<(f64, String)>;

/// Gathers a table into a cube.
#[derive(Debug)]
pub struct JsonStatTable {
    head: Head,
    cube: Cube,
    most_cells: u64,
    codes: Vec<Codes>,
    /// The places of the dimensions, and the cells of the measures.
    rows: Vec<(Vec<usize>, Measures)>,
}

impl JsonStatTable {
    /// A cube of at most so many cells.
    #[must_use]
    pub fn new(head: &Head, cube: Cube, most_cells: u64) -> Self {
        Self {
            head: head.clone(),
            codes: cube.dimensions.iter().map(|_| Codes::default()).collect(),
            cube,
            most_cells,
            rows: Vec::new(),
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.head.columns.iter().position(|column| column.name == name)
    }

    /// Takes rows in.
    ///
    /// # Errors
    /// When the cube becomes too large.
    pub fn batch(&mut self, batch: &Batch) -> Result<(), CubeFault> {
        let text = |place: Option<usize>, row: usize| match place.and_then(|place| batch.cells.get(place)) {
            Some(cells) => match cells.cell(row) {
                Cell::Text(text) => Some(text),
                _ => None,
            },
            None => None,
        };
        let places = self.cube.dimensions.iter().map(|dimension| {
            let of = |name: Option<&str>| name.and_then(|name| self.place(name));
            (of(Some(dimension.code)), of(dimension.label), of(dimension.unit))
        });
        let places: Vec<_> = places.collect();
        let measures: Vec<_> = self.cube.measures.iter().map(|name| self.place(name)).collect();
        let statuses = self.cube.statuses.iter();
        let statuses: Vec<Vec<_>> = statuses
            .map(|names| names.iter().map(|name| self.place(name)).collect())
            .collect();
        for row in 0..batch.rows {
            let mut at = Vec::with_capacity(places.len());
            for ((code, label, unit), codes) in places.iter().zip(&mut self.codes) {
                let id = text(*code, row).unwrap_or(TOTAL);
                let label = text(*label, row).unwrap_or(if id == TOTAL { "合计" } else { id });
                at.push(codes.place(id, label, text(*unit, row)));
            }
            let cells = measures.iter().enumerate().map(|(index, place)| {
                let number = match place
                    .and_then(|place| batch.cells.get(place))
                    .map(|cells| cells.cell(row))
                {
                    Some(Cell::Number(number)) => number,
                    _ => f64::NAN,
                };
                let said = statuses.get(index).into_iter().flatten();
                let said: Vec<&str> = said.filter_map(|place| text(*place, row)).collect();
                let said = said.join("|");
                (number, if said == "NORMAL" { String::new() } else { said })
            });
            self.rows.push((at, cells.collect()));
        }
        let size = self.size();
        if size > self.most_cells {
            return Err(CubeFault::TooLarge(size));
        }
        Ok(())
    }

    fn size(&self) -> u64 {
        let sizes = self.codes.iter().map(|codes| codes.order.len() as u64);
        sizes.fold(self.cube.measures.len() as u64, u64::saturating_mul)
    }

    /// The dataset as text.
    ///
    /// # Errors
    /// When the table has no cube.
    pub fn end(self) -> Result<Vec<u8>, CubeFault> {
        let size = usize::try_from(self.size()).map_err(|_| CubeFault::TooLarge(self.size()))?;
        let mut values = vec![Value::Null; size];
        let mut status = Map::new();
        let width = self.cube.measures.len();
        for (at, cells) in &self.rows {
            let codes = self.codes.iter();
            let place = at
                .iter()
                .zip(codes)
                .fold(0, |sum, (place, codes)| sum * codes.order.len() + place);
            for (measure, (number, said)) in cells.iter().enumerate() {
                let index = place * width + measure;
                if number.is_finite()
                    && let Some(value) = values.get_mut(index)
                {
                    *value = told(*number);
                }
                if !said.is_empty() {
                    status.insert(index.to_string(), json!(said));
                }
            }
        }
        let mut dataset = self.frame();
        dataset["value"] = Value::Array(values);
        if !status.is_empty() {
            dataset["status"] = Value::Object(status);
        }
        serde_json::to_vec(&dataset).map_err(|_| CubeFault::NoCube)
    }

    /// Everything but the values.
    fn frame(&self) -> Value {
        let (mut dimension, mut role) = (Map::new(), Map::new());
        let mut ids: Vec<&str> = Vec::new();
        let mut sizes: Vec<usize> = Vec::new();
        let mut add = |name: &'static str, kind: Option<&str>, size: usize| {
            ids.push(name);
            sizes.push(size);
            if let Some(kind) = kind
                && let Value::Array(of_role) = role.entry(kind).or_insert_with(|| json!([]))
            {
                of_role.push(json!(name));
            }
        };
        for (described, codes) in self.cube.dimensions.iter().zip(&self.codes) {
            let mut category = json!({ "index": codes.order, "label": codes.labels });
            if !codes.units.is_empty() {
                category["unit"] = Value::Object(codes.units.clone());
            }
            dimension.insert(
                described.code.to_owned(),
                json!({ "label": described.name, "category": category }),
            );
            add(described.code, described.role, codes.order.len());
        }
        let labels = self.cube.measures.iter().map(|name| {
            let column = self.place(name).and_then(|place| self.head.columns.get(place));
            let label = column.map_or(*name, |column| column.label.as_str());
            ((*name).to_owned(), json!(label))
        });
        let labels: Map<String, Value> = labels.collect();
        let category = json!({ "index": self.cube.measures, "label": labels });
        dimension.insert("measure".to_owned(), json!({ "label": "度量", "category": category }));
        add("measure", Some("metric"), self.cube.measures.len());
        let extension = self.head.metadata.entries.iter();
        let extension: Map<String, Value> = extension
            .map(|(name, _, text)| ((*name).to_owned(), json!(text)))
            .collect();
        let mut frame = json!({
            "version": "2.0",
            "class": "dataset",
            "label": self.head.name,
            "source": self.head.metadata.get("program").unwrap_or_default(),
            "note": [self.head.metadata.get("rounding").unwrap_or_default()],
            "id": ids,
            "size": sizes,
            "role": role,
            "dimension": dimension,
            "extension": extension,
        });
        if let Some(time) = self.head.metadata.get("as_of").filter(|time| !time.is_empty()) {
            frame["updated"] = json!(time);
        }
        frame
    }
}

impl Codes {
    fn place(&mut self, id: &str, label: &str, unit: Option<&str>) -> usize {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        let place = self.order.len();
        self.places.insert(id.to_owned(), place);
        self.order.push(id.to_owned());
        self.labels.insert(id.to_owned(), json!(label));
        if let Some(unit) = unit {
            self.units.insert(id.to_owned(), json!({ "label": unit }));
        }
        place
    }
}

/// A whole number without a point.
fn told(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation, reason = "a whole number below 10¹⁵")]
        return json!(number as i64);
    }
    json!(number)
}
