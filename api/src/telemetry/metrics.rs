//! What the server counts and measures, as Prometheus reads it. Every label has a closed list of values, so that no caller can make the table grow.

use std::sync::Arc;
use std::time::Duration;

use prometheus::{Encoder, IntGauge, Registry, TextEncoder};

use super::process::Process;
use super::series::Series;

/// What is counted and measured. Clones count together.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    /// None when a name is none or stands twice, which a test would find: that must not keep a server from starting.
    series: Option<Arc<Series>>,
}

/// The figures in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Store {
    /// Figures.
    pub figures: usize,
    /// Indicators that have figures.
    pub indicators: usize,
    /// Bytes of both.
    pub bytes: usize,
    /// The last entry of the change feed that is in it.
    pub version: i64,
    /// When the newest batch in it was recorded, in µs since the epoch.
    pub newest: Option<i64>,
}

/// The database.
#[derive(Clone, Copy, Debug)]
pub struct Database {
    /// The last entry of its change feed; none when it did not answer.
    pub version: Option<i64>,
    /// Open connections.
    pub open: u32,
    /// Of these, idle ones.
    pub idle: u32,
    /// Statements sent so far.
    pub statements: u64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let registry = Registry::new();
        let series = Series::new(&registry).inspect_err(|error| tracing::error!(%error, "there are no metrics"));
        Self {
            registry,
            series: series.ok().map(Arc::new),
        }
    }

    /// A request was answered. `route` and `method` are of closed lists, `status` is the three digits.
    pub fn request(&self, route: &str, method: &str, status: &str, took: Duration) {
        let Some(series) = &self.series else { return };
        series
            .traffic
            .requests
            .with_label_values(&[route, method, status])
            .inc();
        let seconds = series.traffic.request_seconds.with_label_values(&[route, method]);
        seconds.observe(took.as_secs_f64());
    }

    /// A request was refused by a limit.
    pub fn refused(&self, limit: &str) {
        let Some(series) = &self.series else { return };
        series.traffic.refused.with_label_values(&[limit]).inc();
    }

    /// An operation was answered: its root field, `OK` or its first error's code.
    pub fn operation(&self, field: &str, code: &str, took: Duration) {
        let Some(series) = &self.series else { return };
        series.traffic.operations.with_label_values(&[field, code]).inc();
        let seconds = series.traffic.operation_seconds.with_label_values(&[field]);
        seconds.observe(took.as_secs_f64());
    }

    /// A calculation waits for its turn, as long as the value lives.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let gauge = self
            .series
            .as_ref()
            .map(|series| series.work.calculations_waiting.clone());
        gauge.iter().for_each(IntGauge::inc);
        Waiting(gauge)
    }

    /// A calculation began after it had waited.
    pub fn calculation_waited(&self, waited: Duration) {
        let Some(series) = &self.series else { return };
        series.work.calculation_wait_seconds.observe(waited.as_secs_f64());
    }

    /// A calculation ended.
    pub fn calculated(&self, took: Duration) {
        let Some(series) = &self.series else { return };
        series.work.calculation_seconds.observe(took.as_secs_f64());
    }

    /// An import ended, and what became of its rows where it was written.
    pub fn imported(&self, outcome: &str, rows: [(&str, usize); 3], took: Duration) {
        let Some(series) = &self.series else { return };
        series.work.imports.with_label_values(&[outcome]).inc();
        series.work.import_seconds.observe(took.as_secs_f64());
        for (what, count) in rows {
            let counter = series.work.import_rows.with_label_values(&[what]);
            counter.inc_by(count as u64);
        }
    }

    /// How things stand in memory.
    pub fn store(&self, store: Store) {
        let Some(series) = &self.series else { return };
        series.standing.figures.set(whole(store.figures));
        series.standing.indicators.set(whole(store.indicators));
        series.standing.store_bytes.set(whole(store.bytes));
        series.standing.version.set(store.version);
        #[allow(clippy::cast_precision_loss, reason = "a time, to the millisecond at least")]
        series
            .standing
            .newest
            .set(store.newest.map_or(f64::NAN, |micros| micros as f64 / 1e6));
    }

    /// How the database stands, and how far memory is behind it.
    pub fn database(&self, database: Database) {
        let Some(series) = &self.series else { return };
        series.standing.database_up.set(i64::from(database.version.is_some()));
        if let Some(version) = database.version {
            series
                .standing
                .lag
                .set((version - series.standing.version.get()).max(0));
        }
        series
            .standing
            .connections
            .with_label_values(&["open"])
            .set(database.open.into());
        series
            .standing
            .connections
            .with_label_values(&["idle"])
            .set(database.idle.into());
        let news = database.statements.saturating_sub(series.standing.statements.get());
        series.standing.statements.inc_by(news);
    }

    /// Who is inside and who waits: `what` is of a closed list.
    pub fn crowd(&self, what: &str, count: usize) {
        let Some(series) = &self.series else { return };
        #[allow(clippy::cast_precision_loss, reason = "few clients")]
        series.traffic.crowd.with_label_values(&[what]).set(count as f64);
    }

    /// All of it, in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        if let (Some(series), Some(process)) = (&self.series, Process::now()) {
            series.standing.memory.set(whole(process.memory_bytes));
            series.standing.cpu.set(process.cpu_seconds);
            series.standing.files.set(whole(process.open_files));
        }
        let mut bytes = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut bytes) {
            tracing::error!(%error, "the metrics could not be written");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A calculation that waits.
pub struct Waiting(Option<IntGauge>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.iter().for_each(IntGauge::dec);
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::new();
        metrics.request("/graphql", "POST", "200", Duration::from_millis(3));
        metrics.operation("compare", "OK", Duration::from_millis(2));
        metrics.imported(
            "committed",
            [("created", 7), ("revised", 0), ("unchanged", 1)],
            Duration::from_secs(1),
        );
        let waiting = metrics.waiting();
        let text = metrics.text();
        for line in [
            "plumbline_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"200\"} 1",
            "plumbline_graphql_operations_total{code=\"OK\",field=\"compare\"} 1",
            "plumbline_graphql_operation_seconds_count{field=\"compare\"} 1",
            "plumbline_import_rows_total{outcome=\"created\"} 7",
            "plumbline_calculations_waiting 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
        drop(waiting);
        assert!(metrics.text().contains("\nplumbline_calculations_waiting 0\n"));
    }

    #[test]
    fn two_servers_of_a_process_count_for_themselves() {
        let (one, other) = (Metrics::new(), Metrics::new());
        one.refused("points");
        assert!(one.text().contains("plumbline_refused_total"));
        assert!(!other.text().contains("plumbline_refused_total"));
    }
}
