//! Memory as the system counts it, beside the bytes that the store counts itself.

use crate::question::World;

/// Resident memory with the store and after it was built once more: the difference is one store.
pub(crate) fn report(world: &World) {
    let Some(before) = resident() else { return };
    let second = world.city.store(&world.tree).unwrap();
    let Some(after) = resident() else { return };
    println!(
        "    resident memory grew by {:.1} bytes an observation for a second store",
        after.saturating_sub(before) as f64 / second.len() as f64
    );
}

fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim()
        .trim_end_matches("kB")
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kib| kib * 1024)
}
