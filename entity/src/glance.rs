//! The last change of an SQLite file, read where it is asked for: a few microseconds, while a query goes to the driver's own thread and back.
//!
//! SQLite tells each connection by a number whether anybody else committed anything; only then the change feed is read again. PostgreSQL has no such number.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::available_parallelism;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Result};

/// Connections at most.
const MOST: usize = 16;
const CHANGED: &str = "PRAGMA data_version";
const LATEST: &str = "SELECT coalesce(max(id), 0) FROM change_feed";

/// One connection for each thread that may ask at a time.
#[derive(Debug)]
pub(crate) struct Glance {
    file: PathBuf,
    places: Vec<Mutex<Place>>,
}

#[derive(Debug)]
enum Place {
    /// Nobody asked here yet.
    Empty,
    Open(Reader),
    Closed,
}

/// A connection that writes nothing, so that every commit is one of somebody else.
#[derive(Debug)]
struct Reader {
    connection: Connection,
    seen: Option<Seen>,
}

/// The last change of a state of the file.
#[derive(Clone, Copy, Debug)]
struct Seen {
    data_version: i64,
    latest: i64,
}

impl Glance {
    /// Nothing is opened yet.
    pub(crate) fn new(file: &Path) -> Self {
        let threads = available_parallelism().map_or(1, usize::from).min(MOST);
        Self {
            file: file.to_owned(),
            places: (0..threads).map(|_| Mutex::new(Place::Empty)).collect(),
        }
    }

    /// The number of the last change that was committed before this call, or of a later one; 0 when there is none. It waits for no writer. None when the file
    /// cannot be read so: a query tells why.
    pub(crate) fn latest(&self) -> Option<i64> {
        let mut place = self.free()?;
        if let Place::Empty = *place {
            *place = Place::Open(Reader::open(&self.file).ok()?);
        }
        match &mut *place {
            Place::Open(reader) => reader.latest().ok(),
            Place::Empty | Place::Closed => None,
        }
    }

    /// A place that nobody uses; the first one, when it is free again, where all are used.
    fn free(&self) -> Option<MutexGuard<'_, Place>> {
        let free = self.places.iter().find_map(|place| match place.try_lock() {
            Ok(place) => Some(place),
            Err(TryLockError::Poisoned(place)) => Some(place.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        free.or_else(|| {
            let first = self.places.first()?;
            Some(first.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }

    /// As long as a connection is open, the file has a log beside it.
    pub(crate) fn close(&self) {
        for place in &self.places {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Place::Closed;
        }
    }
}

impl Reader {
    fn open(file: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self { connection, seen: None })
    }

    fn latest(&mut self) -> Result<i64> {
        let data_version = self.number(CHANGED)?;
        if let Some(seen) = self.seen.filter(|seen| seen.data_version == data_version) {
            return Ok(seen.latest);
        }
        // What is committed in between may be in it, and is looked for once more.
        let latest = self.number(LATEST)?;
        self.seen = Some(Seen { data_version, latest });
        Ok(latest)
    }

    fn number(&self, sql: &str) -> Result<i64> {
        self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }
}
