//! The command line. It speaks to people: faults go to standard error with the way to mend them, and the exit code is 2 for theirs and 1 for ours.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "standard output and error are what a command line speaks with"
)]

mod access;
mod audit;
mod backup;
mod catalog;
mod check;
mod check_config;
mod demo;
mod evaluate;
mod export;
mod fault;
mod generate;
mod import;
mod migrate;
mod probe;
mod restore;
mod schema;
mod selection;
mod serve;
mod session;
mod submission;
mod template;
mod undo;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::fault::CommandError;
use crate::config::{Config, Overrides};
use crate::telemetry::{self, LogFormat};

/// Indicators of rule-of-law government: figures in, honest comparisons out.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

/// Options of every command; they override the settings file and the environment.
#[derive(Debug, clap::Args)]
struct Settings {
    /// Settings file (TOML); `api/config.default.toml` lists all settings.
    #[arg(long, global = true, env = "PLUMBLINE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Address and port to listen on.
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a server over a temporary database with the published figures in it.
    Demo,
    /// Start the server.
    Serve,
    /// Bring the database to the schema of this program, creating it if need be.
    Migrate(migrate::Arguments),
    /// Write the whole database into one file, while servers run.
    Backup(backup::Arguments),
    /// Make an empty database what it was when a backup was taken.
    Restore(restore::Arguments),
    /// Prove that what is stored hangs together.
    Check,
    /// The catalogue of units, themes, organisations and indicators.
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Import figures from a spreadsheet or CSV; a dry run unless --commit is given.
    Import(import::Arguments),
    /// Write figures to a file.
    #[command(subcommand)]
    Export(export::Command),
    /// Apply a framework of evaluation: print the places, write files, seal a run or verify one.
    Evaluate(evaluate::Arguments),
    /// Write a workbook that tells organisations what they owe, to be filled in and imported.
    Template(template::Arguments),
    /// Take an import back, as new revisions; a dry run unless --commit is given.
    Undo(undo::Arguments),
    /// What organisations hand in before it is published: open, fill, submit, approve, publish, and what is still owed.
    #[command(subcommand)]
    Submission(submission::Command),
    /// Fill an empty, migrated database with the made-up figures of a synthetic city, for load tests.
    Generate(generate::Arguments),
    /// Who may ask.
    #[command(subcommand)]
    Principal(access::PrincipalCommand),
    /// Which roles they hold.
    #[command(subcommand)]
    Grant(access::GrantCommand),
    /// With which tokens they sign in.
    #[command(subcommand)]
    Token(access::TokenCommand),
    /// The record of what was done.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Print the GraphQL schema.
    Schema,
    /// Ask the server of these settings whether it is ready.
    Probe,
    /// Read the settings, print them, and try the database.
    CheckConfig,
}

/// Runs the program.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no faults.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = execute(cli);
    telemetry::flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.print();
            error.exit_code()
        }
    }
}

fn execute(cli: Cli) -> Result<(), CommandError> {
    if matches!(cli.command, Command::Schema) {
        schema::run();
        return Ok(());
    }
    let overrides = Overrides {
        listen: cli.settings.listen,
        database_url: cli.settings.database_url,
    };
    let config = Config::load(cli.settings.config.as_deref(), &overrides)?;
    telemetry::start(
        &config.log_filter,
        if config.log_json {
            LogFormat::Json
        } else {
            LogFormat::Text
        },
    );
    for name in &config.unknown_variables {
        tracing::warn!(
            name,
            "this variable begins like a setting and is none; it is not followed"
        );
    }
    let runtime = tokio::runtime::Runtime::new().map_err(CommandError::io("cannot start the worker threads"))?;
    runtime.block_on(async {
        match cli.command {
            Command::Demo => demo::run(config).await,
            Command::Serve => serve::run(config).await,
            Command::Migrate(arguments) => migrate::run(&config, arguments).await,
            Command::Backup(arguments) => backup::run(&config, arguments).await,
            Command::Restore(arguments) => restore::run(config, arguments).await,
            Command::Check => check::run(config).await,
            Command::Catalog(command) => catalog::run(config, command).await,
            Command::Generate(arguments) => generate::run(config, arguments).await,
            Command::Import(arguments) => import::run(config, arguments).await,
            Command::Export(command) => export::run(config, command).await,
            Command::Evaluate(arguments) => evaluate::run(config, arguments).await,
            Command::Template(arguments) => template::run(config, arguments).await,
            Command::Undo(arguments) => undo::run(config, arguments).await,
            Command::Principal(command) => access::principal(config, command).await,
            Command::Grant(command) => access::grant(config, command).await,
            Command::Token(command) => access::token(config, command).await,
            Command::Audit(command) => audit::run(config, command).await,
            Command::Submission(command) => submission::run(config, command).await,
            Command::Probe => probe::run(&config).await,
            Command::CheckConfig => check_config::run(&config).await,
            Command::Schema => Ok(()),
        }
    })
}
