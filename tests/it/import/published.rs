//! The published figures that `demo` loads: every row is stored, and says what its line says.

use std::collections::HashMap;

use api::intake::figures::PUBLISHED;
use entity::{source, unit};
use rust_decimal::Decimal;
use sea_orm::ActiveEnum;
use tests::db::TestDb;
use tests::suite;

use super::attempt::{dry, import, stored};

suite!(Figures: every_published_figure_is_stored_as_its_line_says, the_published_figures_are_known_by_their_bytes);

/// The lines of the file below its header.
const ROWS: usize = 151;

async fn every_published_figure_is_stored_as_its_line_says(db: TestDb) {
    let service = db.service().await;
    let lines = lines();
    assert_eq!((lines.len(), PUBLISHED.lines().count()), (ROWS, ROWS + 1));
    let catalog = service.snapshot().await.unwrap().catalog.clone();
    let units = unit::all(service.db()).await.unwrap();
    let sources: HashMap<i64, source::Model> = source::all(service.db())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut rows = stored(&service).await;
    assert_eq!(rows.len(), ROWS);
    for line in &lines {
        let indicator = catalog.indicator_by_code(line.get("indicator")).unwrap().id;
        let org = catalog.org(catalog.org_by_code(line.get("org")).unwrap()).unwrap().id;
        let period: analytics::period::Period = line.get("period").parse().unwrap();
        let is_its = |row: &entity::observation::Model| {
            let months = (row.start_month, row.end_month) == (period.start_month(), period.end_month());
            row.indicator_id == indicator && row.org_id == org && row.breakdown_item_id == 0 && months
        };
        let place = rows
            .iter()
            .position(is_its)
            .unwrap_or_else(|| panic!("line {} is not stored", line.line));
        let row = rows.swap_remove(place);

        let word = line.get("unit");
        let unit = units
            .iter()
            .find(|unit| unit.words.split('|').any(|known| known == word))
            .unwrap();
        let value: Decimal = line.get("value").parse().unwrap();
        let in_base = value * unit.scale.parse::<Decimal>().unwrap();
        assert_eq!(
            row.value,
            in_base.normalize().to_string().parse().ok(),
            "line {}",
            line.line
        );
        assert_eq!(row.unit_id, Some(unit.id));
        assert_eq!(row.decimals, i32::try_from(value.scale()).unwrap());
        assert_eq!(row.status.to_value(), line.get("status"));
        assert_eq!(row.printed.as_deref(), line.some("printed"));
        assert_eq!(row.flags, line.get("flags"));
        assert_eq!(row.note.as_deref(), line.some("note"));
        assert_eq!(row.locator.as_deref(), line.some("locator"));
        let source = row.source_id.map(|id| &sources[&id]).unwrap();
        assert_eq!(
            (source.title.as_str(), source.address.as_str()),
            (line.get("source_title"), line.get("source_url"))
        );
        assert_eq!(source.published_on.as_deref(), line.some("published_on"));
    }
}

/// A line of the file by its columns.
struct Line {
    line: u64,
    cells: HashMap<String, String>,
}

impl Line {
    fn get(&self, column: &str) -> &str {
        &self.cells[column]
    }

    fn some(&self, column: &str) -> Option<&str> {
        Some(self.get(column)).filter(|text| !text.is_empty())
    }
}

fn lines() -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(PUBLISHED.as_bytes());
    let records = reader.deserialize::<HashMap<String, String>>();
    let lines = (2..).zip(records);
    lines
        .map(|(line, cells)| Line {
            line,
            cells: cells.unwrap(),
        })
        .collect()
}

async fn the_published_figures_are_known_by_their_bytes(db: TestDb) {
    let service = db.service().await;
    assert!(import(&service, PUBLISHED, &dry()).await.known.is_some());
    let with_blank_line = format!("{PUBLISHED}\n");
    let report = import(&service, &with_blank_line, &dry()).await;
    assert!(report.known.is_none());
    assert_eq!((report.created, report.revised, report.unchanged), (0, 0, ROWS));
}
