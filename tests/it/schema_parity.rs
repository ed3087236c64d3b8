//! The schema that the migrations make is the one that the entities expect, on both databases; migrating is repeatable.

mod shape;

use migration::{MigrationError, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tests::db::{Holding, TestDb};
use tests::{suite, table};

use self::shape::{Shape, shape};

/// Where the migrations keep their own history.
const HISTORY: &str = "seaql_migrations";

suite!(
    Nothing: the_migrated_schema_is_that_of_the_entities,
    migrating_twice_changes_nothing,
    down_and_up_again_gives_the_same_schema,
    migrators_that_start_together_do_not_race,
    pending_migrations_are_told_and_nothing_is_written,
    a_schema_newer_than_the_program_is_refused,
);

/// The keys over several columns, which entities cannot describe. Imports and catalogues rest on them.
const LONGER_KEYS: &[&str] = &[
    "breakdown_item: unique (breakdown_id, code)",
    "evaluation_mark: unique (framework_id, org_id, start_month, end_month, node, stage) of some rows",
    "evaluation_mark: unique (framework_id, org_id, start_month, end_month, node, stage, revision)",
    "evaluation_score: unique (run_id, org_id, node)",
    "framework: unique (code, version)",
    "framework_node: unique (framework_id, code)",
    "indicator_version: unique (indicator_id, number)",
    "observation: unique (indicator_id, org_id, breakdown_item_id, start_month, end_month) of some rows",
    "observation: unique (indicator_id, org_id, breakdown_item_id, start_month, end_month, revision)",
    "org_parent: unique (org_id, parent_id, an expression)",
    "org_succession: unique (predecessor_id, successor_id)",
    "rectification: unique (number) of some rows",
    "rectification: unique (number, revision)",
    "source: unique (title, address, published_on, content_hash, publisher)",
    "submission: unique (org_id, start_month, end_month, theme_id)",
    "submission_figure: unique (submission_id, round, indicator_id, breakdown_item_id) of some rows",
    "submission_figure: unique (submission_id, round, indicator_id, breakdown_item_id, revision)",
    "target: unique (indicator_id, org_id, start_month, end_month) of some rows",
    "target: unique (indicator_id, org_id, start_month, end_month, revision)",
];
/// The references from an indicator to indicators: as relations they would lead the entity in a circle.
const REFERENCES_TO_ITSELF: [&str; 2] = [
    "indicator: denominator_id refers to indicator.id",
    "indicator: numerator_id refers to indicator.id",
];

/// How many migrations there are.
fn migrations() -> usize {
    Migrator::migrations().len()
}

async fn the_migrated_schema_is_that_of_the_entities(db: TestDb) {
    migration::up(db.url()).await.unwrap();
    let migrated = shape(&db.raw().await).await;
    let other = TestDb::fresh(db.backend(), Holding::Nothing);
    let described = described(&other.raw().await).await;

    let mut tables = table::names();
    tables.push(HISTORY.to_owned());
    tables.sort();
    assert_eq!(migrated.keys().cloned().collect::<Vec<_>>(), tables);
    let (mut missing, mut more) = (Vec::new(), Vec::new());
    for (table, lines) in described {
        let tell = |line: &String| format!("{table}: {line}");
        missing.extend(lines.difference(&migrated[&table]).map(tell));
        more.extend(migrated[&table].difference(&lines).map(tell));
    }
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "the entities expect what the migrations do not make"
    );
    let known = LONGER_KEYS.iter().chain(&REFERENCES_TO_ITSELF);
    let mut known: Vec<&str> = known.copied().collect();
    known.sort_unstable();
    assert_eq!(more, known, "the migrations make what the entities do not know");
}

/// The schema as it would be if the entities made it.
async fn described(connection: &DatabaseConnection) -> Shape {
    for table in table::described(connection.get_database_backend()) {
        connection.execute(&table).await.unwrap();
    }
    shape(connection).await
}

async fn migrating_twice_changes_nothing(db: TestDb) {
    let applied = migration::up(db.url()).await.unwrap();
    assert_eq!(applied.len(), migrations());
    let once = shape(&db.raw().await).await;
    assert_eq!(migration::up(db.url()).await.unwrap(), Vec::<String>::new());
    assert_eq!(shape(&db.raw().await).await, once);
}

async fn down_and_up_again_gives_the_same_schema(db: TestDb) {
    migration::up(db.url()).await.unwrap();
    let connection = db.raw().await;
    let before = shape(&connection).await;
    Migrator::down(&connection, None).await.unwrap();
    assert_eq!(shape(&connection).await.into_keys().collect::<Vec<_>>(), [HISTORY]);
    connection.close().await.unwrap();
    assert_eq!(migration::up(db.url()).await.unwrap().len(), migrations());
    assert_eq!(shape(&db.raw().await).await, before);
}

async fn migrators_that_start_together_do_not_race(db: TestDb) {
    let up = || migration::up(db.url());
    let outcomes = tokio::join!(up(), up(), up());
    let applied = [outcomes.0, outcomes.1, outcomes.2].map(|outcome| outcome.unwrap().len());
    assert_eq!(applied.iter().sum::<usize>(), migrations(), "{applied:?}");
    assert!(applied.contains(&migrations()), "one of them does all: {applied:?}");
}

async fn pending_migrations_are_told_and_nothing_is_written(db: TestDb) {
    assert_eq!(migration::pending(db.url()).await.unwrap().len(), migrations());
    if let Some(file) = db.file() {
        assert!(!file.exists(), "a question makes no file");
    } else {
        assert_eq!(shape(&db.raw().await).await, Shape::new());
    }
    let names = migration::up(db.url()).await.unwrap();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(migration::pending(db.url()).await.unwrap(), Vec::<String>::new());
}

async fn a_schema_newer_than_the_program_is_refused(db: TestDb) {
    migration::up(db.url()).await.unwrap();
    let connection = db.raw().await;
    let newer = format!("INSERT INTO {HISTORY} (version, applied_at) VALUES ('m29990101_000001_of_tomorrow', 0)");
    connection.execute_unprepared(&newer).await.unwrap();
    connection.close().await.unwrap();
    let before = shape(&db.raw().await).await;
    for outcome in [migration::up(db.url()).await, migration::pending(db.url()).await] {
        let error = outcome.unwrap_err();
        assert!(matches!(error, MigrationError::Inspect(_)), "{error:?}");
        assert!(error.to_string().contains("this program is not older"), "{error}");
    }
    assert_eq!(shape(&db.raw().await).await, before);
}
