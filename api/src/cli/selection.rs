//! Options that choose figures, as the export and the template take them.

use std::str::FromStr;

use analytics::period::Period;
use clap::Args;
use entity::choice::OrgLevel;

use super::fault::CommandError;
use crate::service::selector::{self, IndicatorSelector, OrgSelector};

#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Code of an indicator; may be given several times.
    #[arg(long)]
    indicator: Vec<String>,
    /// Code of a theme.
    #[arg(long)]
    theme: Option<String>,
    /// Code of an organisation; may be given several times.
    #[arg(long)]
    org: Vec<String>,
    /// All organisations below this one.
    #[arg(long)]
    within: Option<String>,
    /// Only organisations of this level: PROVINCE, CITY, DISTRICT, STREET, COMMUNITY, DEPARTMENT.
    #[arg(long, value_parser = level)]
    level: Option<OrgLevel>,
}

impl Selection {
    pub(super) fn indicators(&self) -> IndicatorSelector {
        IndicatorSelector {
            codes: some(&self.indicator),
            theme: self.theme.clone(),
        }
    }

    pub(super) fn orgs(&self) -> OrgSelector {
        OrgSelector {
            codes: some(&self.org),
            within: self.within.clone(),
            with_self: false,
            level: self.level,
        }
    }
}

fn some(codes: &[String]) -> Option<Vec<String>> {
    (!codes.is_empty()).then(|| codes.to_vec())
}

fn level(text: &str) -> Result<OrgLevel, String> {
    selector::level(text).map_err(|error| error.hint().unwrap_or_default().to_owned())
}

/// A period of an option.
pub(super) fn period(text: &str) -> Result<Period, String> {
    Period::from_str(text).map_err(|error| error.to_string())
}

/// A time of an option, in µs since the epoch.
pub(super) fn time(text: &str) -> Result<i64, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp_micros())
        .map_err(|_| "write it as 2021-12-27T09:00:00+08:00".to_owned())
}

/// A time as texts tell it.
pub(super) fn told(micros: Option<i64>) -> String {
    micros
        .and_then(chrono::DateTime::from_timestamp_micros)
        .map_or_else(String::new, |time| {
            time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
        })
}

/// Writes a file, saying which one could not be.
pub(super) fn write(path: &std::path::Path, bytes: &[u8]) -> Result<(), CommandError> {
    std::fs::write(path, bytes).map_err(CommandError::io(format!("cannot write {}", path.display())))
}
