//! Somebody who speaks to a server over a web socket, message by message, well or badly.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Nothing that a test waits for takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Opens a socket to `/graphql` of the server at `base`, as `http://127.0.0.1:8000`.
    ///
    /// # Errors
    /// The status of a server that does not open it.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn open(base: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let address = format!("{}/graphql", base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("no answer: {other}"),
        }
    }

    /// Opens a socket that speaks `graphql-transport-ws`.
    ///
    /// # Panics
    /// When it is not opened.
    pub async fn speaking(base: &str) -> Self {
        let protocol = [("sec-websocket-protocol", "graphql-transport-ws")];
        Self::open(base, &protocol).await.expect("the socket is opened")
    }

    /// The same, past `connection_ack`.
    ///
    /// # Panics
    /// When it is not acknowledged.
    pub async fn ready(base: &str) -> Self {
        let mut socket = Self::speaking(base).await;
        socket.send(&json!({ "type": "connection_init" })).await;
        assert_eq!(socket.next().await, Ok(json!({ "type": "connection_ack" })));
        socket
    }

    /// Sends a message.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn send(&mut self, message: &Value) {
        self.text(message.to_string()).await;
    }

    /// Sends a text as it is.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn text(&mut self, text: String) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// Sends bytes.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn bytes(&mut self, bytes: Vec<u8>) {
        self.stream.send(Message::binary(bytes)).await.unwrap();
    }

    /// Asks for an operation.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query });
        self.send(&json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    /// The next message, or the code with which the socket was closed.
    ///
    /// # Errors
    /// The code; 1006 when there is none.
    ///
    /// # Panics
    /// When nothing comes.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match next.expect("something comes") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1006, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// Whether nothing comes for so long.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn is_silent(&mut self, pause: Duration) -> bool {
        tokio::time::timeout(pause, self.next()).await.is_err()
    }
}
