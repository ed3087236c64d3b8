//! The operations of one socket that are running.

use std::collections::HashMap;

use async_graphql::Response;
use futures_util::StreamExt;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::AbortHandle;

use crate::graphql::{OperationType, Prepared, is_refusal, refused};
use crate::http::client::Client;
use crate::http::limit::Refusal;
use crate::http::state::State;

/// Answers that wait until the socket takes them.
const WAITING: usize = 16;

/// What an operation has to tell.
pub(super) struct Told {
    /// The client's name for it.
    pub(super) id: String,
    /// Which of those with this name, one after the other, it is.
    number: u64,
    /// What it tells.
    pub(super) what: What,
}

/// What an operation has to tell.
pub(super) enum What {
    /// An answer.
    Next(Box<Response>),
    /// It could not be done; nothing follows.
    Error(Box<Response>),
    /// There is no room for it; nothing follows.
    Refused(Refusal),
    /// It has ended.
    Complete,
}

/// The operations that are running. They end with their value.
pub(super) struct Operations {
    running: HashMap<String, (u64, AbortHandle)>,
    started: u64,
    sender: Sender<Told>,
}

impl Operations {
    pub(super) fn new() -> (Self, Receiver<Told>) {
        let (sender, receiver) = channel(WAITING);
        let operations = Self {
            running: HashMap::new(),
            started: 0,
            sender,
        };
        (operations, receiver)
    }

    pub(super) fn is_running(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    pub(super) fn start(&mut self, id: String, state: &State, client: Client, prepared: Prepared, request_id: &str) {
        self.started += 1;
        let work = Work {
            id: id.clone(),
            number: self.started,
            client,
            sender: self.sender.clone(),
        };
        let task = tokio::spawn(work.run(state.clone(), prepared, request_id.to_owned()));
        self.running.insert(id, (self.started, task.abort_handle()));
    }

    /// Ends an operation; what it still had to tell is told no more.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some((_, task)) = self.running.remove(id) {
            task.abort();
        }
    }

    /// Whether what was told is still wanted. The last word of an operation takes it off the list.
    pub(super) fn is_wanted(&mut self, told: &Told) -> bool {
        let wanted = self
            .running
            .get(&told.id)
            .is_some_and(|(number, _)| *number == told.number);
        if wanted && !matches!(told.what, What::Next(_)) {
            self.running.remove(&told.id);
        }
        wanted
    }

    /// Ends all operations and gives their names.
    pub(super) fn stop_all(&mut self) -> Vec<String> {
        self.running
            .drain()
            .map(|(id, (_, task))| {
                task.abort();
                id
            })
            .collect()
    }
}

impl Drop for Operations {
    fn drop(&mut self) {
        self.stop_all();
    }
}

struct Work {
    id: String,
    number: u64,
    client: Client,
    sender: Sender<Told>,
}

impl Work {
    async fn run(self, state: State, prepared: Prepared, request_id: String) {
        let is_subscription = prepared.kind() == Some(OperationType::Subscription);
        // Queries share the room of those over HTTP, and wait for it; a subscription takes none while nothing happens.
        let _room = if is_subscription {
            None
        } else {
            match state.limits.enter(self.client).await {
                Ok(room) => Some(room),
                Err(refusal) => {
                    self.tell(What::Refused(refusal)).await;
                    return;
                }
            }
        };
        let mut responses = state.executor.follow(prepared, &request_id);
        while let Some(response) = responses.next().await {
            let is_error = refused(&response) || (is_subscription && is_refusal(&response));
            let what = if is_error {
                What::Error(Box::new(response))
            } else {
                What::Next(Box::new(response))
            };
            if !self.tell(what).await || is_error {
                return;
            }
        }
        self.tell(What::Complete).await;
    }

    /// Whether somebody still listens.
    async fn tell(&self, what: What) -> bool {
        let told = Told {
            id: self.id.clone(),
            number: self.number,
            what,
        };
        self.sender.send(told).await.is_ok()
    }
}
