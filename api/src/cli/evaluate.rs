//! `plumbline evaluate`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use analytics::period::Period;
use clap::Args;
use rust_decimal::{Decimal, RoundingStrategy};

use super::fault::CommandError;
use super::selection::{period, time, write};
use super::session::{connect, operator};
use crate::config::Config;
use crate::error::Error;
use crate::export::evaluation::report::Evaluation;
use crate::service::Service;
use crate::service::access::Caller;
use crate::service::evaluation::file::{FileForm, FileOptions, FileQuery};
use crate::service::evaluation::{EvaluationQuery, PublishOptions, Sealed, Verdict};
use crate::service::selector::OrgSelector;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Code of the framework.
    framework: String,
    /// Period, as 2025.
    #[arg(value_parser = period)]
    period: Period,
    /// Version of the framework; the newest that is published when left out.
    #[arg(long)]
    version: Option<String>,
    /// Code of an organisation; may be given several times. All in the tracks when nothing is chosen.
    #[arg(long)]
    org: Vec<String>,
    /// All organisations below this one.
    #[arg(long)]
    within: Option<String>,
    /// As everything was known at this time.
    #[arg(long, value_parser = time)]
    as_of: Option<i64>,
    /// Files to write: .xlsx, .docx, .csv or .json; may be given several times.
    #[arg(long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// With a .docx: the organisation whose annual report it is; the notice of results when left out.
    #[arg(long, value_name = "ORG")]
    report: Option<String>,
    /// Seal the result as a run.
    #[arg(long, conflicts_with_all = ["as_of", "verify"])]
    publish: bool,
    /// Who publishes, for the record.
    #[arg(long, env = "USER", default_value = "unknown")]
    author: String,
    /// A note for the run.
    #[arg(long, requires = "publish")]
    note: Option<String>,
    /// Recompute this sealed run and compare bytes; exit code 2 when they differ.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["org", "within", "as_of", "version"])]
    verify: Option<i64>,
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    // Before anything is sealed: a name that is none must not leave a run behind.
    let outputs = outputs(&arguments.output)?;
    let app = connect(config).await?;
    let service = app.service();
    let query = EvaluationQuery {
        version: arguments.version.clone(),
        orgs: OrgSelector {
            codes: (!arguments.org.is_empty()).then(|| arguments.org.clone()),
            within: arguments.within.clone(),
            ..OrgSelector::default()
        },
        as_of: arguments.as_of,
        ..EvaluationQuery::whole(arguments.framework.clone(), arguments.period)
    };
    let source = if let Some(id) = arguments.verify {
        verify(service, id, &arguments).await?;
        FileQuery::Run(id)
    } else if arguments.publish {
        let options = PublishOptions {
            query,
            caller: Caller::operator(arguments.author.clone()),
            note: arguments.note.clone(),
        };
        let sealed = service.publish_evaluation(&options).await?;
        print(&sealed.evaluation);
        println!("Sealed as run {}, SHA-256 {}.", sealed.row.id, sealed.row.hash);
        FileQuery::Run(sealed.row.id)
    } else {
        let sight = service.sight(&operator()).await?;
        let (_, evaluation) = service.evaluate(&sight, &query).await?;
        print(&evaluation);
        FileQuery::Now(query)
    };
    for (path, form) in outputs {
        let options = FileOptions {
            form,
            chinese: false,
            with_mark: false,
            report: arguments.report.clone().filter(|_| form == FileForm::Docx),
        };
        let sight = service.sight(&operator()).await?;
        let file = service.evaluation_file(&sight, &source, &options).await?;
        write(path, &file.bytes)?;
        println!("{} written.", path.display());
    }
    Ok(())
}

/// The files with their forms, which their names tell.
fn outputs(paths: &[PathBuf]) -> Result<Vec<(&PathBuf, FileForm)>, CommandError> {
    let form = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        FileForm::from_str(&extension.unwrap_or_default().to_lowercase())
            .map_err(|_| CommandError::Refused(format!("name {} .xlsx, .docx, .csv or .json", path.display())))
    };
    paths.iter().map(|path| Ok((path, form(path)?))).collect()
}

async fn verify(service: &Service, id: i64, arguments: &Arguments) -> Result<(), CommandError> {
    let sight = service.sight(&operator()).await?;
    let sealed: Sealed = service
        .evaluation_run(&sight, id)
        .await?
        .ok_or_else(|| Error::NotFound {
            what: "evaluation run",
            name: id.to_string(),
            hint: Some("the publishing command printed the number".to_owned()),
        })?;
    let (framework, sealed_of) = (&sealed.evaluation.framework.code, sealed.period());
    if *framework != arguments.framework || sealed_of != Some(arguments.period) {
        let message = format!("run {id} is of {framework} {}", sealed.evaluation.period);
        return Err(CommandError::Refused(message));
    }
    let verified = service.verify_evaluation(&sight, &sealed).await?;
    for difference in &verified.differences {
        println!("{difference}");
    }
    if verified.more > 0 {
        println!("… and {} more", verified.more);
    }
    let hash = &sealed.row.hash;
    match verified.verdict {
        Verdict::Reproduced => {
            println!("Run {id} is reproduced byte by byte, SHA-256 {hash}.");
            Ok(())
        }
        Verdict::OtherEngine => {
            println!(
                "Run {id} is intact, SHA-256 {hash}; it was sealed under other rules of scoring (engine {}).",
                sealed.row.engine
            );
            Ok(())
        }
        Verdict::Altered => Err(CommandError::Refused(format!(
            "the bytes of run {id} are not those that were sealed under {hash}"
        ))),
        Verdict::Different => Err(CommandError::Refused(format!(
            "run {id} is intact, but what it rests on gives something else now"
        ))),
    }
}

/// The places, a track after the other: rank, score, share of the weights whose value is there, grade.
fn print(evaluation: &Evaluation) {
    let framework = &evaluation.framework;
    println!(
        "{} {} — {}, as of {}",
        framework.name.zh, framework.version, evaluation.period, evaluation.as_of
    );
    for track in &framework.tracks {
        let mut units: Vec<_> = evaluation
            .units
            .iter()
            .filter(|unit| unit.track == track.code)
            .collect();
        if units.is_empty() {
            continue;
        }
        units.sort_by_key(|unit| (unit.now.rank.unwrap_or(u32::MAX), unit.org.clone()));
        println!("\n{}", track.name.zh);
        for unit in units {
            let rank = unit.now.rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string());
            let score = unit
                .now
                .published
                .map_or_else(|| "—".to_owned(), |score| score.to_string());
            let grade = unit
                .now
                .grade
                .as_ref()
                .and_then(|code| framework.grades.iter().find(|grade| grade.code == *code));
            let grade = grade.map_or("", |grade| grade.name.zh.as_str());
            let coverage = (unit.now.coverage * Decimal::ONE_HUNDRED)
                .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
            println!(
                "{rank:>4} {score:>8} {coverage:>4}% {grade:<4} {} ({})",
                unit.name.zh, unit.org
            );
        }
    }
    let mut told: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for warning in &evaluation.warnings {
        told.entry((&warning.track, &warning.kind))
            .or_default()
            .push(&warning.node);
    }
    for ((track, kind), nodes) in told {
        println!("! {kind} [{track}]: {}", nodes.join(", "));
    }
}
