//! Templates: each state of a database is made once a process, and copied for every test that begins with it.

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use api::intake::catalog::{embedded, read};
use api::intake::figures::PUBLISHED;
use api::service::Service;
use api::service::access::Caller;
use api::service::import::Options;
use entity::Backend;
use tokio::runtime::Runtime;

use crate::home::Home;

/// What a database holds at first; each holds what the one before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing, not even tables.
    Nothing,
    /// Empty tables.
    Tables,
    /// The embedded catalogue.
    Catalog,
    /// The published figures.
    Figures,
}

/// What a fresh database is copied from.
enum Template {
    /// The bytes of the file: kept in memory, because a static folder would never be removed.
    Sqlite(Vec<u8>),
    /// The URL of a database that nobody is connected to.
    Postgres(String),
}

/// A fresh database that holds so much.
pub(crate) fn copy(backend: Backend, holding: Holding) -> Home {
    if holding == Holding::Nothing {
        return Home::blank(backend);
    }
    match template(backend, holding) {
        Template::Sqlite(bytes) => Home::of_bytes(bytes),
        Template::Postgres(url) => Home::like(url),
    }
}

fn template(backend: Backend, holding: Holding) -> &'static Template {
    static SQLITE: [OnceLock<Template>; 4] = [const { OnceLock::new() }; 4];
    static POSTGRES: [OnceLock<Template>; 4] = [const { OnceLock::new() }; 4];
    let made = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    made[holding as usize].get_or_init(|| make(backend, holding))
}

/// Adds to a copy of the state before.
fn make(backend: Backend, holding: Holding) -> Template {
    let before = match holding {
        Holding::Nothing | Holding::Tables => Holding::Nothing,
        Holding::Catalog => Holding::Tables,
        Holding::Figures => Holding::Catalog,
    };
    let home = copy(backend, before);
    // Whoever asks may stand in a runtime already, which cannot wait for another: a thread of its own can.
    std::thread::scope(|scope| {
        let filling = scope.spawn(|| Runtime::new().unwrap().block_on(fill(&home, holding)));
        filling.join().unwrap();
    });
    match home.file() {
        Some(file) => {
            assert!(!file.with_extension("db-wal").exists(), "all of it must be in the file");
            Template::Sqlite(std::fs::read(file).unwrap())
        }
        None => Template::Postgres(home.leak()),
    }
}

async fn fill(home: &Home, holding: Holding) {
    if holding == Holding::Tables {
        migration::up(home.url()).await.unwrap();
        return;
    }
    let service = Service::new(home.connect().await, NonZeroUsize::MIN);
    if holding == Holding::Catalog {
        service
            .apply_catalog(&Caller::operator("tester"), &read(&embedded()).unwrap())
            .await
            .unwrap();
    } else {
        let options = Options {
            commit: true,
            caller: Caller::operator("template"),
            reason: None,
            again: false,
            ..Options::default()
        };
        let file = PUBLISHED.as_bytes();
        service.import("published.csv", file, &options).await.unwrap();
    }
    service.db().close().await.unwrap();
}
