//! Somebody who asks a server, over HTTP as everybody does.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{HeaderMap, Response};

/// Nothing that a test asks takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The largest answer that is read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's text; none when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A caller of one server. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
}

impl Client {
    /// A caller of the server at `base`, as `http://127.0.0.1:8000`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let settings = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Self {
            agent: settings.into(),
            base: base.to_owned(),
        }
    }

    /// The server's address, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Asks GraphQL, and gives the whole answer: `data` and `errors`.
    ///
    /// # Panics
    /// When there is no answer, or when it is not JSON.
    pub async fn query(&self, text: &str, variables: Value) -> Value {
        let body = json!({ "query": text, "variables": variables });
        let headers = [("content-type", "application/json")];
        self.raw_post(&headers, body.to_string()).await.json()
    }

    /// Asks GraphQL, and gives the data.
    ///
    /// # Panics
    /// When there are errors.
    pub async fn data(&self, text: &str, variables: Value) -> Value {
        let mut answer = self.query(text, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }

    /// Posts bytes to `/graphql` as they are.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn raw_post(&self, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        self.post("/graphql", headers, body).await
    }

    /// Posts bytes to a path, which begins with a slash, as they are.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.into();
        off_the_runtime(move || request.send(&body[..])).await
    }

    /// Gets a path, which begins with a slash.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// Gets a path with these headers.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        off_the_runtime(move || request.call()).await
    }
}

impl Client {
    /// Asks by whatever method, with nothing sent.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let address = format!("{}{path}", self.base);
        let request = ureq::http::Request::builder().method(method).uri(address).body(());
        let agent = self.agent.clone();
        off_the_runtime(move || agent.run(request?)).await
    }

    /// Asks for the headers of a path only.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn head(&self, path: &str) -> Answer {
        let request = self.agent.head(format!("{}{path}", self.base));
        off_the_runtime(move || request.call()).await
    }
}

/// The server may be served by the runtime that the test stands in: nobody may block it.
async fn off_the_runtime(call: impl FnOnce() -> Result<Response<ureq::Body>, ureq::Error> + Send + 'static) -> Answer {
    let exchange = move || {
        let mut response = call()?;
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec()?;
        Ok::<_, ureq::Error>(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
        })
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap();
    answer.unwrap_or_else(|error| panic!("no answer: {error}"))
}
