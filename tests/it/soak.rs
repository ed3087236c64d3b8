//! Minutes of mixed load: readers, imports and a flood from one token, while the server is killed and started again twice. No acknowledged write is lost,
//! nobody but the flood is refused or kept waiting, and memory stays as it was.
//!
//! The suite runs a short form. `PLUMBLINE_SOAK_SECONDS=600 cargo test --workspace soak::mixed -- --nocapture` (or `scripts/soak`) takes minutes, and also
//! holds the waits of the others under the flood against those without.

mod caller;
mod server;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use entity::choice::Role;
use tests::db::TestDb;
use tests::suite;

use self::caller::{Load, Waits};
use self::server::Server;
use crate::access::cast::hire;
use crate::program::plumbline;

suite!(Figures: mixed_load_with_a_flood_and_two_deaths);

/// Readers that ask at a human pace.
const READERS: usize = 4;
/// Connections of the flood.
const FLOOD: usize = 32;
/// What the short form takes, on each database.
const SHORT: Duration = Duration::from_secs(9);
/// Longer runs have waits enough to be compared.
const LONG: Duration = Duration::from_secs(120);

async fn mixed_load_with_a_flood_and_two_deaths(db: TestDb) {
    let told = std::env::var("PLUMBLINE_SOAK_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let whole = told.map_or(SHORT, Duration::from_secs);
    let service = db.service().await;
    let writer = hire(&service, "writer", Role::Reporter, Some("shenzhen-luohu-sungang"), None).await;
    let flood = hire(&service, "flood", Role::Viewer, None, None).await;
    // It is all threads and processes: the runtime has nothing to do meanwhile.
    let outcome = tokio::task::spawn_blocking(move || (soak(&db, whole, [writer, flood]), db));
    let ((), db) = outcome.await.unwrap();
    let said = plumbline(["check", "--database-url", db.url()]).run();
    assert_eq!(said.code(), Some(0), "{said:#?}");
}

fn soak(db: &TestDb, whole: Duration, tokens: [String; 2]) {
    let mut server = Server::start(db);
    let load = Arc::new(Load::new(&server.base(), tokens));
    load.write_until_acknowledged();
    let quiet_readers = load.readers(READERS);
    let writer = load.writer();
    server.watch(whole / 4);
    let quiet = Waits::of(quiet_readers, &load);

    let readers = load.readers(READERS);
    let flood = load.flood(FLOOD);
    for _ in 0..2 {
        server.watch(whole / 4);
        let killed = Instant::now();
        server.kill_and_start(db);
        load.was_down(killed, Instant::now());
        assert!(
            load.newest() >= load.acknowledged.load(Ordering::SeqCst),
            "an acknowledged write is lost"
        );
    }
    server.watch(whole / 4);
    let busy = Waits::of(readers, &load);
    load.stop.store(true, Ordering::SeqCst);
    let batches = writer.join().unwrap();
    let flooded = flood
        .into_iter()
        .map(|one| one.join().unwrap())
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(
        load.newest() >= load.acknowledged.load(Ordering::SeqCst),
        "an acknowledged write is lost"
    );
    server.holds(db, &batches);
    let memory = server.stop();

    eprintln!(
        "{:?}, {} s: {} acknowledged imports, none lost over two deaths",
        db.backend(),
        whole.as_secs(),
        batches.len()
    );
    eprintln!("  quiet  {}", quiet.told());
    eprintln!(
        "  flood  {}, while the flood got {} answers and {} refusals",
        busy.told(),
        flooded.0,
        flooded.1
    );
    eprintln!("  p99 with the flood ÷ without {:.2}", busy.at(0.99) / quiet.at(0.99));
    eprintln!("  memory of the last server: {memory}");
    assert_eq!(
        (quiet.refused, busy.refused),
        (0, 0),
        "somebody else than the flood was refused"
    );
    assert!(flooded.1 > 0, "the flood was not refused");
    assert!(busy.at(0.99) < 5.0, "the others wait: {}", busy.told());
    assert!(memory.is_flat(), "{memory}");
    if whole >= LONG {
        assert!(busy.at(0.99) <= 3.0 * quiet.at(0.99), "the others wait for the flood");
    }
}
