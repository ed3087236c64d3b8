//! A file that was cut, altered, or never was a backup.

use std::io::{Read, Write};
use std::path::Path;

use api::service::backup::{Archive, BackupError};
use tests::db::{Holding, TestDb};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{place, restore, taken};

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_or_altered_backup_is_refused() {
    let db = TestDb::sqlite(Holding::Figures);
    let (folder, file) = place();
    let manifest = taken(&db, &file).await;
    let whole = std::fs::read(&file).unwrap();
    let other = folder.path().join("other.backup");
    for part in 0..50 {
        std::fs::write(&other, &whole[..whole.len() * part / 50]).unwrap();
        assert!(is_damaged(&other), "cut to {part} of 50");
    }
    // A flipped bit is found, or stands where it means nothing, such as the time of an entry.
    let (mut found, step) = (0, whole.len() / 400);
    for place in (0..whole.len()).step_by(step.max(1)) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        std::fs::write(&other, &bytes).unwrap();
        match Archive::open(&other) {
            Ok(archive) => assert_eq!(archive.manifest(), &manifest, "at {place}"),
            Err(BackupError::Damaged(_) | BackupError::Newer(_)) => found += 1,
            Err(error) => panic!("at {place}: {error}"),
        }
    }
    assert!(found > 350, "{found} of 400");
}

fn is_damaged(path: &Path) -> bool {
    matches!(Archive::open(path), Err(BackupError::Damaged(_)))
}

/// The same backup with the text of one entry changed, packed anew with sums that are right.
fn repacked(from: &Path, to: &Path, change: impl Fn(&str, String) -> Option<(String, String)>) {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(from).unwrap()).unwrap();
    let mut made = ZipWriter::new(std::fs::File::create(to).unwrap());
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let (name, mut text) = (entry.name().unwrap().to_string(), String::new());
        entry.read_to_string(&mut text).unwrap();
        if let Some((name, text)) = change(&name, text) {
            made.start_file(name, SimpleFileOptions::default()).unwrap();
            made.write_all(text.as_bytes()).unwrap();
        }
    }
    made.finish().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_packed_anew_is_refused_and_nothing_is_written() {
    let db = TestDb::sqlite(Holding::Figures);
    let (folder, file) = place();
    taken(&db, &file).await;
    let other = folder.path().join("other.backup");
    let figures = "tables/observation.jsonl";
    type Change = fn(&str, String) -> Option<(String, String)>;
    let changes: [(&str, Change); 6] = [
        ("a digit", |name, text| {
            let is_it = name == "tables/observation.jsonl";
            let text = if is_it {
                text.replacen("[1,", "[2,", 1).replacen("\"1", "\"2", 1)
            } else {
                text
            };
            Some((name.to_owned(), text))
        }),
        ("a row less", |name, text| {
            let is_it = name == "tables/change_feed.jsonl";
            let text = if is_it {
                text.split_inclusive('\n').skip(1).collect()
            } else {
                text
            };
            Some((name.to_owned(), text))
        }),
        ("a table less", |name, text| {
            (name != "tables/target.jsonl").then(|| (name.to_owned(), text))
        }),
        ("another name", |name, text| {
            Some((name.replace("theme", "themes"), text))
        }),
        ("no manifest", |name, text| {
            (name != "manifest.json").then(|| (name.to_owned(), text))
        }),
        ("another manifest", |name, text| {
            Some((name.to_owned(), text.replace("\"feed\": ", "\"feed\": 1")))
        }),
    ];
    assert!(
        Archive::open(&file)
            .unwrap()
            .manifest()
            .tables
            .iter()
            .any(|table| figures.contains(&table.name))
    );
    for (what, change) in changes {
        repacked(&file, &other, change);
        let empty = TestDb::sqlite(Holding::Tables);
        let before = empty.contents().await;
        let said = restore(&other, &empty);
        assert_eq!(said.code(), Some(2), "{what}: {said:#?}");
        assert!(said.err.contains("the file is no whole backup"), "{what}: {said:#?}");
        assert_eq!(empty.contents().await, before, "{what}");
    }
    repacked(&file, &other, |name, text| {
        Some((name.to_owned(), text.replace("\"version\": 1", "\"version\": 2")))
    });
    assert!(matches!(Archive::open(&other), Err(BackupError::Newer(_))));
    std::fs::write(&other, "a letter").unwrap();
    assert!(is_damaged(&other));
    assert!(matches!(
        Archive::open(folder.path()),
        Err(BackupError::File(..) | BackupError::Damaged(_))
    ));
}
