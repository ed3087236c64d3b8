//! A real server on a port that the system chooses, in the runtime of its test.

use api::app::{App, AppError};
use api::config::{Config, Overrides, Public};
use api::service::Service;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Answer, Client};
use crate::db::TestDb;

/// A running server. It stops with its value.
pub struct TestApp {
    client: Client,
    service: Service,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), AppError>>,
}

impl TestApp {
    /// A server with the default settings, but for one: callers without sign-in may do everything, as `tester`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(db: &TestDb) -> Self {
        Self::start_with(db, |_| {}).await
    }

    /// A server with settings that the test changes.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(db: &TestDb, change: impl FnOnce(&mut Config)) -> Self {
        let overrides = Overrides {
            listen: Some("127.0.0.1:0".to_owned()),
            database_url: Some(db.url().to_owned()),
        };
        let mut config = Config::load(None, &overrides).unwrap();
        config.public = Public::Everything("tester".to_owned());
        change(&mut config);
        let app = App::connect(config).await.unwrap();
        let service = app.service().clone();
        let (ready, address) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(app.serve(
            |address| {
                // Nobody waits for it when the test has ended meanwhile.
                let _ = ready.send(address);
            },
            async {
                // A dropped sender stops the server as well.
                let _ = stopped.await;
            },
        ));
        let address = address.await.expect("the server tells its address");
        Self {
            client: Client::new(&format!("http://{address}")),
            service,
            stop,
            task,
        }
    }

    /// Where it listens, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.client.base()
    }

    /// Somebody who asks it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What the server serves with: the same pool, the same snapshot.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// See [`Client::query`].
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn query(&self, text: &str, variables: serde_json::Value) -> serde_json::Value {
        self.client.query(text, variables).await
    }

    /// See [`Client::data`].
    ///
    /// # Panics
    /// When there are errors.
    pub async fn data(&self, text: &str, variables: serde_json::Value) -> serde_json::Value {
        self.client.data(text, variables).await
    }

    /// See [`Client::raw_post`].
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn raw_post(&self, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        self.client.raw_post(headers, body).await
    }

    /// See [`Client::get`].
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Answer {
        self.client.get(path).await
    }

    /// Stops it as SIGTERM does, and says how it ended.
    ///
    /// # Errors
    /// What the server ended with.
    ///
    /// # Panics
    /// When the server did.
    pub async fn stop(self) -> Result<(), AppError> {
        drop(self.stop);
        self.task.await.expect("the server does not panic")
    }
}
