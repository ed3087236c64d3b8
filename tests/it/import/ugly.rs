//! The files that streets really send: what is stored of each, or why it is refused, is what its expectation says.

use std::path::{Path, PathBuf};

use analytics::decimal::{self, Rounding};
use analytics::period::Period;
use api::intake::figures::Mapping;
use api::service::Service;
use api::service::catalog::{Catalog, scale};
use api::service::import::{ImportError, Options};
use entity::observation::Model;
use serde::Deserialize;
use tests::db::{Holding, TestDb};
use tests::suite;

use super::attempt::{commit, stored};

suite!(Catalog: ugly_files_are_stored_or_refused_as_an_analyst_would);

/// What becomes of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    trap: String,
    mapping: Option<String>,
    blank: Option<usize>,
    left_out: Option<usize>,
    #[serde(default)]
    figures: Vec<Figure>,
    #[serde(default)]
    refused: Vec<String>,
}

/// Indicator, organisation, period, breakdown, value in its unit, unit, status, printed, locator.
type Figure = [String; 9];

/// A file and its expectation.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    expected: Expected,
}

impl Case {
    /// What is said of the file beside it.
    pub(super) fn mapping(&self) -> Mapping {
        self.expected.mapping.as_deref().map_or_else(Mapping::default, |text| {
            Mapping::parse("mapping.toml", text).unwrap_or_else(|problems| panic!("{}: {problems:?}", self.name))
        })
    }
}

/// The folder of the ugly files.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/intake")
}

/// The names of all ugly files, in their order.
pub(super) fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| [".csv", ".xlsx", ".ods"].iter().any(|end| name.ends_with(end)))
        .collect();
    names.sort();
    names
}

/// All ugly files.
pub(super) fn cases() -> Vec<Case> {
    let case = |name: String| {
        let file = folder().join(&name);
        let text =
            std::fs::read_to_string(file.with_extension("toml")).unwrap_or_else(|_| panic!("{name} has no toml"));
        Case {
            bytes: std::fs::read(&file).unwrap(),
            expected: toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")),
            name,
        }
    };
    names().into_iter().map(case).collect()
}

async fn ugly_files_are_stored_or_refused_as_an_analyst_would(db: TestDb) {
    let mut wrong = Vec::new();
    let backend = db.backend();
    let service = db.service().await;
    let mut clean = (db, service);
    for case in cases() {
        let (_, service) = &clean;
        let found = differences(service, &case).await;
        if !found.is_empty() {
            wrong.push(format!("{} ({}):\n{}", case.name, case.expected.trap, found.join("\n")));
        }
        // A refused file leaves nothing behind, and the next one may have the same database.
        if !stored(service).await.is_empty() {
            service.db().close().await.unwrap();
            let fresh = TestDb::fresh(backend, Holding::Catalog);
            let service = fresh.service().await;
            clean = (fresh, service);
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

/// In what the outcome is not what is expected.
async fn differences(service: &Service, case: &Case) -> Vec<String> {
    let expected = &case.expected;
    let options = Options {
        mapping: case.mapping(),
        ..commit()
    };
    let outcome = service.import(&case.name, case.bytes.clone(), &options).await;
    let catalog = service.snapshot().await.unwrap().catalog.clone();
    let mut wrong: Vec<String> = Vec::new();
    let (problems, counts) = match outcome {
        Ok(report) => (Vec::new(), Some((report.blank, report.left_out))),
        Err(ImportError::Problems(problems)) => (problems, None),
        Err(error) => panic!("{}: {error}", case.name),
    };
    let problems: Vec<String> = problems
        .iter()
        .map(|problem| without_file(&problem.to_string(), &case.name))
        .collect();
    let agree = problems.len() == expected.refused.len()
        && problems
            .iter()
            .zip(&expected.refused)
            .all(|(told, start)| told.starts_with(start.as_str()));
    if !agree {
        wrong.push(format!(
            "  refused with {problems:#?}\n  instead of {:#?}",
            expected.refused
        ));
    }
    let mut found: Vec<Figure> = stored(service).await.iter().map(|row| told(row, &catalog)).collect();
    let mut wanted = expected.figures.clone();
    found.sort();
    wanted.sort();
    wrong.extend(
        wanted
            .iter()
            .filter(|figure| !found.contains(figure))
            .map(|figure| format!("  not stored: {figure:?}")),
    );
    wrong.extend(
        found
            .iter()
            .filter(|figure| !wanted.contains(figure))
            .map(|figure| format!("  stored:     {figure:?}")),
    );
    if let Some((blank, left_out)) = counts {
        for (what, count, wanted) in [
            ("blank", blank, expected.blank),
            ("left_out", left_out, expected.left_out),
        ] {
            if wanted.is_some_and(|wanted| wanted != count) {
                wrong.push(format!("  {what} = {count}"));
            }
        }
    }
    wrong
}

/// A problem without the name of its file.
fn without_file(problem: &str, name: &str) -> String {
    let rest = problem.strip_prefix(name).unwrap_or(problem);
    rest.trim_start_matches([':', ' ']).to_owned()
}

fn told(row: &Model, catalog: &Catalog) -> Figure {
    let unit = row.unit_id.and_then(|id| catalog.unit(id));
    let org = catalog
        .tree()
        .ordinal(row.org_id)
        .and_then(|ordinal| catalog.org(ordinal));
    let item = catalog.item(row.breakdown_item_id).map(|item| {
        let breakdown = catalog.breakdown(item.breakdown_id).unwrap();
        format!("{}={}", breakdown.code, item.code)
    });
    let value = row.value.map(|value| {
        let number = decimal::in_unit(value, scale(unit.unwrap()).unwrap());
        decimal::format(number, u32::try_from(row.decimals).unwrap(), Rounding::HalfUp)
    });
    [
        catalog.indicator(row.indicator_id).unwrap().code.clone(),
        org.unwrap().code.clone(),
        Period::from_months(row.start_month, row.end_month).unwrap().to_string(),
        item.unwrap_or_default(),
        value.unwrap_or_default(),
        unit.map_or_else(String::new, |unit| unit.label_zh.clone()),
        api::service::convert::status(row.status).to_string(),
        row.printed.clone().unwrap_or_default(),
        row.locator.clone().unwrap_or_default(),
    ]
}

#[test]
fn the_list_of_ugly_files_is_complete() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let cases = cases();
    assert!(cases.len() >= 30);
    for case in &cases {
        let is = if case.expected.refused.is_empty() {
            "stored"
        } else {
            "refused"
        };
        let line = format!(
            "| `{}` | {is} | {} |",
            case.name,
            case.expected.trap.replace('|', "\\|")
        );
        assert!(
            readme.contains(&line),
            "tests/scripts/ugly_files.py writes the table again: {line}"
        );
        assert_ne!(
            case.expected.refused.is_empty(),
            case.expected.figures.is_empty(),
            "{}",
            case.name
        );
    }
    assert_eq!(readme.matches("\n| `").count(), cases.len(), "a line without its file");
}
