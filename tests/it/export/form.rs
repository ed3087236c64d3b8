//! The same rows in every form, read back by other libraries than those that wrote them where there are any.

use std::collections::BTreeMap;
use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use calamine::{Data, Reader, Xlsx};
use chrono::{Days, NaiveDate};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use crate::import::attempt::{STREET, commit, import};

suite!(Figures: every_form_holds_the_same_rows, a_printed_rate_that_its_parts_contradict_is_marked, totals_are_ours_and_say_so, figures_to_work_on_come_back_though_they_look_like_formulas);

/// A table as texts; what is not there is none.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    names: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

fn of_csv(bytes: &[u8]) -> Read {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cell = |text: &str| (!text.is_empty()).then(|| text.trim_start_matches('\'').to_owned());
    let rows = reader.records().map(|row| row.unwrap().iter().map(cell).collect());
    Read {
        names,
        rows: rows.collect(),
    }
}

fn of_json(bytes: &[u8], names: &[String]) -> Read {
    let all: Vec<BTreeMap<String, Value>> = serde_json::from_slice(bytes).unwrap();
    let cell = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.as_f64().unwrap().to_string()),
        other => Some(other.to_string()),
    };
    let row = |row: &BTreeMap<String, Value>| names.iter().map(|name| cell(&row[name])).collect();
    let rows = all.iter().map(row).collect();
    assert!(all.iter().all(|row| row.len() == names.len()));
    Read {
        names: names.to_vec(),
        rows,
    }
}

fn day(days: i64) -> String {
    let epoch = NaiveDate::default();
    epoch
        .checked_add_days(Days::new(u64::try_from(days).unwrap()))
        .unwrap()
        .to_string()
}

fn of_xlsx(bytes: &[u8]) -> Read {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["数据", "说明"]);
    let sheet = book.worksheet_range("数据").unwrap();
    let cell = |data: &Data| match data {
        Data::Empty => None,
        Data::String(text) => Some(text.clone()),
        Data::Float(number) => Some(number.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::DateTime(time) => Some(day(time.as_f64() as i64 - 25_569)),
        other => panic!("{other:?}"),
    };
    let mut rows = sheet.rows().map(|row| row.iter().map(cell).collect::<Vec<_>>());
    let names = rows.next().unwrap().into_iter().map(Option::unwrap).collect();
    Read {
        names,
        rows: rows.collect(),
    }
}

fn of_batches(batches: &[RecordBatch]) -> Read {
    let schema = batches[0].schema();
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| of_array(column, row)).collect());
        }
    }
    Read {
        names: schema.fields().iter().map(|field| field.name().clone()).collect(),
        rows,
    }
}

fn of_array(column: &dyn Array, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Dictionary(..) => {
            let column = column.as_dictionary::<Int32Type>();
            let key = usize::try_from(column.keys().value(row)).unwrap();
            column.values().as_string::<i32>().value(key).to_owned()
        }
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Date32 => day(i64::from(column.as_primitive::<Date32Type>().value(row))),
        other => panic!("{other}"),
    })
}

fn of_arrow(bytes: &[u8]) -> Read {
    let reader = arrow_ipc::reader::StreamReader::try_new(Cursor::new(bytes), None).unwrap();
    of_batches(&reader.map(Result::unwrap).collect::<Vec<_>>())
}

fn of_parquet(bytes: Vec<u8>) -> Read {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file.reopen().unwrap()).unwrap();
    let told = builder.metadata().file_metadata().key_value_metadata().unwrap();
    assert!(told.iter().any(|entry| entry.key == "rounding"));
    of_batches(&builder.build().unwrap().map(Result::unwrap).collect::<Vec<_>>())
}

async fn every_form_holds_the_same_rows(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (table, query) in [
        ("observations", "totals=1"),
        ("observations", "org=shenzhen-luohu-sungang&labels=zh"),
        ("comparison", "period=2021"),
        ("comparison", "period=2021&baseline=PARENT&level=STREET"),
    ] {
        let get = |form: &'static str| {
            let path = format!("/export/{table}.{form}?{query}");
            let app = &app;
            async move {
                let answer = app.get(&path).await;
                assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
                answer
            }
        };
        let csv = of_csv(&get("csv").await.body);
        assert!(csv.rows.len() > 20, "{table} {query}");
        let mut unique = csv.names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), csv.names.len());
        assert_eq!(of_json(&get("json").await.body, &csv.names), csv, "json {query}");
        assert_eq!(of_arrow(&get("arrow").await.body), csv, "arrow {query}");
        assert_eq!(of_parquet(get("parquet").await.body), csv, "parquet {query}");
        assert_eq!(of_xlsx(&get("xlsx").await.body), csv, "xlsx {query}");
        let stat = get("jsonstat").await.json();
        let sizes = stat["size"].as_array().unwrap().iter();
        let product: u64 = sizes.map(|size| size.as_u64().unwrap()).product();
        assert_eq!(stat["value"].as_array().unwrap().len() as u64, product);
        assert_eq!((&stat["version"], &stat["class"]), (&"2.0".into(), &"dataset".into()));
        let numbers = stat["value"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|value| !value.is_null());
        let place = csv
            .names
            .iter()
            .position(|name| name == "value" || name == "数值")
            .unwrap();
        assert!(numbers.count() >= csv.rows.iter().filter(|row| row[place].is_some()).count());
    }
}

fn column<'a>(read: &'a Read, row: &'a [Option<String>], name: &str) -> Option<&'a str> {
    let place = read.names.iter().position(|known| known == name).unwrap();
    row[place].as_deref()
}

async fn a_printed_rate_that_its_parts_contradict_is_marked(db: TestDb) {
    let app = TestApp::start(&db).await;
    let figure = |indicator: &str, value: &str| Row::new(indicator, STREET, "2035", value);
    let right = [
        figure("petition_received_count", "300"),
        figure("petition_resolved_count", "200"),
        figure("petition_resolution_rate", "66.7").with("unit", "%"),
    ];
    import(app.service(), &csv(&right), &commit()).await;
    let path = "/export/observations.csv?indicator=petition_resolution_rate";
    let all = of_csv(&app.get(path).await.body);
    let marks: Vec<(bool, bool)> = all
        .rows
        .iter()
        .map(|row| {
            let number = |name: &str| column(&all, row, name).map(|text| text.parse::<f64>().unwrap());
            let computed = number("numerator").zip(number("denominator"));
            let printed = number("value").unwrap();
            let digits = 10f64.powi(column(&all, row, "decimals").unwrap().parse().unwrap());
            let is_off = computed
                .is_some_and(|(top, bottom)| (100.0 * top / bottom * digits).round() != (printed * digits).round());
            let flags = column(&all, row, "flags").unwrap_or_default();
            (is_off, flags.split('|').any(|flag| flag == "DISCREPANCY"))
        })
        .collect();
    assert!(marks.iter().all(|(is_off, is_marked)| is_off == is_marked), "{marks:?}");
    // 97 % is printed of 702 out of 720.
    assert!(
        marks.contains(&(true, true)) && marks.contains(&(false, false)),
        "{marks:?}"
    );
}

async fn totals_are_ours_and_say_so(db: TestDb) {
    let app = TestApp::start(&db).await;
    let figure = |indicator: &str, org: &str, value: &str| Row::new(indicator, org, "2035", value);
    let others = [
        figure("petition_received_count", STREET, "100"),
        figure("petition_resolved_count", STREET, "90"),
        figure("petition_received_count", "shenzhen-luohu", "300"),
        figure("petition_resolved_count", "shenzhen-luohu", "200"),
        figure("law_exam_excellent_rate", STREET, "90").with("unit", "%"),
        figure("law_exam_excellent_rate", "shenzhen-luohu", "80").with("unit", "%"),
        figure("petition_resolution_rate", STREET, "90").with("unit", "%"),
        figure("petition_resolution_rate", "shenzhen-luohu", "66.7").with("unit", "%"),
    ];
    import(app.service(), &csv(&others), &commit()).await;
    let path = "/export/observations.csv?period=2035&totals=1";
    let all = of_csv(&app.get(&format!("{path}&org={STREET},shenzhen-luohu")).await.body);
    let total = |read: &Read, indicator: &str| {
        let is_it = |row: &&Vec<Option<String>>| {
            column(read, row, "indicator") == Some(indicator) && column(read, row, "org") == Some("_T")
        };
        let row = read
            .rows
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no total of {indicator}"));
        ["value", "numerator", "denominator", "is_total"].map(|name| column(read, row, name).map(str::to_owned))
    };
    let told = |texts: [Option<&str>; 4]| texts.map(|text| text.map(str::to_owned));
    // The street is below the district: it does not count twice.
    let district = total(&all, "petition_received_count");
    assert_eq!(district, told([Some("300"), None, None, Some("true")]));
    let is_plain = |row: &&Vec<Option<String>>| column(&all, row, "is_total") == Some("false");
    assert_eq!(all.rows.iter().filter(is_plain).count(), others.len());
    // A single organisation is its own total, also of a rate that is only printed.
    let one = of_csv(&app.get(&format!("{path}&org={STREET}")).await.body);
    assert_eq!(total(&one, "law_exam_excellent_rate")[0].as_deref(), Some("90"));
    assert_eq!(
        total(&one, "petition_resolution_rate"),
        told([Some("90"), Some("90"), Some("100"), Some("true")])
    );
}

async fn figures_to_work_on_come_back_though_they_look_like_formulas(db: TestDb) {
    let app = TestApp::start(&db).await;
    let strange = Row::new("petition_received_count", STREET, "2023", "5")
        .with("note", "=HYPERLINK(\"http://x\")")
        .with("locator", "=1")
        .with("source_title", "+86 755")
        .with("publisher", "@office");
    import(app.service(), &csv(&[strange]), &commit()).await;
    let answer = app
        .get("/export/observations.csv?edit=1&period=2023&org=shenzhen-luohu-sungang")
        .await;
    let text = answer.text();
    assert!(
        text.contains("\"'=HYPERLINK(") && text.contains(",'=1,") && text.contains("'@office"),
        "{text}"
    );
    assert!(text.contains("\r\n"));
    let report = app
        .service()
        .import("again.csv", answer.body.clone(), &crate::import::attempt::dry())
        .await
        .unwrap();
    assert_eq!(
        (report.unchanged, report.revised, report.rejected),
        (1, 0, 0),
        "{report:?}"
    );
}
