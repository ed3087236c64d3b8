//! Medians of many runs.

use std::hint::black_box;
use std::time::Instant;

const RUNS: usize = 31;
/// A run is repeated until it takes this long, so that the clock's grain does not show.
const LONG_ENOUGH: f64 = 0.002;

/// Seconds that `work` takes, the median of many runs; the first ones warm up.
pub(crate) fn median<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut repeat = 1;
    loop {
        let seconds = run(&mut work, repeat);
        if seconds >= LONG_ENOUGH || repeat >= 1 << 20 {
            break;
        }
        repeat *= 2;
    }
    let mut runs: Vec<f64> = (0..RUNS).map(|_| run(&mut work, repeat) / f64::from(repeat)).collect();
    runs.sort_by(f64::total_cmp);
    runs[RUNS / 2]
}

fn run<T>(work: &mut impl FnMut() -> T, repeat: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeat {
        black_box(work());
    }
    start.elapsed().as_secs_f64()
}

/// Seconds in the unit that reads best.
pub(crate) fn told(seconds: f64) -> String {
    match seconds {
        small if small < 1e-3 => format!("{:8.2} µs", small * 1e6),
        middle if middle < 1.0 => format!("{:8.3} ms", middle * 1e3),
        large => format!("{large:8.3} s "),
    }
}
