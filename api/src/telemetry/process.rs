//! What the process takes of the machine, as Linux tells it.

/// Ticks of a second in `/proc`, which are the same on every machine that Linux runs on today.
const TICKS: f64 = 100.0;

/// What the process takes.
pub(super) struct Process {
    pub(super) memory_bytes: usize,
    pub(super) cpu_seconds: f64,
    pub(super) open_files: usize,
}

impl Process {
    /// How it stands; none where there is no `/proc`.
    pub(super) fn now() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let files = std::fs::read_dir("/proc/self/fd").ok()?;
        Some(Self {
            memory_bytes: memory(&status)?,
            cpu_seconds: cpu(&stat)?,
            open_files: files.count(),
        })
    }
}

fn memory(status: &str) -> Option<usize> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: usize = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The program's name stands in brackets and may hold anything: the numbers begin after the last bracket.
fn cpu(stat: &str) -> Option<f64> {
    let (_, numbers) = stat.rsplit_once(')')?;
    let mut numbers = numbers.split_whitespace().skip(11);
    let user: f64 = numbers.next()?.parse().ok()?;
    let system: f64 = numbers.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_writes_is_read() {
        assert_eq!(memory("Name:\tx\nVmRSS:\t   1234 kB\nThreads:\t3\n"), Some(1234 * 1024));
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 1 2 3";
        assert_eq!(cpu(stat), Some(3.0));
        assert_eq!((memory(""), cpu("")), (None, None));
    }
}
