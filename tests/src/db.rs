//! Fresh databases on both backends, dropped with their value.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use api::service::Service;
use entity::Db;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::home::Home;
use crate::{table, template};

pub use crate::template::Holding;
pub use entity::Backend;

/// A database of one test.
pub struct TestDb {
    home: Home,
}

impl TestDb {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn sqlite(holding: Holding) -> Self {
        Self::fresh(Backend::Sqlite, holding)
    }

    /// A database in the throw-away cluster.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn postgres(holding: Holding) -> Self {
        Self::fresh(Backend::Postgres, holding)
    }

    /// A copy of the template, which is made once a process.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn fresh(backend: Backend, holding: Holding) -> Self {
        Self {
            home: template::copy(backend, holding),
        }
    }

    /// Its address, as every program takes it.
    #[must_use]
    pub fn url(&self) -> &str {
        self.home.url()
    }

    /// Its kind.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.home.backend()
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.home.file()
    }

    /// A pool as the server has it.
    ///
    /// # Panics
    /// When the database cannot be opened.
    pub async fn connect(&self) -> Db {
        self.home.connect().await
    }

    /// The services over a pool of their own.
    ///
    /// # Panics
    /// When the database cannot be opened.
    pub async fn service(&self) -> Service {
        Service::new(self.connect().await, NonZeroUsize::MIN)
    }

    /// One bare connection, for SQL that the product would never send. It makes a SQLite file that is missing.
    ///
    /// # Panics
    /// When the database cannot be opened.
    pub async fn raw(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.url());
        options
            .max_connections(1)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(true));
        Database::connect(options).await.unwrap()
    }

    /// Every row of every table, as text.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub async fn contents(&self) -> table::Contents {
        let connection = self.raw().await;
        let contents = table::contents(&connection).await;
        connection.close().await.unwrap();
        contents
    }
}
