//! Room for requests: so many at a time in all and of each client, a bounded line for the others, and clients take turns in it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use crate::http::client::Client;

/// How much room there is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Inside at the same time.
    pub(super) inside: usize,
    /// Of these of one client.
    pub(super) inside_per_client: usize,
    /// Waiting outside.
    pub(super) waiting: usize,
    /// Of these of one client.
    pub(super) waiting_per_client: usize,
    /// How long somebody waits.
    pub(super) patience: Duration,
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// This client has taken what one client gets.
    Client,
    /// All clients together have.
    Server,
}

/// The gate. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
}

struct Shared {
    size: Size,
    state: Mutex<State>,
    /// Told when nobody is inside any more.
    empty: Notify,
}

/// Only clients that are inside or waiting stand here: both are bounded.
#[derive(Default)]
struct State {
    inside: usize,
    waiting: usize,
    clients: HashMap<Client, Line>,
    /// Clients that wait, in the order of their turns.
    turns: VecDeque<Client>,
    tickets: u64,
}

#[derive(Default)]
struct Line {
    inside: usize,
    waiting: VecDeque<(u64, oneshot::Sender<Room>)>,
}

/// Room for one; given back with the value.
pub(crate) struct Room {
    shared: Arc<Shared>,
    client: Client,
}

/// A place in the line; given up with the value.
struct Ticket {
    shared: Arc<Shared>,
    client: Client,
    number: u64,
}

impl Gate {
    pub(super) fn new(size: Size) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                state: Mutex::default(),
                empty: Notify::new(),
            }),
        }
    }

    /// Room for a request of `client`, after its turn has come.
    ///
    /// # Errors
    /// [`Full`] when the line is too long, or has not moved in time.
    pub(crate) async fn enter(&self, client: Client) -> Result<Room, Full> {
        let (receiver, ticket) = {
            let mut state = self.shared.lock();
            let Some(full) = state.wants(client, &self.shared.size) else {
                return Ok(self.shared.room(&mut state, client));
            };
            let line = state.clients.get(&client).map_or(0, |line| line.waiting.len());
            if line >= self.shared.size.waiting_per_client {
                return Err(full);
            }
            if state.waiting >= self.shared.size.waiting {
                return Err(Full::Server);
            }
            self.shared.queue(&mut state, client)
        };
        let waited = tokio::time::timeout(self.shared.size.patience, receiver).await;
        drop(ticket);
        match waited {
            Ok(Ok(room)) => Ok(room),
            _ => Err(self
                .shared
                .lock()
                .wants(client, &self.shared.size)
                .unwrap_or(Full::Server)),
        }
    }

    /// Those inside and those waiting.
    pub(crate) fn crowd(&self) -> (usize, usize) {
        let state = self.shared.lock();
        (state.inside, state.waiting)
    }

    /// Until nobody is inside.
    pub(crate) async fn emptied(&self) {
        loop {
            let told = self.shared.empty.notified();
            if self.shared.lock().inside == 0 {
                return;
            }
            told.await;
        }
    }
}

impl State {
    /// Why a client cannot go in at once; none when it can.
    fn wants(&self, client: Client, size: &Size) -> Option<Full> {
        let own = self.clients.get(&client).map_or(0, |line| line.inside);
        if own >= size.inside_per_client {
            Some(Full::Client)
        } else if self.inside >= size.inside {
            Some(Full::Server)
        } else {
            None
        }
    }

    fn forget_if_gone(&mut self, client: Client) {
        let is_gone = |line: &Line| line.inside == 0 && line.waiting.is_empty();
        if self.clients.get(&client).is_some_and(is_gone) {
            self.clients.remove(&client);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room(self: &Arc<Self>, state: &mut State, client: Client) -> Room {
        state.inside += 1;
        state.clients.entry(client).or_default().inside += 1;
        Room {
            shared: Arc::clone(self),
            client,
        }
    }

    fn queue(self: &Arc<Self>, state: &mut State, client: Client) -> (oneshot::Receiver<Room>, Ticket) {
        let (sender, receiver) = oneshot::channel();
        state.tickets += 1;
        state.waiting += 1;
        let number = state.tickets;
        let line = state.clients.entry(client).or_default();
        if line.waiting.is_empty() {
            state.turns.push_back(client);
        }
        line.waiting.push_back((number, sender));
        let ticket = Ticket {
            shared: Arc::clone(self),
            client,
            number,
        };
        (receiver, ticket)
    }

    /// Lets in whoever may go in now, one of each client in turn.
    fn let_in(self: &Arc<Self>) {
        let mut called = Vec::new();
        {
            let mut guard = self.lock();
            let state = &mut *guard;
            let mut passed = 0;
            while state.inside < self.size.inside && passed < state.turns.len() {
                let Some(client) = state.turns.pop_front() else { break };
                let Some(line) = state.clients.get_mut(&client) else {
                    continue;
                };
                if line.inside >= self.size.inside_per_client {
                    state.turns.push_back(client);
                    passed += 1;
                    continue;
                }
                let Some((_, sender)) = line.waiting.pop_front() else {
                    continue;
                };
                if !line.waiting.is_empty() {
                    state.turns.push_back(client);
                }
                state.waiting -= 1;
                passed = 0;
                let room = self.room(state, client);
                called.push((sender, room));
            }
        }
        for (sender, room) in called {
            // Whoever has gone meanwhile gives the room back with the message.
            drop(sender.send(room));
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let is_empty = {
            let mut state = self.shared.lock();
            state.inside -= 1;
            if let Some(line) = state.clients.get_mut(&self.client) {
                line.inside -= 1;
            }
            state.forget_if_gone(self.client);
            state.inside == 0
        };
        self.shared.let_in();
        if is_empty {
            self.shared.empty.notify_waiters();
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut guard = self.shared.lock();
        let state = &mut *guard;
        let Some(line) = state.clients.get_mut(&self.client) else {
            return;
        };
        let Some(place) = line.waiting.iter().position(|(number, _)| *number == self.number) else {
            return;
        };
        line.waiting.remove(place);
        let is_last = line.waiting.is_empty();
        state.waiting -= 1;
        if is_last {
            let client = self.client;
            state.turns.retain(|other| *other != client);
        }
        state.forget_if_gone(self.client);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const SIZE: Size = Size {
        inside: 4,
        inside_per_client: 2,
        waiting: 6,
        waiting_per_client: 3,
        patience: Duration::from_secs(5),
    };

    fn client(id: i64) -> Client {
        Client::Principal(id)
    }

    #[tokio::test]
    async fn a_client_gets_its_share_and_no_more() {
        let gate = Gate::new(SIZE);
        let inside = [gate.enter(client(1)).await, gate.enter(client(1)).await];
        assert!(inside.iter().all(Result::is_ok));
        let mut line: Vec<_> = (0..3).map(|_| Box::pin(gate.enter(client(1)))).collect();
        assert!(line.iter_mut().all(|waiting| waiting.as_mut().now_or_never().is_none()));
        assert_eq!(gate.enter(client(1)).await.err(), Some(Full::Client));
        // Another one finds room all the while.
        let other = [gate.enter(client(2)).await, gate.enter(client(2)).await];
        assert!(other.iter().all(Result::is_ok));
        assert_eq!(gate.crowd(), (4, 3));
        drop(inside);
        assert!(line[0].as_mut().now_or_never().is_some_and(|entered| entered.is_ok()));
    }

    #[tokio::test]
    async fn clients_take_turns_whoever_asks_more() {
        let gate = Gate::new(Size {
            inside: 1,
            inside_per_client: 1,
            waiting: 100,
            waiting_per_client: 50,
            ..SIZE
        });
        let mut room = gate.enter(client(1)).await.ok();
        let mut line: Vec<_> = (0..30).map(|_| (1, Box::pin(gate.enter(client(1))))).collect();
        line.push((2, Box::pin(gate.enter(client(2)))));
        line.push((3, Box::pin(gate.enter(client(3)))));
        for (_, waiting) in &mut line {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        let mut order = Vec::new();
        while room.take().is_some() && !line.is_empty() {
            let next = line.iter_mut().enumerate().find_map(|(place, (_, waiting))| {
                let entered = waiting.as_mut().now_or_never()?;
                Some((place, entered.ok()))
            });
            let (place, entered) = next.unwrap();
            order.push(line.remove(place).0);
            room = entered;
        }
        assert_eq!(order[..4], [1, 2, 3, 1]);
        assert_eq!(order.len(), 32);
    }

    #[tokio::test]
    async fn the_line_is_bounded_in_length_and_time() {
        let gate = Gate::new(Size {
            patience: Duration::from_millis(20),
            ..SIZE
        });
        let mut rooms = Vec::new();
        for id in 0..4 {
            rooms.push(gate.enter(client(id)).await.ok());
        }
        let mut line: Vec<_> = (10..16).map(|id| Box::pin(gate.enter(client(id)))).collect();
        assert!(line.iter_mut().all(|waiting| waiting.as_mut().now_or_never().is_none()));
        assert_eq!(gate.enter(client(99)).await.err(), Some(Full::Server));
        for waiting in line {
            assert_eq!(waiting.await.err(), Some(Full::Server));
        }
        assert_eq!(gate.crowd(), (4, 0));
    }

    #[tokio::test]
    async fn whoever_goes_away_leaves_nothing_behind() {
        let gate = Gate::new(SIZE);
        let rooms = [gate.enter(client(1)).await, gate.enter(client(1)).await];
        let mut gone = Box::pin(gate.enter(client(1)));
        let mut stays = Box::pin(gate.enter(client(1)));
        assert!(gone.as_mut().now_or_never().is_none() && stays.as_mut().now_or_never().is_none());
        drop(gone);
        assert_eq!(gate.crowd(), (2, 1));
        drop(rooms);
        let room = stays.as_mut().now_or_never().unwrap();
        assert_eq!(gate.crowd(), (1, 0));
        drop((room, stays));
        assert_eq!(gate.crowd(), (0, 0));
        gate.emptied().await;
        let state = gate.shared.lock();
        assert!(state.clients.is_empty() && state.turns.is_empty());
    }

    #[tokio::test]
    async fn a_room_that_nobody_takes_any_more_goes_to_the_next() {
        let gate = Gate::new(SIZE);
        let rooms = [gate.enter(client(1)).await, gate.enter(client(1)).await];
        let mut first = Box::pin(gate.enter(client(1)));
        let mut second = Box::pin(gate.enter(client(1)));
        assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
        let [one, other] = rooms;
        // The room is on its way to the first, who is gone before taking it.
        drop(one);
        drop(first);
        assert!(second.as_mut().now_or_never().is_some_and(|entered| entered.is_ok()));
        drop((other, second));
        assert_eq!(gate.crowd(), (0, 0));
    }
}
