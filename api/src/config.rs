//! Settings: embedded defaults, then a file, then `PLUMBLINE_*`, then the command line; read as they stand, then validated once.

mod export;
mod fault;
mod graphql;
mod http;
mod import;
mod limit;
mod metrics;
mod oidc;
mod public;
mod secret;
mod subscription;
mod tls;
mod trace;

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use ::config::{Environment, File, FileFormat};
use serde::Deserialize;

use fault::positive;
use http::RawHttp;
use subscription::RawSubscription;

pub use self::export::Export;
pub use fault::ConfigError;
pub use graphql::Graphql;
pub use http::Http;
pub use limit::{Limit, Network};
pub use metrics::MetricsReader;
pub use oidc::{Oidc, OidcKeys};
pub use public::Public;
pub use secret::redacted;
pub use subscription::Subscription;
pub use tls::Tls;
pub use trace::Trace;

pub use self::import::Import;

/// What the names of variables begin with.
const PREFIX: &str = "PLUMBLINE";

/// The defaults with their comments: the manual of the settings.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Settings that were checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port of the server.
    pub listen: SocketAddr,
    /// The database.
    pub database: Database,
    /// The certificate; none leaves encryption to a proxy.
    pub tls: Option<Tls>,
    /// Limits of a request.
    pub http: Http,
    /// What strangers may do.
    pub public: Public,
    /// An issuer of signed sign-ins, if there is one.
    pub oidc: Option<Oidc>,
    /// Limits of files that come in.
    pub import: Import,
    /// Limits of a query.
    pub graphql: Graphql,
    /// Limits of tables that leave.
    pub export: Export,
    /// Limits of what stays open.
    pub subscription: Subscription,
    /// What one client may ask.
    pub limit: Limit,
    /// Who may read the metrics.
    pub metrics: MetricsReader,
    /// Where traces are sent; none sends none.
    pub trace: Option<Trace>,
    /// Calculations at the same time.
    pub parallel: NonZeroUsize,
    /// Log filter.
    pub log_filter: String,
    /// Whether log lines are JSON.
    pub log_json: bool,
    /// Variables that begin like a setting and are none: they are told and not followed.
    pub unknown_variables: Vec<String>,
}

/// The database.
#[derive(Clone)]
pub struct Database {
    /// Its URL.
    pub url: String,
    /// Connections kept open at most.
    pub max_connections: u32,
    /// How long to wait for a free one.
    pub acquire_timeout: Duration,
}

/// Its URL may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = redacted(&self.url);
        f.debug_struct("Database").field("url", &url).finish_non_exhaustive()
    }
}

/// What the command line overrides.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--listen`
    pub listen: Option<String>,
    /// `--database-url`
    pub database_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    listen: String,
    database_url: String,
    database_url_file: String,
    database: RawDatabase,
    tls: tls::RawTls,
    http: RawHttp,
    public: public::RawPublic,
    oidc: oidc::RawOidc,
    import: import::RawImport,
    graphql: graphql::RawGraphql,
    export: export::RawExport,
    subscription: RawSubscription,
    limit: limit::RawLimit,
    metrics: metrics::RawMetrics,
    trace: trace::RawTrace,
    compute: RawCompute,
    log: RawLog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDatabase {
    max_connections: u32,
    acquire_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCompute {
    parallel: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLog {
    filter: String,
    format: String,
}

impl Config {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and says how to mend it.
    pub fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        let mut builder = ::config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = file {
            builder = builder.add_source(File::from(path).format(FileFormat::Toml));
        }
        let (known, unknown_variables) = variables(std::env::vars_os());
        let environment = Environment::with_prefix(PREFIX)
            .prefix_separator("_")
            .separator("__")
            .try_parsing(true)
            .source(Some(known));
        let mut raw: Raw = builder
            .add_source(environment)
            .set_override_option("listen", overrides.listen.clone())?
            .set_override_option("database_url", overrides.database_url.clone())?
            .build()?
            .try_deserialize()?;
        // What the command line says counts more than any file.
        if overrides.database_url.is_none() && !raw.database_url_file.is_empty() {
            raw.database_url = secret::of_file("database_url_file", &raw.database_url_file)?;
        }
        Ok(Config {
            unknown_variables,
            ..raw.validate()?
        })
    }
}

impl Raw {
    fn validate(self) -> Result<Config, ConfigError> {
        let listen = self.listen.parse().map_err(|_| ConfigError::Value {
            key: "listen",
            problem: format!(
                "`{}` is not an address with a port; write 127.0.0.1:8000 or [::1]:8000",
                self.listen
            ),
        })?;
        if !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| self.database_url.starts_with(scheme))
        {
            let problem = "write sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned();
            return Err(ConfigError::Value {
                key: "database_url",
                problem,
            });
        }
        let log_json = match self.log.format.as_str() {
            "text" => false,
            "json" => true,
            other => {
                return Err(ConfigError::Value {
                    key: "log.format",
                    problem: format!("`{other}` is neither `text` nor `json`"),
                });
            }
        };
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Config {
            listen,
            database: Database {
                url: self.database_url,
                max_connections: u32::try_from(positive(
                    "database.max_connections",
                    u64::from(self.database.max_connections),
                )?)
                .unwrap_or(u32::MAX),
                acquire_timeout: Duration::from_secs(positive(
                    "database.acquire_seconds",
                    self.database.acquire_seconds,
                )?),
            },
            tls: self.tls.validate()?,
            http: self.http.validate()?,
            public: self.public.validate(listen)?,
            oidc: self.oidc.validate()?,
            import: self.import.validate()?,
            export: self.export.validate()?,
            subscription: self.subscription.validate()?,
            limit: self.limit.validate()?,
            metrics: self.metrics.validate()?,
            trace: self.trace.validate()?,
            graphql: self.graphql.validate()?,
            parallel: NonZeroUsize::new(self.compute.parallel).unwrap_or(cores),
            log_filter: self.log.filter,
            log_json,
            unknown_variables: Vec::new(),
        })
    }
}

/// The environment's settings, and the names that look like settings and are none: misspelt, or another program's.
fn variables(all: impl Iterator<Item = (OsString, OsString)>) -> (HashMap<String, String>, Vec<String>) {
    let defaults: toml::Table = DEFAULTS.parse().unwrap_or_default();
    let mut names: HashSet<String> = HashSet::new();
    for (key, value) in &defaults {
        match value {
            toml::Value::Table(inner) => names.extend(
                inner
                    .keys()
                    .map(|name| format!("{PREFIX}_{key}__{name}").to_uppercase()),
            ),
            _ => drop(names.insert(format!("{PREFIX}_{key}").to_uppercase())),
        }
    }
    let (mut known, mut unknown) = (HashMap::new(), Vec::new());
    for (name, value) in all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))) {
        // The command line has followed this one already.
        if !name.starts_with(PREFIX) || name == "PLUMBLINE_CONFIG" {
            continue;
        }
        if names.contains(&name) {
            known.insert(name, value);
        } else if name.starts_with("PLUMBLINE_") {
            unknown.push(name);
        }
    }
    unknown.sort();
    (known, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), text).unwrap();
        Config::load(Some(file.path()), &Overrides::default())
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(load("").unwrap().listen.port(), 8000);
    }

    #[test]
    fn strangers_read_where_the_server_answers_its_own_machine_alone() {
        for (text, expected) in [
            ("", Public::Published),
            ("listen = \"[::1]:1\"", Public::Published),
            ("listen = \"0.0.0.0:8000\"", Public::Nothing),
            ("listen = \"10.1.2.3:8000\"", Public::Nothing),
            ("[public]\nread = \"nothing\"", Public::Nothing),
            (
                "listen = \"0.0.0.0:8000\"\n[public]\nread = \"published\"",
                Public::Published,
            ),
        ] {
            assert_eq!(load(text).unwrap().public, expected, "{text}");
        }
    }

    #[test]
    fn a_file_needs_only_what_differs() {
        assert_eq!(load("[graphql]\nmax_depth = 7").unwrap().graphql.max_depth, 7);
    }

    #[test]
    fn bad_settings_are_named() {
        for (text, named) in [
            ("listen = \"here\"", "listen"),
            ("database_url = \"mysql://x\"", "database_url"),
            ("[graphql]\nmax_depht = 7", "max_depht"),
            ("[graphql]\nmax_page = 0", "graphql.max_page"),
            ("[http]\nallowed_origins = \"board.example\"", "http.allowed_origins"),
            ("[subscription]\npoll_millis = 0", "subscription.poll_millis"),
            ("[trace]\nendpoint = \"collector:4318\"", "trace.endpoint"),
            ("[tls]\ncertificate = \"a.pem\"", "tls.key"),
            ("database_url_file = \"nowhere\"", "database_url_file"),
            ("[metrics]\nread = \"all\"", "metrics.read"),
            ("[limit]\ntrusted_proxies = \"proxy\"", "limit.trusted_proxies"),
            ("[log]\nformat = \"xml\"", "log.format"),
            ("[public]\nread = \"everything\"", "public.read"),
            (
                "[oidc]\nissuer = \"https://sso\"\naudience = \"a\"\nkeys = \"http://sso/keys\"",
                "oidc.keys",
            ),
            (
                "[oidc]\nissuer = \"https://sso\"\nkeys = \"keys.json\"",
                "oidc.audience",
            ),
            (
                "[oidc]\nissuer = \"https://sso\"\nkeys = \"k\"\nalgorithms = \"HS256\"",
                "oidc.algorithms",
            ),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
