//! How far an import is, for whoever watches it, and the way to stop it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use strum::{EnumIter, FromRepr};

/// What an import is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, FromRepr)]
#[repr(u8)]
pub enum Phase {
    /// Waiting for its turn.
    #[default]
    Waiting,
    /// Reading and checking the file.
    Checking,
    /// Comparing with what is stored.
    Comparing,
    /// Writing.
    Writing,
    /// Ended, one way or another.
    Ended,
}

/// One import, seen from outside.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    phase: AtomicU8,
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
    /// What it does, how many figures are through, and of how many; 0 while that is not known.
    #[must_use]
    pub fn told(&self) -> (Phase, u64, u64) {
        let phase = Phase::from_repr(self.0.phase.load(Ordering::Relaxed)).unwrap_or_default();
        (
            phase,
            self.0.done.load(Ordering::Relaxed),
            self.0.total.load(Ordering::Relaxed),
        )
    }

    /// Stops it before the next step; what was not committed by then is not written.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Says that it ended.
    pub fn end(&self) {
        self.0.phase.store(Phase::Ended as u8, Ordering::Relaxed);
    }

    pub(super) fn start(&self, phase: Phase, total: usize) {
        self.0.phase.store(phase as u8, Ordering::Relaxed);
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total as u64, Ordering::Relaxed);
    }

    pub(super) fn advance(&self, figures: usize) {
        self.0.done.fetch_add(figures as u64, Ordering::Relaxed);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }
}
