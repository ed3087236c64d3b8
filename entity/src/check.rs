//! Questions that prove that what is stored hangs together, where the schema itself does not hold it: figures have no foreign keys.

use crate::db::{Backend, Handle};
use crate::dump::query_count;
use crate::error::Error;

/// A rule, and how many rows break it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule in words.
    pub name: String,
    /// Rows that break it.
    pub broken: u64,
}

/// Columns that hold keys of another table without a foreign key; 0 is the whole of a breakdown.
const KEYS: [(&str, &str, &str); 19] = [
    ("observation", "indicator_id", "indicator"),
    ("observation", "org_id", "org_unit"),
    ("observation", "breakdown_item_id", "breakdown_item"),
    ("observation", "unit_id", "unit"),
    ("observation", "source_id", "source"),
    ("observation", "batch_id", "import_batch"),
    ("target", "indicator_id", "indicator"),
    ("target", "org_id", "org_unit"),
    ("target", "unit_id", "unit"),
    ("target", "source_id", "source"),
    ("target", "batch_id", "import_batch"),
    ("evaluation_score", "org_id", "org_unit"),
    ("evaluation_mark", "org_id", "org_unit"),
    ("objection", "org_id", "org_unit"),
    ("objection", "batch_id", "import_batch"),
    ("rectification", "org_id", "org_unit"),
    ("change_feed", "indicator_id", "indicator"),
    ("change_feed", "batch_id", "import_batch"),
    ("audit_event", "principal_id", "principal"),
];

/// Tables of revisions, with the columns of their keys.
const REVISIONS: [(&str, &[&str]); 2] = [
    (
        "observation",
        &[
            "indicator_id",
            "org_id",
            "breakdown_item_id",
            "start_month",
            "end_month",
        ],
    ),
    ("target", &["indicator_id", "org_id", "start_month", "end_month"]),
];

/// Holds every rule against what is stored. All of it is read; on a large database that takes a while.
///
/// # Errors
/// As every query.
pub async fn rules(handle: &impl Handle) -> Result<Vec<Rule>, Error> {
    let mut questions = Vec::new();
    for (table, column, parent) in KEYS {
        questions.push((
            format!("{table}.{column} is a key of {parent}"),
            format!(
                "SELECT count(*) FROM {table} AS t WHERE t.{column} IS NOT NULL AND t.{column} <> 0 \
                 AND NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE p.id = t.{column})"
            ),
        ));
    }
    for (table, key) in REVISIONS {
        questions.extend(revisions(table, &key.join(", ")));
    }
    questions.push((
        "a batch has as many figures as it says".to_owned(),
        "SELECT count(*) FROM import_batch AS b LEFT JOIN (SELECT batch_id, count(*) AS rows FROM \
         (SELECT batch_id FROM observation UNION ALL SELECT batch_id FROM target) AS all_rows GROUP BY batch_id) AS w ON w.batch_id = b.id \
         WHERE b.created_count + b.revised_count <> COALESCE(w.rows, 0)"
            .to_owned(),
    ));
    questions.push((
        "a batch with figures is told in the change feed".to_owned(),
        "SELECT count(*) FROM import_batch AS b WHERE b.created_count + b.revised_count > 0 \
         AND NOT EXISTS (SELECT 1 FROM change_feed AS f WHERE f.batch_id = b.id)"
            .to_owned(),
    ));
    questions.push((
        "the change feed follows the clock".to_owned(),
        "SELECT count(*) FROM (SELECT recorded_at, lag(recorded_at) OVER (ORDER BY id) AS earlier FROM change_feed) AS f \
         WHERE f.recorded_at < f.earlier"
            .to_owned(),
    ));
    questions.extend(structure(handle.backend()));
    let mut rules = Vec::new();
    for (name, text) in questions {
        let broken = query_count(handle, &text).await?;
        rules.push(Rule { name, broken });
    }
    Ok(rules)
}

fn revisions(table: &str, key: &str) -> [(String, String); 3] {
    [
        (
            format!("the revisions of a key in {table} are 1, 2, 3, …"),
            format!(
                "SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING min(revision) <> 1 OR max(revision) <> count(*)) AS k"
            ),
        ),
        (
            format!("the last revision of a key in {table} is the current one"),
            format!(
                "SELECT count(*) FROM (SELECT superseded_at, lead(revision) OVER (PARTITION BY {key} ORDER BY revision) AS next FROM {table}) AS r \
                 WHERE (r.superseded_at IS NULL) <> (r.next IS NULL)"
            ),
        ),
        (
            format!("a revision in {table} ends when the next one begins"),
            format!(
                "SELECT count(*) FROM (SELECT superseded_at, lead(recorded_at) OVER (PARTITION BY {key} ORDER BY revision) AS next FROM {table}) AS r \
                 WHERE r.superseded_at <> r.next"
            ),
        ),
    ]
}

/// What the database itself can say about its files and keys.
fn structure(backend: Backend) -> Vec<(String, String)> {
    let rules: &[(&str, &str)] = match backend {
        Backend::Sqlite => &[
            (
                "the file is whole",
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
            ),
            (
                "every reference leads somewhere",
                "SELECT count(*) FROM pragma_foreign_key_check",
            ),
        ],
        Backend::Postgres => &[
            (
                "every constraint is in force",
                "SELECT count(*) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated",
            ),
            (
                "every index is whole",
                "SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
                 WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid",
            ),
        ],
    };
    let owned = rules
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    owned.collect()
}

/// The figures that are current and not withdrawn.
///
/// # Errors
/// As every query.
pub async fn current_figures(handle: &impl Handle) -> Result<u64, Error> {
    query_count(
        handle,
        "SELECT count(*) FROM observation WHERE superseded_at IS NULL AND NOT withdrawn",
    )
    .await
}
