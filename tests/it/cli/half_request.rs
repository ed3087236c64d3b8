//! A request that is under way: its head has arrived, its body has not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

/// A query to GraphQL whose body the server waits for.
pub(super) struct HalfRequest {
    stream: TcpStream,
    body: String,
}

impl HalfRequest {
    /// Sends the head, and waits until the server asks for the body.
    pub(super) fn send(address: &str, query: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let body = json!({ "query": query }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nexpect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut told = vec![0; go_on.len()];
        stream.read_exact(&mut told).unwrap();
        assert_eq!(told, go_on, "{}", String::from_utf8_lossy(&told));
        Self { stream, body }
    }

    /// Sends the rest, and gives the answer.
    pub(super) fn finish(mut self) -> Value {
        self.stream.write_all(self.body.as_bytes()).unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }
}
