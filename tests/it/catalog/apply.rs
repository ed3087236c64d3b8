//! Applying: what is new is added, what differs is changed, the rest stays, and the change feed says so once.

use api::intake::catalog::{CatalogFile, embedded};
use entity::choice::Topic;
use entity::{change_feed, indicator, org_parent, org_unit};
use tests::db::TestDb;
use tests::fixture::CatalogFiles;
use tests::suite;

use super::try_apply::apply;

suite!(
    Tables: the_embedded_catalogue_applies_and_a_second_time_changes_nothing,
    another_name_changes_one_row,
    a_new_parent_is_a_change_of_the_tree,
    a_new_definition_stands_beside_the_old_one,
    what_is_not_in_the_files_any_more_is_kept,
    the_order_of_entries_and_files_does_not_matter,
);

async fn the_embedded_catalogue_applies_and_a_second_time_changes_nothing(db: TestDb) {
    let service = db.service().await;
    let first = apply(&service, &embedded()).await;
    assert_eq!((first.updated.len(), first.unchanged, first.kept.len()), (0, 0, 0));
    let stored = db.contents().await;
    assert_eq!(stored["change_feed"].len(), 1);
    let counts = [
        "unit",
        "theme",
        "org_unit",
        "breakdown",
        "breakdown_item",
        "indicator",
        "indicator_version",
        "framework",
    ];
    let rows: usize = counts.iter().map(|table| stored[*table].len()).sum();
    assert_eq!(first.created.len(), rows);

    let second = apply(&service, &embedded()).await;
    assert_eq!(
        (second.created.len(), second.updated.len(), second.kept.len()),
        (0, 0, 0)
    );
    assert_eq!(second.unchanged, rows);
    assert_eq!(db.contents().await, stored);
}

async fn another_name_changes_one_row(db: TestDb) {
    let service = db.service().await;
    let files = CatalogFiles::small();
    apply(&service, &files.files()).await;
    let before = db.contents().await;
    let renamed = files.replace("indicators.toml", "en = \"received\"", "en = \"accepted\"");
    let report = apply(&service, &renamed.files()).await;
    assert_eq!(report.updated, ["indicator received"]);
    assert_eq!((report.created.len(), report.kept.len()), (0, 0));

    let after = db.contents().await;
    let changed: Vec<&str> = after
        .iter()
        .filter(|(table, rows)| before[*table] != **rows)
        .map(|(table, _)| table.as_str())
        .collect();
    assert_eq!(changed, ["audit_event", "audit_head", "change_feed", "indicator"]);
    let is_new = |row: &&String| !before["indicator"].contains(row);
    let rows: Vec<&String> = after["indicator"].iter().filter(is_new).collect();
    assert_eq!(rows.len(), 1);
    let indicators = indicator::all(service.db()).await.unwrap();
    let received = indicators.iter().find(|row| row.code == "received").unwrap();
    assert_eq!(
        (received.name_en.as_str(), received.name_zh.as_str()),
        ("accepted", "受理")
    );

    let feed = change_feed::since(service.db(), 0).await.unwrap();
    assert_eq!(feed.len(), 2);
    assert_eq!(
        (feed[1].topic, feed[1].indicator_id, feed[1].batch_id),
        (Topic::Catalog, None, None)
    );
    assert!(feed[1].recorded_at > feed[0].recorded_at);
}

async fn a_new_parent_is_a_change_of_the_tree(db: TestDb) {
    let service = db.service().await;
    let files = CatalogFiles::small();
    apply(&service, &files.files()).await;
    let parents = r#"parents = [{ org = "district", to = "2019-12" }, { org = "city", from = "2020-01" }]"#;
    let moved = files.replace("organisations.toml", "parent = \"district\"", parents);
    let report = apply(&service, &moved.files()).await;
    assert_eq!(report.updated, ["parents of street"]);
    let links = links(&db).await;
    let expected = [
        ("district", "city", None, None),
        ("street", "district", None, Some(2019 * 12 + 11)),
        ("street", "city", Some(2020 * 12), None),
    ];
    assert_eq!(
        links,
        expected.map(|(org, parent, from, to)| (org.to_owned(), parent.to_owned(), from, to))
    );
    let again = apply(&service, &moved.files()).await;
    assert_eq!((again.created.len(), again.updated.len()), (0, 0));
}

/// Who stands under whom, by code.
async fn links(db: &TestDb) -> Vec<(String, String, Option<i32>, Option<i32>)> {
    let pool = db.connect().await;
    let orgs = org_unit::all(&pool).await.unwrap();
    let code = |id: i64| orgs.iter().find(|org| org.id == id).unwrap().code.clone();
    let rows = org_parent::all(&pool).await.unwrap();
    rows.iter()
        .map(|row| (code(row.org_id), code(row.parent_id), row.valid_from, row.valid_to))
        .collect()
}

async fn a_new_definition_stands_beside_the_old_one(db: TestDb) {
    let service = db.service().await;
    let files = CatalogFiles::small();
    apply(&service, &files.files()).await;
    let version = r#"
[[indicator.version]]
from = "2025-01"
breaks_series = true
definition = { zh = "另一口径", en = "counted otherwise" }
"#;
    let longer = files.append("indicators.toml", version);
    let report = apply(&service, &longer.files()).await;
    assert_eq!(report.created, ["definition 3 of budget"]);
    assert_eq!(report.updated, Vec::<String>::new());
    let catalog = service.snapshot().await.unwrap().catalog.clone();
    let budget = catalog.indicator_by_code("budget").unwrap().id;
    let versions = catalog.versions(budget);
    let told: Vec<_> = versions
        .iter()
        .map(|row| (row.number, row.valid_from, row.breaks_series))
        .collect();
    let expected = [
        (1, None, false),
        (2, Some(2022 * 12), false),
        (3, Some(2025 * 12), true),
    ];
    assert_eq!(told, expected);
}

async fn what_is_not_in_the_files_any_more_is_kept(db: TestDb) {
    let service = db.service().await;
    apply(&service, &CatalogFiles::small().files()).await;
    let before = db.contents().await;
    let org = "[[org]]\ncode = \"street\"\nlevel = \"STREET\"\nname = { zh = \"街道\", en = \"Street\" }\nparent = \"district\"\n";
    let fewer = CatalogFiles::small().replace("organisations.toml", org, "");
    let report = apply(&service, &fewer.files()).await;
    assert_eq!(report.kept, ["org street"]);
    assert_eq!((report.created.len(), report.updated.len()), (0, 0));
    assert_eq!(db.contents().await, before);
}

async fn the_order_of_entries_and_files_does_not_matter(db: TestDb) {
    let service = db.service().await;
    // One file, in which nearly everything stands before what it needs.
    let files = CatalogFiles::small().files();
    let texts: Vec<String> = files.iter().rev().map(|file| reversed(&file.text)).collect();
    let one = CatalogFile {
        name: "all.toml".to_owned(),
        text: texts.join("\n"),
    };
    let report = apply(&service, &[one]).await;
    let again = apply(&service, &CatalogFiles::small().files()).await;
    assert_eq!(again.unchanged, report.created.len());
    assert_eq!((again.created.len(), again.updated.len(), again.kept.len()), (0, 0, 0));
}

/// The entries of a file from the last to the first.
fn reversed(text: &str) -> String {
    let mut entries: Vec<&str> = text.split("\n\n").collect();
    entries.reverse();
    entries.join("\n\n")
}
