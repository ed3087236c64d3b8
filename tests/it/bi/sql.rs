//! The lines of `docs/bi/sql.md` run, and those who may read the views may do nothing else.

use entity::Backend;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use tests::db::TestDb;
use tests::suite;

suite!(Figures: every_query_of_the_guide_gives_rows, a_reader_of_the_views_reads_nothing_else_and_writes_nothing);

/// The guides that have queries; the first is the views' own.
const GUIDES: [&str; 3] = [
    include_str!("../../../docs/bi/sql.md"),
    include_str!("../../../docs/bi/metabase.md"),
    include_str!("../../../docs/bi/grafana.md"),
];

/// The code blocks of the guides that are declared as `kind`.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    let blocks = GUIDES.iter().flat_map(|guide| guide.split(&fence).skip(1));
    blocks
        .filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block))
        .collect()
}

async fn every_query_of_the_guide_gives_rows(db: TestDb) {
    let connection = db.raw().await;
    let queries = blocks("sql");
    assert!(queries.len() >= 5, "{} queries", queries.len());
    for query in queries {
        let statement = Statement::from_string(connection.get_database_backend(), query);
        let rows = connection.query_all_raw(statement).await;
        assert!(
            !rows.unwrap_or_else(|error| panic!("{error}\n{query}")).is_empty(),
            "{query}"
        );
    }
}

async fn a_reader_of_the_views_reads_nothing_else_and_writes_nothing(db: TestDb) {
    let owner = db.raw().await;
    let reader = match db.backend() {
        Backend::Postgres => as_role(&db, &owner).await,
        Backend::Sqlite => Database::connect(format!("{}?mode=ro", db.url())).await.unwrap(),
    };
    let count = Statement::from_string(reader.get_database_backend(), "SELECT COUNT(*) AS n FROM bi_value");
    let row = reader.query_one_raw(count).await.unwrap().unwrap();
    assert!(row.try_get::<i64>("", "n").unwrap() > 0);
    let mut refused = vec![
        "DELETE FROM observation",
        "DROP VIEW bi_value",
        "CREATE TABLE mine (id INTEGER)",
    ];
    if db.backend() == Backend::Postgres {
        refused.extend([
            "SELECT * FROM observation",
            "SELECT * FROM import_batch",
            "DELETE FROM bi_org",
        ]);
    }
    for statement in refused {
        assert!(reader.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    reader.close().await.unwrap();
    if db.backend() == Backend::Postgres {
        // Roles are the cluster's and not the database's.
        owner
            .execute_unprepared("DROP OWNED BY plumbline_bi; DROP ROLE plumbline_bi")
            .await
            .unwrap();
    }
}

/// A connection of the role that the guide makes.
async fn as_role(db: &TestDb, owner: &DatabaseConnection) -> DatabaseConnection {
    for block in blocks("sql postgres") {
        owner.execute_unprepared(block).await.unwrap();
    }
    let url = db.url().replace("//postgres@", "//plumbline_bi:change-me@");
    assert_ne!(url, db.url());
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}
