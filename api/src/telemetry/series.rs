//! The series that are kept, with their names and labels: what `docs/operators.md` lists.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::core::Collector;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    Result,
};

/// Seconds, from what a cached value takes to what an import takes.
const SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0, 300.0,
];

/// All series.
pub(super) struct Series {
    pub(super) traffic: Traffic,
    pub(super) work: Work,
    pub(super) standing: Standing,
}

/// What came and what was answered.
pub(super) struct Traffic {
    pub(super) requests: IntCounterVec,
    pub(super) request_seconds: HistogramVec,
    pub(super) refused: IntCounterVec,
    pub(super) operations: IntCounterVec,
    pub(super) operation_seconds: HistogramVec,
    pub(super) crowd: GaugeVec,
}

/// What was done for it.
pub(super) struct Work {
    pub(super) calculation_seconds: Histogram,
    pub(super) calculation_wait_seconds: Histogram,
    pub(super) calculations_waiting: IntGauge,
    pub(super) imports: IntCounterVec,
    pub(super) import_rows: IntCounterVec,
    pub(super) import_seconds: Histogram,
}

/// How things stand.
pub(super) struct Standing {
    pub(super) figures: IntGauge,
    pub(super) indicators: IntGauge,
    pub(super) store_bytes: IntGauge,
    pub(super) version: IntGauge,
    pub(super) lag: IntGauge,
    pub(super) newest: Gauge,
    pub(super) database_up: IntGauge,
    pub(super) connections: GaugeVec,
    pub(super) statements: IntCounter,
    pub(super) memory: IntGauge,
    pub(super) cpu: Gauge,
    pub(super) files: IntGauge,
}

impl Series {
    /// Puts all series into a registry.
    ///
    /// # Errors
    /// A name that is none or stands twice.
    pub(super) fn new(registry: &Registry) -> Result<Self> {
        let make = Maker(registry);
        let started = make.gauge("process_start_time_seconds", "When the server started.")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        started.set(now.as_secs_f64());
        let build = make.gauges("plumbline_build_info", "The program's version.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1.0);
        Ok(Self {
            traffic: Traffic::new(&make)?,
            work: Work::new(&make)?,
            standing: Standing::new(&make)?,
        })
    }
}

impl Traffic {
    fn new(make: &Maker<'_>) -> Result<Self> {
        Ok(Self {
            requests: make.counters(
                "plumbline_http_requests_total",
                "Requests that were answered.",
                &["route", "method", "status"],
            )?,
            request_seconds: make.seconds_by(
                "plumbline_http_request_seconds",
                "From a request to its answer's head.",
                &["route", "method"],
            )?,
            refused: make.counters("plumbline_refused_total", "Requests that a limit refused.", &["limit"])?,
            operations: make.counters(
                "plumbline_graphql_operations_total",
                "Operations by root field and first error's code.",
                &["field", "code"],
            )?,
            operation_seconds: make.seconds_by(
                "plumbline_graphql_operation_seconds",
                "What the resolvers of an operation took.",
                &["field"],
            )?,
            crowd: make.gauges(
                "plumbline_crowd",
                "Requests inside and waiting, and what stays open.",
                &["what"],
            )?,
        })
    }
}

impl Work {
    fn new(make: &Maker<'_>) -> Result<Self> {
        Ok(Self {
            calculation_seconds: make.seconds(
                "plumbline_calculation_seconds",
                "What a calculation took, without its wait.",
            )?,
            calculation_wait_seconds: make.seconds(
                "plumbline_calculation_wait_seconds",
                "How long a calculation waited for its turn.",
            )?,
            calculations_waiting: make.number(
                "plumbline_calculations_waiting",
                "Calculations that wait for their turn.",
            )?,
            imports: make.counters("plumbline_imports_total", "Imports by outcome.", &["outcome"])?,
            import_rows: make.counters(
                "plumbline_import_rows_total",
                "Rows of imports that were written, by what became of them.",
                &["outcome"],
            )?,
            import_seconds: make.seconds("plumbline_import_seconds", "What an import took.")?,
        })
    }
}

impl Standing {
    fn new(make: &Maker<'_>) -> Result<Self> {
        Ok(Self {
            figures: make.number("plumbline_store_figures", "Current figures in memory.")?,
            indicators: make.number("plumbline_store_indicators", "Indicators with figures in memory.")?,
            store_bytes: make.number("plumbline_store_bytes", "Bytes of the figures in memory.")?,
            version: make.number(
                "plumbline_store_version",
                "The last entry of the change feed that is in memory.",
            )?,
            lag: make.number(
                "plumbline_feed_lag",
                "Entries of the change feed that are not in memory yet; they are read with the next query.",
            )?,
            newest: make.gauge(
                "plumbline_newest_recorded_seconds",
                "When the newest batch in memory was recorded, since the epoch.",
            )?,
            database_up: make.number("plumbline_database_up", "Whether the database answered.")?,
            connections: make.gauges(
                "plumbline_database_connections",
                "Connections to the database.",
                &["state"],
            )?,
            statements: make.registered(IntCounter::new(
                "plumbline_database_statements_total",
                "Statements sent to the database.",
            ))?,
            memory: make.number("process_resident_memory_bytes", "Resident memory.")?,
            cpu: make.gauge("process_cpu_seconds_total", "Processor time.")?,
            files: make.number("process_open_fds", "Open files and sockets.")?,
        })
    }
}

/// Makes series and registers them.
struct Maker<'a>(&'a Registry);

impl Maker<'_> {
    fn registered<T: Collector + Clone + 'static>(&self, made: Result<T>) -> Result<T> {
        let series = made?;
        self.0.register(Box::new(series.clone()))?;
        Ok(series)
    }

    fn counters(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec> {
        self.registered(IntCounterVec::new(Opts::new(name, help), labels))
    }

    fn number(&self, name: &str, help: &str) -> Result<IntGauge> {
        self.registered(IntGauge::new(name, help))
    }

    fn gauge(&self, name: &str, help: &str) -> Result<Gauge> {
        self.registered(Gauge::new(name, help))
    }

    fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec> {
        self.registered(GaugeVec::new(Opts::new(name, help), labels))
    }

    fn seconds(&self, name: &str, help: &str) -> Result<Histogram> {
        let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
        self.registered(Histogram::with_opts(options))
    }

    fn seconds_by(&self, name: &str, help: &str, labels: &[&str]) -> Result<HistogramVec> {
        let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
        self.registered(HistogramVec::new(options, labels))
    }
}
