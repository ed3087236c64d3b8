//! The server under load: the real program, on one port over all its lives, and what it takes of the machine.

use std::fmt;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};
use tests::db::TestDb;
use tests::program::Running;
use tokio::runtime::Handle;

use crate::program::plumbline;

/// Between two looks at the memory.
const TICK: Duration = Duration::from_millis(250);
/// What a process may grow by that holds caches and pools.
const SLACK: f64 = 40.0;

/// The server.
pub(super) struct Server {
    running: Running,
    address: String,
    memory: Vec<f64>,
}

/// Resident memory of one life in MiB.
pub(super) struct Memory {
    early: f64,
    late: f64,
}

impl Memory {
    /// Whether it stays as it was.
    pub(super) fn is_flat(&self) -> bool {
        self.late <= self.early * 1.15 + SLACK
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} MiB early, {:.0} MiB late", self.early, self.late)
    }
}

impl Server {
    pub(super) fn start(db: &TestDb) -> Self {
        // The port must be the same after a death: the system chooses it once.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        Self {
            running: Self::run(db, &address),
            address,
            memory: Vec::new(),
        }
    }

    /// Callers are told apart by what the proxy of this machine says. The points are few, since the program under test is not an optimised one.
    fn run(db: &TestDb, address: &str) -> Running {
        let mut running = plumbline(["serve", "--listen", address, "--database-url", db.url()])
            .env("PLUMBLINE_LIMIT__SPARE_LOOPBACK", "false")
            .env("PLUMBLINE_LIMIT__TRUSTED_PROXIES", "127.0.0.1")
            .env("PLUMBLINE_LIMIT__POINTS_PER_SECOND", "20")
            .env("PLUMBLINE_LIMIT__BURST_POINTS", "40")
            .env("PLUMBLINE_LOG__FILTER", "warn")
            .start();
        running.address();
        running
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets it run so long, and looks at its memory.
    pub(super) fn watch(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            assert!(
                self.running.runs_until(end.min(Instant::now() + TICK)),
                "the server ended by itself"
            );
            self.memory.extend(resident(self.running.id()));
        }
    }

    /// Kills it at once, and starts another on the same database.
    pub(super) fn kill_and_start(&mut self, db: &TestDb) {
        let next = |address: &str| Self::run(db, address);
        self.running.signal("-KILL");
        self.running.last_words();
        self.running = next(&self.address);
        self.memory.clear();
    }

    /// Every acknowledged batch is there. That each has all its figures is for `plumbline check`.
    pub(super) fn holds(&self, db: &TestDb, batches: &[i64]) {
        let question = "SELECT id FROM import_batch";
        let stored: Vec<i64> = Handle::current().block_on(async {
            let raw = db.raw().await;
            let statement = Statement::from_string(raw.get_database_backend(), question);
            let rows = raw.query_all_raw(statement).await.unwrap();
            raw.close().await.unwrap();
            rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
        });
        let lost: Vec<&i64> = batches.iter().filter(|batch| !stored.contains(batch)).collect();
        assert!(lost.is_empty(), "acknowledged batches are lost: {lost:?}");
    }

    /// Stops it, and tells what its last life took.
    pub(super) fn stop(self) -> Memory {
        self.running.terminate();
        let said = self.running.end();
        assert_eq!(said.code(), Some(0), "{said:#?}");
        let part = self.memory.len() / 3;
        let middle = |samples: &[f64]| {
            let mut sorted = samples.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).copied().unwrap_or_default()
        };
        Memory {
            early: middle(&self.memory[part / 2..part.max(1)]),
            late: middle(&self.memory[self.memory.len() - part..]),
        }
    }
}

fn resident(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}
