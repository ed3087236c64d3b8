//! The `plumbline` program again, for the suite to start and to kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::run(std::env::args_os())
}
