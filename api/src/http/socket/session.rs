//! One socket from its first message to its close.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{Message, WebSocketStream};
use serde_json::{Map, Value as Json};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::message::{self, Close, Said};
use super::operation::{Operations, Told, What};
use crate::error::{Error, ErrorCode};
use crate::graphql::OperationType;
use crate::http::client::Client;
use crate::http::limit::{REQUEST, query_points};
use crate::http::parameters;
use crate::http::request_id::RequestId;
use crate::http::state::State;
use crate::service::access::{Act, Caller};

/// How long the other side may take to take a message.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the close of a socket may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// What there is to do.
enum Event {
    Came(Option<std::io::Result<Message>>),
    Told(Option<Told>),
    Tick,
    InitIsLate,
    Stopped,
}

/// One socket.
pub(super) struct Session {
    state: State,
    caller: Caller,
    client: Client,
    request_id: RequestId,
    operations: Operations,
    told: Receiver<Told>,
    acknowledged: bool,
    /// Signs of life that were asked for since the last one that came.
    unanswered: u32,
}

/// How a socket ends.
enum End {
    /// With this frame.
    Close(Close),
    /// The other side is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl Session {
    pub(super) fn new(state: State, (caller, client): (Caller, Client), request_id: RequestId) -> Self {
        let (operations, told) = Operations::new();
        Self {
            state,
            caller,
            client,
            request_id,
            operations,
            told,
            acknowledged: false,
            unanswered: 0,
        }
    }

    /// Serves the socket to its end.
    pub(super) async fn run(mut self, mut socket: WebSocketStream) {
        let end = self.serve(&mut socket).await;
        let left = self.operations.stop_all();
        if let Err(End::Close(close)) = end {
            if close.code == 1001 {
                for id in left {
                    // Best effort, as the close itself: the other side may be gone.
                    let _ = send(&mut socket, message::complete(&id)).await;
                }
            }
            let _ = send(&mut socket, close.frame()).await;
        }
        // A client that closes waits for the answer to it.
        let _ = tokio::time::timeout(FAREWELL, socket.close()).await;
    }

    async fn serve(&mut self, socket: &mut WebSocketStream) -> Result<(), End> {
        let pause = self.state.subscription.ping_interval;
        let mut ticks = interval_at(Instant::now() + pause, pause);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut late = Box::pin(sleep(self.state.subscription.init_timeout));
        let mut stopped = Box::pin(self.state.stopped());
        loop {
            let event = tokio::select! {
                () = &mut stopped => Event::Stopped,
                came = socket.next() => Event::Came(came),
                told = self.told.recv() => Event::Told(told),
                () = &mut late, if !self.acknowledged => Event::InitIsLate,
                _ = ticks.tick() => Event::Tick,
            };
            match event {
                Event::Stopped => return Err(Close::new(1001, "the server stops").into()),
                Event::InitIsLate => return Err(Close::new(4408, "connection_init did not come in time").into()),
                Event::Came(came) => {
                    self.unanswered = 0;
                    if let Some(answer) = self.hear(came).await? {
                        send(socket, answer).await?;
                    }
                }
                Event::Told(told) => {
                    if let Some(message) = told.and_then(|told| self.tell(told)) {
                        send(socket, message).await?;
                    }
                }
                Event::Tick if self.unanswered >= 2 => return Err(End::Gone),
                Event::Tick => {
                    self.unanswered += 1;
                    send(socket, Message::Ping(Vec::new())).await?;
                }
            }
        }
    }

    /// What is answered to what came.
    async fn hear(&mut self, came: Option<std::io::Result<Message>>) -> Result<Option<Message>, End> {
        let text = match came {
            None | Some(Ok(Message::Close(_))) => return Err(End::Gone),
            // The library says what is wrong with a frame in words only; a message that is too long is the one a client can mend.
            Some(Err(_)) => return Err(Close::new(1009, "a message is too long or cannot be read").into()),
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(None),
            Some(Ok(Message::Binary(_))) => return Err(Close::new(4400, "a message is a text").into()),
        };
        match message::read(&text)? {
            Said::Init(_) if self.acknowledged => Err(Close::new(4429, "too many initialisation requests").into()),
            Said::Init(credentials) => {
                self.admit(credentials).await?;
                self.acknowledged = true;
                Ok(Some(message::acknowledged()))
            }
            Said::Ping(payload) => Ok(Some(message::pong(payload))),
            Said::Pong => Ok(None),
            Said::Subscribe { .. } if !self.acknowledged => Err(Close::new(4401, "unauthorized").into()),
            Said::Subscribe { id, .. } if self.operations.is_running(&id) => {
                Err(Close::new(4409, format!("subscriber for {id} already exists")).into())
            }
            Said::Subscribe { id, fields } => self.start(id, fields).await,
            Said::Complete { id } => {
                self.operations.stop(&id);
                Ok(None)
            }
        }
    }

    /// Takes the credentials of the first message in place of those of the handshake. A stranger who may read nothing is sent away.
    async fn admit(&mut self, credentials: Option<String>) -> Result<(), End> {
        if let Some(credentials) = credentials {
            let origin = self.caller.origin().clone();
            let signed_in = self.state.service.sign_in(Some(credentials.as_bytes()), origin).await;
            self.caller = signed_in.map_err(refused)?;
            if let Some(principal) = self.caller.principal_id() {
                self.client = Client::Principal(principal);
            }
        }
        match self.caller.may(Act::Read) {
            Err(Error::Unauthenticated { message, .. }) => Err(Close::new(4401, message).into()),
            _ => Ok(()),
        }
    }

    /// Starts an operation, or says why not.
    async fn start(&mut self, id: String, fields: Map<String, Json>) -> Result<Option<Message>, End> {
        let most = self.state.subscription.max_operations;
        if self.operations.len() >= most {
            let text = format!("{most} operations of this socket are running already");
            let hint = "complete one first, or open another socket";
            return Ok(Some(message::problem(&id, ErrorCode::LimitExceeded, &text, hint)));
        }
        let request = match parameters::of_fields(fields) {
            Ok(request) => request,
            Err(wrong) => {
                let code = ErrorCode::BadUserInput;
                return Ok(Some(message::problem(&id, code, &wrong.message, wrong.hint)));
            }
        };
        // Before anything of it is read: what is refused costs as much as a request that is.
        if let Err(refusal) = self.state.limits.charge(self.client, REQUEST) {
            return Ok(Some(message::refusal(&id, refusal)));
        }
        // A socket may be older than what let its caller in.
        self.caller = self.state.service.still(&self.caller).await.map_err(refused)?;
        Ok(
            match self.state.executor.prepare(request, &self.caller, &self.request_id) {
                Ok(prepared) => {
                    let changes = prepared.kind() == Some(OperationType::Mutation);
                    let points = query_points(prepared.fields(), changes);
                    if let Err(refusal) = self.state.limits.charge(self.client, points) {
                        return Ok(Some(message::refusal(&id, refusal)));
                    }
                    self.operations
                        .start(id, &self.state, self.client, prepared, &self.request_id);
                    None
                }
                Err(refused) => Some(message::error(&id, &refused.errors)),
            },
        )
    }

    /// The message for what an operation tells, if somebody still wants it.
    fn tell(&mut self, told: Told) -> Option<Message> {
        self.operations.is_wanted(&told).then(|| match &told.what {
            What::Next(response) => message::next(&told.id, response),
            What::Error(response) => message::error(&told.id, &response.errors),
            What::Refused(refusal) => message::refusal(&told.id, *refusal),
            What::Complete => message::complete(&told.id),
        })
    }
}

/// The end of a socket whose caller is not, or no longer, let in.
fn refused(error: Error) -> Close {
    match error {
        Error::Unauthenticated { message, .. } => Close::new(4403, message),
        _ => Close::new(1011, "the database cannot be asked now"),
    }
}

async fn send(socket: &mut WebSocketStream, message: Message) -> Result<(), End> {
    match tokio::time::timeout(PATIENCE, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}
