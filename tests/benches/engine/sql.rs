//! The same questions in SQL, on a throw-away PostgreSQL with covering indexes, everything in its cache.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use analytics::indicator::IndicatorKind;
use analytics::synthetic::Level;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tests::db::{Holding, TestDb};

use crate::clock::told;
use crate::question::World;

const RUNS: usize = 11;
/// January 2024, January 2025 and December 2025 as months since the year 0.
const MONTHS: [i32; 3] = [2024 * 12, 2025 * 12, 2025 * 12 + 11];

/// The time of one question in SQL beside that of the engine.
pub(crate) struct Rival {
    connection: DatabaseConnection,
    runtime: tokio::runtime::Runtime,
    // The database goes away with its value.
    _db: TestDb,
}

impl Rival {
    /// Loads the city.
    pub(crate) fn load(world: &World) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let db = TestDb::postgres(Holding::Nothing);
        let start = Instant::now();
        let connection = runtime.block_on(async {
            let connection = db.raw().await;
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("figures.csv");
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
            write(world, &file);
            for statement in statements(world, &file.display().to_string()) {
                connection.execute_unprepared(&statement).await.unwrap();
            }
            connection
        });
        println!(
            "\nPostgreSQL: loaded and indexed in {:.0} s",
            start.elapsed().as_secs_f64()
        );
        Self {
            connection,
            runtime,
            _db: db,
        }
    }

    /// All streets of one district, all indicators, against a year earlier.
    pub(crate) fn streets(&self, engine: f64) {
        let [before, now, last] = MONTHS;
        let sql = format!(
            "WITH cell AS (SELECT o.indicator, g.street, sum(o.value) FILTER (WHERE o.month >= {now}) AS now, \
             sum(o.value) FILTER (WHERE o.month < {now}) AS before FROM org g JOIN obs o ON o.org = g.id \
             WHERE g.district = 1 AND o.month BETWEEN {before} AND {last} GROUP BY o.indicator, g.street) \
             SELECT indicator, street, now, before, now - before, (now - before) / nullif(before, 0) * 100 FROM cell \
             UNION ALL SELECT r.indicator, n.street, n.now / nullif(d.now, 0), n.before / nullif(d.before, 0), \
             n.now / nullif(d.now, 0) - n.before / nullif(d.before, 0), NULL FROM ratio r JOIN cell n ON n.indicator = r.numerator \
             JOIN cell d ON d.indicator = r.denominator AND d.street = n.street"
        );
        self.tell("(a) the streets of one district in SQL", &sql, engine);
    }

    /// All communities by one count, with last year's rank.
    pub(crate) fn ranking(&self, engine: f64) {
        let [before, now, last] = MONTHS;
        let sql = format!(
            "WITH cell AS (SELECT org, sum(value) FILTER (WHERE month >= {now}) AS now, \
             sum(value) FILTER (WHERE month < {now}) AS before FROM obs \
             WHERE indicator = 0 AND month BETWEEN {before} AND {last} GROUP BY org) \
             SELECT org, now, rank() OVER (ORDER BY now DESC NULLS LAST), \
             rank() OVER (ORDER BY before DESC NULLS LAST), percent_rank() OVER (ORDER BY now) FROM cell ORDER BY now DESC"
        );
        self.tell("(c) the ranking in SQL", &sql, engine);
    }

    fn tell(&self, what: &str, sql: &str, engine: f64) {
        let statement = || Statement::from_string(self.connection.get_database_backend(), sql.to_owned());
        let mut rows = 0;
        let mut run = || {
            let start = Instant::now();
            rows = self
                .runtime
                .block_on(self.connection.query_all_raw(statement()))
                .unwrap()
                .len();
            start.elapsed().as_secs_f64()
        };
        run();
        let mut runs: Vec<f64> = (0..RUNS).map(|_| run()).collect();
        runs.sort_by(f64::total_cmp);
        let sql = runs[RUNS / 2];
        println!(
            "{what}   {rows} rows   {}   {:.0} × the engine's",
            told(sql),
            sql / engine
        );
    }
}

/// The figures as a file that the server reads.
fn write(world: &World, path: &std::path::Path) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let (orgs, specs) = (world.city.orgs(), world.city.indicators());
    for (indicator, spec) in specs.iter().enumerate().filter(|(_, spec)| spec.parts.is_none()) {
        for (org, place) in orgs.iter().enumerate() {
            for month in world.city.months() {
                if let Some(value) = world.city.figure(spec, place, month).and_then(|figure| figure.value) {
                    writeln!(file, "{indicator},{org},{month},{value}").unwrap();
                }
            }
        }
    }
    file.flush().unwrap();
}

fn statements(world: &World, file: &str) -> Vec<String> {
    let orgs = world.city.orgs();
    let mut communities = String::new();
    for (number, org) in orgs.iter().enumerate().filter(|(_, org)| org.level == Level::Community) {
        let street = org.parents.last().map_or(0, |(_, street)| *street);
        write!(communities, "({number},{street},{}),", org.place[0]).unwrap();
    }
    let mut ratios = String::new();
    for (number, spec) in world.city.indicators().iter().enumerate() {
        if let (IndicatorKind::Ratio, Some((above, below))) = (spec.kind, spec.parts) {
            write!(ratios, "({number},{above},{below}),").unwrap();
        }
    }
    vec![
        "CREATE TABLE obs (indicator int, org int, month int, value float8)".to_owned(),
        "CREATE TABLE org (id int PRIMARY KEY, street int, district int)".to_owned(),
        "CREATE TABLE ratio (indicator int, numerator int, denominator int)".to_owned(),
        format!("COPY obs FROM '{file}' (FORMAT csv)"),
        format!("INSERT INTO org VALUES {}", communities.trim_end_matches(',')),
        format!("INSERT INTO ratio VALUES {}", ratios.trim_end_matches(',')),
        "CREATE INDEX ON obs (indicator, org, month) INCLUDE (value)".to_owned(),
        "CREATE INDEX ON obs (indicator, month, org) INCLUDE (value)".to_owned(),
        "CREATE INDEX ON obs (org, month, indicator) INCLUDE (value)".to_owned(),
        "VACUUM ANALYZE".to_owned(),
        "SET work_mem = '256MB'".to_owned(),
        "SET random_page_cost = 1.1".to_owned(),
    ]
}
