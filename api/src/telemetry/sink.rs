//! Standard error, written to in batches: a line for each request would be a call of the system for each request. Warnings and errors are written at once, with
//! all lines before them; the others within [`DELAY`]. No line is lost but by a kill, and whoever reads too slowly holds the writers up, as without batches.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait.
const DELAY: Duration = Duration::from_millis(50);
/// Bytes that may wait.
const MOST: usize = 64 * 1024;

/// Lines that wait, and who is told when there are some.
struct Lines {
    waiting: Mutex<Vec<u8>>,
    some: Condvar,
}

static LINES: Lines = Lines {
    waiting: Mutex::new(Vec::new()),
    some: Condvar::new(),
};

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, line: &[u8], at_once: bool, target: impl Write) -> io::Result<()> {
        let mut waiting = self.lock();
        let was_empty = waiting.is_empty();
        waiting.extend_from_slice(line);
        if at_once || waiting.len() > MOST {
            return write(&mut waiting, target);
        }
        if was_empty {
            self.some.notify_one();
        }
        Ok(())
    }
}

/// Writes what waits, while nobody else adds to it: lines keep their order.
fn write(waiting: &mut Vec<u8>, mut target: impl Write) -> io::Result<()> {
    let written = target.write_all(waiting).and_then(|()| target.flush());
    waiting.clear();
    written
}

/// Writes all lines that wait.
pub(super) fn flush() {
    // There is nowhere else to say that standard error is gone.
    let _ = write(&mut LINES.lock(), io::stderr());
}

/// Writes lines of which nobody waits for the end, for as long as the process runs.
pub(super) fn follow() {
    let follow = || {
        loop {
            let waiting = LINES.some.wait_while(LINES.lock(), |waiting| waiting.is_empty());
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            let waited = LINES
                .some
                .wait_timeout_while(waiting, DELAY, |waiting| !waiting.is_empty());
            let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
            let _ = write(&mut waiting, io::stderr());
        }
    };
    if let Err(error) = thread::Builder::new().name("log".to_owned()).spawn(follow) {
        tracing::warn!(%error, "log lines are written by the next ones alone");
    }
}

/// Where the subscriber writes.
pub(super) struct Sink;

/// One line.
pub(super) struct Line {
    at_once: bool,
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { at_once: true }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line {
        let at_once = *about.level() <= Level::WARN;
        Line { at_once }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.put(line, self.at_once, io::stderr())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wait_until_one_is_urgent_or_they_are_many() {
        let lines = Lines {
            waiting: Mutex::new(Vec::new()),
            some: Condvar::new(),
        };
        let mut written = Vec::new();
        lines.put(b"a\n", false, &mut written).unwrap();
        lines.put(b"b\n", false, &mut written).unwrap();
        assert_eq!(written, b"");
        lines.put(b"c\n", true, &mut written).unwrap();
        assert_eq!(written, b"a\nb\nc\n");
        written.clear();
        let long = vec![b'x'; MOST];
        lines.put(&long, false, &mut written).unwrap();
        assert_eq!(written, b"");
        lines.put(b"\n", false, &mut written).unwrap();
        assert_eq!(written.len(), MOST + 1);
    }
}
