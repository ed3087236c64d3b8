//! What a resolver may ask for: the pinned snapshot, the services, the limits, the loaders.

use std::sync::Arc;

use async_graphql::Context;
use futures_util::future::BoxFuture;

use super::budget::Budget;
use super::loader::{Batches, Histories, Observations, Principals, Sources, Targets};
use crate::config;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::{Caller, Sight};
use crate::service::snapshot::Snapshot;

/// Checks a text that is to be stored, with the way to its list, and gives the names of its columns.
pub(super) type Check =
    Arc<dyn Fn(String, Option<String>) -> BoxFuture<'static, Result<Vec<String>, Error>> + Send + Sync>;

/// Typed access to what was put into the request; a lack of it is a fault of ours.
pub(super) trait Ask {
    /// The version of the data that this request reads.
    fn snapshot(&self) -> Result<Arc<Snapshot>, Error>;
    /// The same as the caller may read it.
    fn sight(&self) -> Result<&Sight, Error>;
    /// Who asks.
    fn caller(&self) -> Result<&Caller, Error>;
    /// The services.
    fn service(&self) -> Result<&Service, Error>;
    /// The limits of a query.
    fn limits(&self) -> Result<&config::Graphql, Error>;
    /// Takes a list of so many rows, which stands inside another row.
    fn spend(&self, rows: usize) -> Result<(), Error>;
    /// How much may be imported at a time.
    fn imports(&self) -> Result<&config::Import, Error>;
    /// What checks a query that is to be stored.
    fn check(&self) -> Result<&Check, Error>;
    /// Observations by key, many at a time.
    fn observations(&self) -> Result<&Observations, Error>;
    /// Targets by key, many at a time.
    fn targets(&self) -> Result<&Targets, Error>;
    /// Sources by key, many at a time.
    fn sources(&self) -> Result<&Sources, Error>;
    /// All revisions of observations, many at a time.
    fn histories(&self) -> Result<&Histories, Error>;
    /// Import batches by key, many at a time.
    fn batches(&self) -> Result<&Batches, Error>;
    /// Principals by key, many at a time.
    fn principals(&self) -> Result<&Principals, Error>;
}

fn lacking<T>(found: Option<T>, what: &'static str) -> Result<T, Error> {
    found.ok_or_else(|| Error::internal(format!("the request carries no {what}")))
}

impl Ask for Context<'_> {
    fn snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        lacking(self.data_opt::<Arc<Snapshot>>().cloned(), "snapshot")
    }

    fn sight(&self) -> Result<&Sight, Error> {
        lacking(self.data_opt(), "sight")
    }

    fn caller(&self) -> Result<&Caller, Error> {
        lacking(self.data_opt(), "caller")
    }

    fn service(&self) -> Result<&Service, Error> {
        lacking(self.data_opt(), "service")
    }

    fn limits(&self) -> Result<&config::Graphql, Error> {
        lacking(self.data_opt(), "limits")
    }

    fn spend(&self, rows: usize) -> Result<(), Error> {
        // An event of a subscription has no lists of unknown length.
        self.data_opt::<Budget>().map_or(Ok(()), |budget| budget.spend(rows))
    }

    fn imports(&self) -> Result<&config::Import, Error> {
        lacking(self.data_opt(), "settings of imports")
    }

    fn check(&self) -> Result<&Check, Error> {
        lacking(self.data_opt(), "check of queries")
    }

    fn observations(&self) -> Result<&Observations, Error> {
        lacking(self.data_opt(), "observation loader")
    }

    fn targets(&self) -> Result<&Targets, Error> {
        lacking(self.data_opt(), "target loader")
    }

    fn sources(&self) -> Result<&Sources, Error> {
        lacking(self.data_opt(), "source loader")
    }

    fn histories(&self) -> Result<&Histories, Error> {
        lacking(self.data_opt(), "history loader")
    }

    fn batches(&self) -> Result<&Batches, Error> {
        lacking(self.data_opt(), "batch loader")
    }

    fn principals(&self) -> Result<&Principals, Error> {
        lacking(self.data_opt(), "principal loader")
    }
}
