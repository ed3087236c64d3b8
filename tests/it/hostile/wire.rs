//! A request byte by byte, as no decent client would send it.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Wire {
    pub(super) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A JSON body from somebody who asks for the type of the specification.
    pub(super) fn json(body: impl Into<Vec<u8>>) -> Self {
        let wire = Self::new("POST", "/graphql").with("accept", "application/graphql-response+json");
        wire.with("content-type", "application/json").body(body)
    }

    /// A query.
    pub(super) fn query(text: &str) -> Self {
        Self::json(serde_json::json!({ "query": text }).to_string())
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With another wish.
    pub(super) fn accepting(mut self, media: &str) -> Self {
        self.headers.retain(|(name, _)| name != "accept");
        self.with("accept", media)
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The request line and the headers, with the length of the body.
    pub(super) fn head(&self) -> String {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.headers.iter().any(|(name, _)| name == "transfer-encoding") {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }
}

pub(super) async fn connect(base: &str) -> TcpStream {
    TcpStream::connect(base.trim_start_matches("http://")).await.unwrap()
}

/// Sends a request on a connection of its own, and reads the answer to its end.
pub(super) async fn send(base: &str, wire: &Wire) -> Answer {
    let (mut from, mut to) = connect(base).await.into_split();
    let bytes = [wire.head().as_bytes(), &wire.body].concat();
    // The server may answer and close before it has heard everything.
    let writing = tokio::spawn(async move {
        let _ = to.write_all(&bytes).await;
        to
    });
    let answer = read(&mut from).await;
    writing.abort();
    answer
}

/// An answer to its end.
pub(super) async fn read(from: &mut (impl AsyncReadExt + Unpin)) -> Answer {
    let mut bytes = Vec::new();
    let reading = from.read_to_end(&mut bytes);
    let read = tokio::time::timeout(Duration::from_secs(30), reading).await;
    assert!(
        read.is_ok(),
        "no end of the answer: {}",
        String::from_utf8_lossy(&bytes)
    );
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer {
        status: status.unwrap_or_else(|| panic!("no status: {head}")),
        head,
        body: bytes[end + 4..].to_vec(),
    }
}
