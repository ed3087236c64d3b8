//! The engine against its promises, and against the same questions in SQL: `cargo bench --bench engine`. Every figure is the median of many runs in this process;
//! ratios are of one run. `ENGINE_SQL=0` leaves PostgreSQL out, `ENGINE_SIZE=medium` takes the city of a million.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark speaks on standard output and ends when something is wrong"
)]

mod clock;
mod memory;
mod question;
mod sql;

use analytics::synthetic::{City, Size};
use clock::{median, told};
use question::World;

fn main() {
    let large = match std::env::var("ENGINE_SIZE").as_deref() {
        Ok("medium") => Size::Medium,
        _ => Size::Large,
    };
    let small = World::new(City {
        size: Size::Small,
        seed: 1,
    });
    let large = World::new(City { size: large, seed: 1 });
    println!("stores: {} and {} observations", small.store.len(), large.store.len());

    let question = small.streets_of_first_district(&small);
    let cells = small.cells(&question);
    let (few, many) = (median(|| small.compare(&question)), {
        let same = large.streets_of_first_district(&small);
        assert_eq!(large.cells(&same), cells, "the same cells in both stores");
        median(|| large.compare(&same))
    });
    println!("\n(a) the same {cells} cells in both stores");
    println!(
        "    small store   {}   {:.2} ns a cell",
        told(few),
        few * 1e9 / cells as f64
    );
    println!(
        "    large store   {}   {:.2} ns a cell",
        told(many),
        many * 1e9 / cells as f64
    );
    println!("    large ÷ small {:.2}", many / few);

    let district = large.streets_of_first_district(&large);
    let cells = large.cells(&district);
    let whole = median(|| large.compare(&district));
    println!("(a) all streets of one district, all indicators, rolled up from communities");
    println!(
        "    {} rows of {cells} cells   {}   {:.2} ns a cell",
        large.compare(&district).len(),
        told(whole),
        whole * 1e9 / cells as f64
    );

    let point = large.point();
    let read = median(|| large.compare(&point));
    println!("(b) one figure against a year earlier   {}", told(read));

    let ranking = large.ranking();
    let ranked = median(|| large.rank(&ranking));
    println!("(c) a ranking of {} communities   {}", ranking.orgs.len(), told(ranked));

    println!(
        "(d) memory   {:.1} bytes an observation",
        large.store.bytes() as f64 / large.store.len() as f64
    );
    memory::report(&large);

    let (one, chunk) = large.one_changed();
    let merged = median(|| large.store.with(2, [one.clone()], large.tree.len()).unwrap());
    println!(
        "(e) one changed observation into an indicator of {chunk}   {}",
        told(merged)
    );
    let (one, chunk) = small.one_changed();
    let merged = median(|| small.store.with(2, [one.clone()], small.tree.len()).unwrap());
    println!("    and into one of {chunk}   {}", told(merged));

    if std::env::var("ENGINE_SQL").as_deref() != Ok("0") {
        let rival = sql::Rival::load(&large);
        rival.streets(whole);
        rival.ranking(ranked);
    }
}
