//! `plumbline submission`

mod print;

use std::path::PathBuf;

use analytics::period::Period;
use chrono::Utc;
use clap::{Args, Subcommand};
use entity::submission::Model;

use super::fault::CommandError;
use super::import::{self, Reason};
use super::selection::{Selection, period, time};
use super::session::{connect, operator};
use crate::app::App;
use crate::config::Config;
use crate::intake::book::Limits;
use crate::service::import::Options;
use crate::service::selector::OrgSelector;
use crate::service::submission::{
    Actor, CalendarEntry, EnteredFigure, Filling, NewCalendar, NewSubmission, OwingQuery, Query, Step,
};

/// Submissions that a list shows.
const MOST_LISTED: u64 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Open a submission of an organisation for a period.
    Open(Open),
    /// Enter figures: a file, or one with --indicator and --value; a dry run unless --commit is given.
    Fill(Fill),
    /// Hand a submission in.
    Submit(Act),
    /// Take it back before it is approved.
    Withdraw(Act),
    /// Hand it back to be mended; --message says why.
    Return {
        #[command(flatten)]
        act: Act,
        /// More time for a correction: when it locks itself.
        #[arg(long, value_parser = time)]
        until: Option<i64>,
    },
    /// Approve it; not for those who filled it or handed it in.
    Approve(Act),
    /// Publish it as one import batch; a dry run unless --commit is given.
    Publish {
        #[command(flatten)]
        act: Act,
        /// Write. Without it is told what would change and move, and nothing is written.
        #[arg(long)]
        commit: bool,
        /// Why figures that were imported before are revised; a correction has its reason.
        #[arg(long, value_enum)]
        reason: Option<Reason>,
    },
    /// Close it, or give a correction up.
    Lock(Act),
    /// Open it for a correction, which locks itself when its time is over; --message says what is corrected.
    Unlock {
        #[command(flatten)]
        act: Act,
        /// Why.
        #[arg(long, value_enum)]
        reason: Reason,
        /// When it locks itself unless it is handed in, as 2026-01-31T18:00:00+08:00; at most 31 days from now.
        #[arg(long, value_parser = time)]
        until: i64,
    },
    /// Say something in its thread.
    Comment(Act),
    /// Show a submission, its figures and its thread.
    Show {
        /// The number of the submission.
        submission: i64,
    },
    /// List submissions.
    List {
        #[command(flatten)]
        selection: Selection,
        /// Of this period.
        #[arg(long, value_parser = period)]
        period: Option<Period>,
    },
    /// List what is still owed for a period.
    Owed {
        /// The period.
        #[arg(value_parser = period)]
        period: Period,
        /// This organisation and those below it.
        #[arg(long)]
        within: Option<String>,
    },
    /// Set who owes what for a period, and by when; several with several --deadline need the API.
    Calendar(Calendar),
}

#[derive(Debug, Args)]
pub(super) struct Open {
    /// Code of the organisation.
    org: String,
    /// The reporting period.
    #[arg(value_parser = period)]
    period: Period,
    /// Only the indicators of this theme.
    #[arg(long)]
    theme: Option<String>,
    /// Its own last day, as 2026-01-31.
    #[arg(long, value_name = "DAY")]
    deadline: Option<String>,
    #[command(flatten)]
    said: Said,
}

#[derive(Debug, Args)]
pub(super) struct Fill {
    #[command(flatten)]
    act: Act,
    /// CSV, XLSX or ODS; figures that name no organisation or period are the submission's.
    #[arg(required_unless_present = "indicator")]
    file: Option<PathBuf>,
    /// One figure in place of a file: the code of its indicator.
    #[arg(long, conflicts_with = "file")]
    indicator: Option<String>,
    /// What it is, as it is written.
    #[arg(long, requires = "indicator")]
    value: Option<String>,
    /// Its unit.
    #[arg(long, requires = "indicator")]
    unit: Option<String>,
    /// Its status, as MISSING or NOT_APPLICABLE.
    #[arg(long, requires = "indicator")]
    status: Option<String>,
    /// Its note.
    #[arg(long, requires = "indicator")]
    note: Option<String>,
    /// Take the figure out of the submission again.
    #[arg(long, requires = "indicator")]
    remove: bool,
    /// Write. Without it the changes are shown, and nothing is written.
    #[arg(long)]
    commit: bool,
}

#[derive(Debug, Args)]
pub(super) struct Calendar {
    /// The period.
    #[arg(value_parser = period)]
    period: Period,
    /// The last day, as 2026-01-31, until midnight in China.
    #[arg(long, value_name = "DAY")]
    deadline: String,
    #[command(flatten)]
    selection: Selection,
    /// Who sets it, for the record.
    #[arg(long, env = "USER", default_value = "unknown")]
    author: String,
}

/// Who acts, and what he says.
#[derive(Debug, Args)]
pub(super) struct Said {
    /// Who acts, for the record.
    #[arg(long, env = "USER", default_value = "unknown")]
    author: String,
    /// What is said with it.
    #[arg(long)]
    message: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Act {
    /// The number of the submission.
    submission: i64,
    /// The revision that was seen: refuse to act when it is another one by now. Without it the act is on what it is now.
    #[arg(long)]
    revision: Option<i32>,
    #[command(flatten)]
    said: Said,
}

impl Act {
    async fn step(&self, app: &App) -> Result<Step, CommandError> {
        let now = now();
        let seen = match self.revision {
            Some(seen) => seen,
            None => app.service().submission(self.submission, now).await?.revision,
        };
        Ok(Step {
            submission: self.submission,
            seen,
            actor: Actor::named(&self.said.author)?,
            message: self.said.message.clone(),
            now,
        })
    }
}

/// Now, in µs since the epoch.
fn now() -> i64 {
    Utc::now().timestamp_micros()
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CommandError> {
    let most_bytes = config.import.max_file_bytes;
    let limits = Limits::from(&config.import);
    let app = connect(config).await?;
    let service = app.service();
    let done: Model = match command {
        Command::Open(open) => service.open_submission(&new(open)?).await?,
        Command::Fill(fill) => return self::fill(&app, fill, limits, most_bytes).await,
        Command::Publish { act, commit, reason } => {
            let step = act.step(&app).await?;
            let (model, report) = service
                .publish_submission(&step, reason.map(Into::into), commit)
                .await?;
            print::report(&report, commit);
            print::line(&app, &model).await?;
            return Ok(());
        }
        Command::Submit(act) => service.submit_submission(&act.step(&app).await?).await?,
        Command::Withdraw(act) => service.withdraw_submission(&act.step(&app).await?).await?,
        Command::Return { act, until } => service.return_submission(&act.step(&app).await?, until).await?,
        Command::Approve(act) => service.approve_submission(&act.step(&app).await?).await?,
        Command::Lock(act) => service.lock_submission(&act.step(&app).await?).await?,
        Command::Unlock { act, reason, until } => {
            let step = act.step(&app).await?;
            service.unlock_submission(&step, reason.into(), until).await?
        }
        Command::Comment(act) => service.comment_submission(&act.step(&app).await?).await?,
        Command::Show { submission } => {
            let model = service.submission(submission, now()).await?;
            return print::whole(&app, &model, now()).await;
        }
        Command::List { selection, period } => {
            let query = Query {
                orgs: selection.orgs(),
                period,
                states: None,
                now: now(),
            };
            let (found, total) = service
                .submissions(&service.sight(&operator()).await?, &query, 0, MOST_LISTED)
                .await?;
            for model in &found {
                print::line(&app, model).await?;
            }
            if total > MOST_LISTED {
                println!("… and {} more: choose fewer", total - MOST_LISTED);
            }
            return Ok(());
        }
        Command::Owed { period, within } => return owed(&app, period, within).await,
        Command::Calendar(calendar) => return self::calendar(&app, calendar).await,
    };
    print::line(&app, &done).await
}

fn new(open: Open) -> Result<NewSubmission, CommandError> {
    Ok(NewSubmission {
        org: open.org,
        period: open.period,
        theme: open.theme,
        deadline: open.deadline,
        actor: Actor::named(&open.said.author)?,
        message: open.said.message,
        now: now(),
    })
}

async fn fill(app: &App, fill: Fill, limits: Limits, most_bytes: u64) -> Result<(), CommandError> {
    let step = fill.act.step(app).await?;
    let options = Options {
        commit: fill.commit,
        caller: step.actor.caller().clone(),
        limits,
        ..Options::default()
    };
    let filling = match (fill.file, fill.indicator) {
        (Some(path), _) => Filling::File(path.display().to_string(), import::read(&path, most_bytes)?),
        (None, indicator) => Filling::Figures(vec![EnteredFigure {
            indicator: indicator.unwrap_or_default(),
            value: fill.value,
            unit: fill.unit,
            status: fill.status,
            note: fill.note,
            remove: fill.remove,
            ..EnteredFigure::default()
        }]),
    };
    let (model, report) = app.service().fill_submission(&step, filling, &options).await?;
    print::report(&report, fill.commit);
    print::line(app, &model).await?;
    if report.problems.is_empty() {
        Ok(())
    } else {
        Err(CommandError::Problems(report.problems))
    }
}

async fn owed(app: &App, period: Period, within: Option<String>) -> Result<(), CommandError> {
    let query = OwingQuery {
        period,
        orgs: OrgSelector {
            with_self: true,
            within,
            ..OrgSelector::default()
        },
        at: now(),
    };
    let sight = app.service().sight(&operator()).await?;
    let found = app.service().owing(&sight, &query).await?;
    print::owings(app, &found).await
}

async fn calendar(app: &App, calendar: Calendar) -> Result<(), CommandError> {
    let indicators = calendar.selection.indicators();
    let orgs = calendar.selection.orgs();
    if orgs.codes.is_some() {
        return Err(CommandError::Refused(
            "the calendar is set by --level and --within, not by --org".to_owned(),
        ));
    }
    let set = NewCalendar {
        period: calendar.period,
        entries: vec![CalendarEntry {
            level: orgs.level,
            within: orgs.within,
            theme: indicators.theme,
            indicators: indicators.codes,
            deadline: calendar.deadline,
            note: None,
        }],
        actor: Actor::named(&calendar.author)?,
        now: now(),
    };
    app.service().set_calendar(&set).await?;
    println!("The calendar of {} is set.", set.period);
    Ok(())
}
