//! Where the database of one test lies: a file in a folder of its own, or a database of the cluster; gone with its value.

use std::path::PathBuf;
use std::time::Duration;

use entity::{Backend, Db, Options};
use tempfile::TempDir;

use crate::postgres::Cluster;

/// The name of a SQLite file in its folder.
const FILE: &str = "plumbline.db";

/// One database, whatever it holds.
pub(crate) struct Home {
    backend: Backend,
    url: String,
    /// Where a SQLite file lies.
    folder: Option<TempDir>,
}

impl Home {
    /// A database without tables; on SQLite not even a file.
    pub(crate) fn blank(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::Builder::new().prefix("plumbline-test-").tempdir().unwrap();
                Self {
                    backend,
                    url: format!("sqlite:{}", folder.path().join(FILE).display()),
                    folder: Some(folder),
                }
            }
            Backend::Postgres => Self::in_cluster(Cluster::shared().fresh_database()),
        }
    }

    /// The SQLite file with these bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let home = Self::blank(Backend::Sqlite);
        std::fs::write(home.file().unwrap(), bytes).unwrap();
        home
    }

    /// A copy of a database of the cluster.
    pub(crate) fn like(url: &str) -> Self {
        Self::in_cluster(Cluster::shared().fresh_database_like(url))
    }

    fn in_cluster(url: String) -> Self {
        Self {
            backend: Backend::Postgres,
            url,
            folder: None,
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.path().join(FILE))
    }

    /// A pool as the server has it.
    pub(crate) async fn connect(&self) -> Db {
        let options = Options {
            url: self.url.clone(),
            max_connections: 5,
            acquire_timeout: Duration::from_secs(20),
        };
        Db::connect(&options).await.unwrap()
    }

    /// The address of a database of the cluster, which then lives as long as the cluster does.
    pub(crate) fn leak(mut self) -> String {
        std::mem::take(&mut self.url)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.backend == Backend::Postgres && !self.url.is_empty() {
            Cluster::shared().drop_database(&self.url);
        }
    }
}
