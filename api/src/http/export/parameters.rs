//! What an address asks for: which rows, and how they are written.

use std::collections::HashSet;
use std::str::FromStr;

use analytics::op::Comparability;
use analytics::period::Period;
use analytics::status::Status;
use chrono::DateTime;

use crate::error::Error;
use crate::export::form::Style;
use crate::export::table::Labels;
use crate::service::availability::Question;
use crate::service::compare::{self, Baseline};
use crate::service::hierarchy::{Hierarchy, View};
use crate::service::observation_table::Slice;
use crate::service::provisional::Include;
use crate::service::selector::{IndicatorSelector, OrgSelector, level};

const BASELINES: [(&str, Baseline); 7] = [
    ("PREVIOUS_YEAR", Baseline::PreviousYear),
    ("PREVIOUS_PERIOD", Baseline::PreviousPeriod),
    ("PERIOD", Baseline::Period),
    ("AVERAGE_GROWTH", Baseline::AverageGrowth),
    ("TARGET", Baseline::Target),
    ("PARENT", Baseline::Parent),
    ("PEERS", Baseline::Peers),
];
const COMPARABILITIES: [(&str, Comparability); 2] = [("ALL", Comparability::All), ("MATCHED", Comparability::Matched)];
const HIERARCHIES: [(&str, Hierarchy); 3] = [
    ("AS_REPORTED", Hierarchy::AsReported),
    ("CURRENT", Hierarchy::Current),
    ("AS_OF", Hierarchy::AsOf),
];
const INCLUDES: [(&str, Include); 2] = [("PUBLISHED", Include::Published), ("PROVISIONAL", Include::Provisional)];
/// Parameters that take several values, in one or one after the other.
const LISTS: [&str; 3] = ["indicator", "org", "status"];
/// Parameters of every table.
const ALL: &str = "indicator, theme, org, within, self, level, period, asOf, include, labels, bom";

/// What is asked for.
pub(super) struct Asked {
    /// Which figures.
    pub(super) question: Question,
    /// With totals rows.
    pub(super) totals: bool,
    /// In the form that an import takes.
    pub(super) edit: bool,
    /// How it is written.
    pub(super) style: Style,
    baseline: Baseline,
    base_period: Option<Period>,
    years: Option<i32>,
    comparability: Comparability,
    across_breaks: bool,
    hierarchy: Hierarchy,
    hierarchy_at: Option<Period>,
}

impl Asked {
    /// Reads the parameters; one that is not known is refused, so that a slip of the pen never widens a table.
    ///
    /// # Errors
    /// [`Error::Input`] with the parameters there are.
    pub(super) fn read(pairs: &[(String, String)], is_comparison: bool) -> Result<Self, Error> {
        let mut asked = Self {
            question: Question {
                indicators: IndicatorSelector::default(),
                orgs: OrgSelector::default(),
                exact: None,
                statuses: None,
                totals: None,
                from: None,
                to: None,
                as_of: None,
                include: Include::Published,
            },
            totals: false,
            edit: false,
            style: Style::default(),
            baseline: Baseline::PreviousYear,
            base_period: None,
            years: None,
            comparability: Comparability::All,
            across_breaks: false,
            hierarchy: Hierarchy::AsReported,
            hierarchy_at: None,
        };
        let mut once = HashSet::new();
        for (name, text) in pairs {
            if !LISTS.contains(&name.as_str()) && !once.insert(name) {
                return Err(Error::input(
                    format!("`{}` stands twice", name.chars().take(80).collect::<String>()),
                    "write it once; indicator, org and status take several, as org=a,b",
                ));
            }
            let is_taken = asked.general(name, text)?
                || if is_comparison {
                    asked.of_comparison(name, text)?
                } else {
                    asked.of_observations(name, text)?
                };
            if !is_taken {
                let own = if is_comparison {
                    "baseline, basePeriod, years, comparability, acrossBreaks, hierarchy and hierarchyAt"
                } else {
                    "from, to, status, breakdowns, totals and edit"
                };
                return Err(Error::input(
                    format!("there is no parameter `{}`", name.chars().take(80).collect::<String>()),
                    format!("the parameters are {ALL}, {own}"),
                ));
            }
        }
        if asked.question.orgs.with_self && asked.question.orgs.within.is_none() {
            return Err(Error::input(
                "`self` goes with `within`",
                "name the organisation whose figures are to stand beside those below it",
            ));
        }
        Ok(asked)
    }

    fn general(&mut self, name: &str, text: &str) -> Result<bool, Error> {
        let (indicators, orgs) = (&mut self.question.indicators, &mut self.question.orgs);
        match name {
            "indicator" => indicators.codes.get_or_insert_default().extend(list(name, text)?),
            "theme" => indicators.theme = Some(text.to_owned()),
            "org" => orgs.codes.get_or_insert_default().extend(list(name, text)?),
            "within" => orgs.within = Some(text.to_owned()),
            "self" => orgs.with_self = switch(name, text)?,
            "level" => orgs.level = Some(level(text)?),
            "period" => self.question.exact = Some(period(text)?),
            "asOf" => self.question.as_of = Some(time(text)?),
            "include" => self.question.include = choice(name, text, &INCLUDES)?,
            "bom" => self.style.with_mark = switch(name, text)?,
            "labels" => {
                self.style.labels = choice(name, text, &[("codes", Labels::Names), ("zh", Labels::Chinese)])?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn of_observations(&mut self, name: &str, text: &str) -> Result<bool, Error> {
        match name {
            "from" => self.question.from = Some(period(text)?.start_month()),
            "to" => self.question.to = Some(period(text)?.end_month()),
            "status" => {
                let status = |text: String| {
                    Status::from_str(&text).map_err(|_| {
                        Error::input(
                            format!("there is no status `{}`", text.chars().take(80).collect::<String>()),
                            "write NORMAL, PROVISIONAL, ESTIMATED, LOWER_BOUND, MISSING, NOT_APPLICABLE or SUPPRESSED",
                        )
                    })
                };
                let read = list(name, text)?.into_iter().map(status);
                let read = read.collect::<Result<Vec<_>, _>>()?;
                self.question.statuses.get_or_insert_default().extend(read);
            }
            "breakdowns" => self.question.totals = Some(!switch(name, text)?),
            "totals" => self.totals = switch(name, text)?,
            "edit" => self.edit = switch(name, text)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn of_comparison(&mut self, name: &str, text: &str) -> Result<bool, Error> {
        match name {
            "baseline" => self.baseline = choice(name, text, &BASELINES)?,
            "basePeriod" => self.base_period = Some(period(text)?),
            "years" => {
                let years = text.parse();
                self.years = Some(years.map_err(|_| Error::input("`years` is no number", "write it as years=2"))?);
            }
            "comparability" => self.comparability = choice(name, text, &COMPARABILITIES)?,
            "acrossBreaks" => self.across_breaks = switch(name, text)?,
            "hierarchy" => self.hierarchy = choice(name, text, &HIERARCHIES)?,
            "hierarchyAt" => self.hierarchy_at = Some(period(text)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Which rows.
    pub(super) fn slice(&self) -> Slice {
        Slice {
            totals: self.totals,
            ..Slice::default()
        }
    }

    /// What is to be compared.
    ///
    /// # Errors
    /// [`Error::Input`] without a period.
    pub(super) fn comparison(self, max_cells: u64) -> Result<compare::Question, Error> {
        let lacking = || Error::input("`period` is missing", "name the period to compare, as period=2021");
        Ok(compare::Question {
            indicators: self.question.indicators,
            orgs: self.question.orgs,
            period: self.question.exact.ok_or_else(lacking)?,
            baseline: self.baseline,
            base_period: self.base_period,
            years: self.years,
            comparability: self.comparability,
            across_breaks: self.across_breaks,
            view: View::new(self.hierarchy, self.hierarchy_at)?,
            as_of: self.question.as_of,
            include: self.question.include,
            max_cells,
        })
    }
}

/// The values of a list. An empty one would look like a table without rows.
fn list(name: &str, text: &str) -> Result<Vec<String>, Error> {
    let values = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let values: Vec<String> = values.map(str::to_owned).collect();
    if values.is_empty() {
        return Err(Error::input(
            format!("`{name}` is empty"),
            "leave it out to take all, or write codes with commas between them",
        ));
    }
    Ok(values)
}

fn switch(name: &str, text: &str) -> Result<bool, Error> {
    choice(
        name,
        text,
        &[("1", true), ("0", false), ("true", true), ("false", false)],
    )
}

fn choice<T: Copy>(name: &str, text: &str, choices: &[(&str, T)]) -> Result<T, Error> {
    let found = choices.iter().find(|(known, _)| known.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let text: String = text.chars().take(80).collect();
        Error::input(
            format!("`{name}` is not `{text}`"),
            format!("write one of {}", known.join(", ")),
        )
    })
}

fn period(text: &str) -> Result<Period, Error> {
    Period::from_str(text)
        .map_err(|error| Error::input(error.to_string(), "write it as 2021, 2021-09 or 2021-01/2021-09"))
}

/// A time, in µs since the epoch.
pub(in crate::http) fn time(text: &str) -> Result<i64, Error> {
    // A plus sign of an address is a space.
    let text = text.replace(' ', "+");
    DateTime::parse_from_rfc3339(&text)
        .map(|time| time.timestamp_micros())
        .map_err(|_| Error::input("`asOf` is no time", "write it as 2021-12-27T09:00:00Z"))
}
