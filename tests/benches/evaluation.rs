//! Whole evaluations on warm data, by the service: `cargo bench --bench evaluation`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark speaks on standard output and ends when something is wrong"
)]

use std::fmt::Write as _;
use std::time::Instant;

use api::intake::catalog::read;
use api::service::Service;
use api::service::evaluation::EvaluationQuery;
use api::service::import::Options;
use tests::db::{Holding, TestDb};
use tests::fixture::CatalogFiles;

#[tokio::main]
async fn main() {
    println!("| organisations × criteria | draws | evaluation, median | the same with its sources |");
    println!("|---|---|---|---|");
    for (orgs, criteria, runs) in [(100, 60, 31), (2000, 100, 5)] {
        let db = TestDb::sqlite(Holding::Catalog);
        let service = db.service().await;
        fill(&service, orgs, criteria).await;
        for draws in [0, 1000] {
            let plain = median(&service, draws, false, runs).await;
            let traced = if orgs == 100 {
                median(&service, draws, true, runs).await
            } else {
                f64::NAN
            };
            println!("| {orgs} × {criteria} | {draws} | {plain:.1} ms | {traced:.1} ms |");
        }
    }
}

/// Milliseconds of an evaluation, the median of many; the first ones warm up.
async fn median(service: &Service, draws: u32, sources: bool, runs: usize) -> f64 {
    let query = EvaluationQuery {
        draws,
        sources,
        ..EvaluationQuery::whole("bench", "2025".parse().unwrap())
    };
    let mut times = Vec::with_capacity(runs);
    for run in 0..runs + 2 {
        let sight = service
            .sight(&api::service::access::Caller::operator("tester"))
            .await
            .unwrap();
        let start = Instant::now();
        let (_, evaluation) = service.evaluate(&sight, &query).await.unwrap();
        assert!(evaluation.units.iter().all(|unit| unit.now.rank.is_some()));
        if run >= 2 {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A catalogue, a framework of as many criteria, and two years of figures.
async fn fill(service: &Service, orgs: usize, criteria: usize) {
    let mut more = String::new();
    for org in 0..orgs {
        writeln!(more, "\n[[org]]\ncode = \"bench-{org}\"\nlevel = \"STREET\"\nname = {{ zh = \"街道{org}\", en = \"{org}\" }}\nparent = \"shenzhen-pingshan\"").unwrap();
    }
    let mut framework = format!(
        "[[framework]]\ncode = \"bench\"\nversion = \"1\"\ntotal = \"{criteria}\"\npublished = true\nname = {{ zh = \"基准\", en = \"bench\" }}\n[[framework.track]]\ncode = \"all\"\nname = {{ zh = \"全部\", en = \"all\" }}\nlevel = \"STREET\"\nwithin = \"shenzhen-pingshan\"\n"
    );
    let mut figures = "indicator,org,period,value,unit\n".to_owned();
    for criterion in 0..criteria {
        writeln!(more, "\n[[indicator]]\ncode = \"bench_{criterion}\"\nkind = \"COUNT\"\ntheme = \"functions\"\nunit = \"jian\"\nover_orgs = \"SUM\"\nover_time = \"SUM\"\npolarity = \"HIGHER_BETTER\"\ndecimals = 0\nname = {{ zh = \"指标{criterion}\", en = \"{criterion}\" }}\n[[indicator.version]]\ndefinition = {{ zh = \"基准\", en = \"bench\" }}").unwrap();
        let parent = criterion / 10;
        if criterion % 10 == 0 {
            writeln!(framework, "[[framework.node]]\ncode = \"d{parent}\"\nweight = \"{}\"\nname = {{ zh = \"一级{parent}\", en = \"{parent}\" }}", (criteria - criterion).min(10)).unwrap();
        }
        let rule = match criterion % 4 {
            0 => "rule = \"LINEAR\"\nfrom = \"0\"\nto = \"100\"",
            1 => "rule = \"TARGET\"\ntarget = \"90\"\nzero = \"10\"",
            2 => "rule = \"PERCENTILE\"\npeers = \"all\"",
            _ => {
                "rule = \"BANDS\"\nbands = [{ at_least = \"80\", lost = \"0\" }, { at_least = \"40\", lost = \"0.3\" }, { lost = \"1\" }]"
            }
        };
        writeln!(framework, "[[framework.node]]\ncode = \"c{criterion}\"\nparent = \"d{parent}\"\nweight = \"1\"\nindicator = \"bench_{criterion}\"\n{rule}\nmissing = \"REWEIGHT\"").unwrap();
        for org in 0..orgs {
            for year in [2024, 2025] {
                // One figure in thirty is missing, and values differ.
                let value = (org * 7919 + criterion * 104_729 + year * 31) % 101;
                if (org + criterion + year) % 30 != 0 {
                    writeln!(figures, "bench_{criterion},bench-{org},{year},{value},件").unwrap();
                }
            }
        }
    }
    let files = CatalogFiles::embedded()
        .append("bench.toml", &more)
        .append("frameworks/bench.toml", &framework);
    service
        .apply_catalog(
            &api::service::access::Caller::operator("tester"),
            &read(&files.files()).unwrap(),
        )
        .await
        .unwrap();
    let options = Options {
        commit: true,
        caller: api::service::access::Caller::operator("bench"),
        ..Options::default()
    };
    service.import("bench.csv", figures.as_bytes(), &options).await.unwrap();
}
