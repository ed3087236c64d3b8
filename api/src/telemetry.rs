//! What is told about the server's work: log lines here, by one subscriber, text for a terminal or JSON for a collector; numbers in `metrics`.

mod collector;
pub mod metrics;
mod process;
mod series;
mod sink;
pub mod trace;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use self::sink::Sink;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

/// Starts logging to standard error. A second call changes nothing, so that tests may start several servers.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // The driver tells parameters of the database's URL that it does not know with their values, and one of them may be a password.
    let filter = match "sqlx_postgres::options=error".parse() {
        Ok(silent) => filter.add_directive(silent),
        Err(_) => filter,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(Sink);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    // An error here means that a subscriber is already set.
    if started.is_ok() {
        sink::follow();
    }
}

/// Writes the lines that wait: before the process ends.
pub fn flush() {
    sink::flush();
}
