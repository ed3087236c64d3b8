//! The real program as a process: what it says, how it ends, and its sudden death.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing that a test starts takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A call of the program that is being put together. It knows nothing of the environment but the path, and works in a
/// folder of its own, which is also its temporary folder.
pub struct Program {
    command: Command,
    desk: TempDir,
}

impl Program {
    /// A call of the program at `path`, which an integration test knows as `env!("CARGO_BIN_EXE_…")`.
    ///
    /// # Panics
    /// When there is no temporary folder.
    #[must_use]
    pub fn new(path: &str) -> Self {
        let desk = tempfile::Builder::new().prefix("plumbline-desk-").tempdir().unwrap();
        let mut command = Command::new(path);
        command
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("TMPDIR", desk.path())
            .env("USER", "tester")
            .current_dir(desk.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command, desk }
    }

    /// The folder it will work in.
    #[must_use]
    pub fn desk(&self) -> &Path {
        self.desk.path()
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it does not start, or does not end within a minute.
    pub fn run(self) -> Said {
        self.start().end()
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(mut self) -> Running {
        let mut child = self.command.spawn().expect("the program starts");
        let output = child.stdout.take().expect("the output is a pipe");
        let mut errors = child.stderr.take().expect("the errors are a pipe");
        let (told, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                // A test that has enough does not listen to the end.
                if line.is_ok_and(|line| told.send(line).is_err()) {
                    break;
                }
            }
        });
        let errors = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was said before a death counts, complete or not.
            let _ = errors.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Running {
            child,
            lines,
            heard: Vec::new(),
            errors: Some(errors),
            desk: self.desk,
        }
    }
}

/// What a program said until its end.
#[derive(Debug)]
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Its output.
    pub out: String,
    /// Its errors.
    pub err: String,
}

impl Said {
    /// The exit code; none when a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

/// A running program; it is killed with its value.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
    errors: Option<JoinHandle<String>>,
    desk: TempDir,
}

impl Running {
    /// The folder it works in.
    #[must_use]
    pub fn desk(&self) -> &Path {
        self.desk.path()
    }

    /// Waits for a line of output that holds `text`.
    ///
    /// # Panics
    /// When the output ends before, or after a minute.
    pub fn line_with(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.listen(end) {
                Heard::Line(line) if line.contains(text) => return line,
                Heard::Line(_) => {}
                Heard::Nothing | Heard::End => {
                    let said = self.last_words();
                    panic!("the program did not say `{text}`: {said:#?}");
                }
            }
        }
    }

    /// The address in the line by which a server tells that it listens.
    ///
    /// # Panics
    /// When it does not start.
    pub fn address(&mut self) -> String {
        let line = self.line_with(" listens on ");
        let address = line.split_once("://").map(|(_, address)| address);
        let end = address.and_then(|address| address.find('/').map(|end| &address[..end]));
        end.expect("the address has a path").to_owned()
    }

    /// Lets it run until `moment`; says whether it still runs then.
    pub fn runs_until(&mut self, moment: Instant) -> bool {
        loop {
            match self.listen(moment) {
                Heard::Line(_) => {}
                Heard::Nothing => return true,
                Heard::End => return false,
            }
        }
    }

    fn listen(&mut self, end: Instant) -> Heard {
        match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                self.heard.push(line.clone());
                Heard::Line(line)
            }
            Err(RecvTimeoutError::Timeout) => Heard::Nothing,
            Err(RecvTimeoutError::Disconnected) => Heard::End,
        }
    }

    /// Kills it at once (SIGKILL): it can do nothing more, not even say so.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) -> Said {
        self.child.kill().expect("a child can be killed");
        self.last_words()
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop (SIGTERM).
    ///
    /// # Panics
    /// When it is gone already.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends it a signal, as `kill` names it.
    ///
    /// # Panics
    /// When it is gone already.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([name, &id]).status().expect("kill runs");
        assert!(status.success(), "kill {name}: {status}");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end within a minute.
    pub fn end(mut self) -> Said {
        if self.runs_until(Instant::now() + PATIENCE) {
            let said = self.last_words();
            panic!("the program does not end: {said:#?}");
        }
        self.last_words()
    }

    /// How it has ended and what it said; ends it where it has not.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn last_words(&mut self) -> Said {
        // Gone already, or about to be: it has closed its output, or has taken too long.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) && !self.is_ending() {
            let _ = self.child.kill();
        }
        let status = self.child.wait().expect("a child can be waited for");
        self.heard.extend(self.lines.iter());
        let errors = self.errors.take().map(|errors| errors.join().expect("the reader ends"));
        Said {
            status,
            out: self.heard.iter().map(|line| format!("{line}\n")).collect(),
            err: errors.unwrap_or_default(),
        }
    }

    /// Whether it has closed its output.
    fn is_ending(&mut self) -> bool {
        matches!(self.listen(Instant::now()), Heard::End)
    }
}

enum Heard {
    Line(String),
    Nothing,
    End,
}

impl Drop for Running {
    fn drop(&mut self) {
        // After its end both say that there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
