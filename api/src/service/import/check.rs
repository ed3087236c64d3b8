//! The columns of a row against the catalogue, every fault with its column and the way to mend it.

use analytics::flag::{Flag, Flags};
use analytics::period::Period;
use analytics::status::Status;
use entity::choice::IndicatorKind;
use entity::indicator;
use strum::IntoEnumIterator;

use super::cell::Document;
use super::content::Content;
use crate::intake::figures::Row;
use crate::intake::problem::{Problem, suggest};
use crate::service::catalog::Catalog;

/// Flags that a file may give; the others are set by calculations.
const GIVEN: [Flag; 4] = [
    Flag::Break,
    Flag::BoundaryChanged,
    Flag::DerivedFromText,
    Flag::ScopeChanged,
];
/// Longest text of a column.
const LONGEST: usize = 2000;

/// One row under check.
pub(super) struct Check<'a> {
    pub(super) file: &'a str,
    pub(super) row: &'a Row,
    pub(super) catalog: &'a Catalog,
    pub(super) content: Content,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(super) fn fault(&mut self, column: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: Some(self.row.line),
            column: Some(column.to_owned()),
            message: message.into(),
            hint: hint.into(),
        });
    }

    pub(super) fn texts(&mut self) {
        for column in ["printed", "source_title", "source_url", "locator", "note"] {
            let text = self.row.get(column);
            if text.chars().count() > LONGEST {
                self.fault(
                    column,
                    "the text is too long",
                    format!("write at most {LONGEST} characters"),
                );
            } else if text.contains('\0') {
                self.fault(column, "the text holds a zero byte", "remove it");
            }
        }
    }

    /// A target is a plain number, or withdrawn.
    pub(super) fn target(&mut self) {
        if self.content == Content::Figures {
            return;
        }
        for column in ["breakdown", "flags"] {
            if self.row.some(column).is_some() {
                self.fault(column, format!("a target has no {column}"), "leave it blank");
            }
        }
        if self
            .row
            .some("status")
            .is_some_and(|status| !matches!(status, "NORMAL" | "MISSING"))
        {
            let hint = "leave it blank; write MISSING with a blank value to withdraw a target";
            self.fault("status", "a target is set or withdrawn", hint);
        }
    }

    pub(super) fn indicator(&mut self) -> Option<&'a indicator::Model> {
        let code = self.row.get("indicator");
        let Some(indicator) = self.catalog.indicator_by_code(code) else {
            let known = self
                .catalog
                .indicators()
                .iter()
                .map(|indicator| indicator.code.as_str());
            self.fault(
                "indicator",
                format!("there is no indicator `{}`", clip(code)),
                suggest(code, known, "the codes stand in the catalogue"),
            );
            return None;
        };
        if indicator.kind == IndicatorKind::Derived && self.content == Content::Figures {
            self.fault(
                "indicator",
                format!("`{code}` is computed from other indicators"),
                "give the figures it is computed from",
            );
            return None;
        }
        Some(indicator)
    }

    pub(super) fn period(&mut self) -> Option<Period> {
        match self.row.get("period").parse() {
            Ok(period) => Some(period),
            Err(error) => {
                let error: analytics::period::PeriodError = error;
                self.fault(
                    "period",
                    error.to_string(),
                    "the period is that of the figure, not of the report",
                );
                None
            }
        }
    }

    pub(super) fn org(&mut self, period: Option<Period>) -> Option<i64> {
        let text = self.row.get("org");
        let Some(org) = self
            .catalog
            .org_by_code_or_name(text)
            .and_then(|ordinal| self.catalog.org(ordinal))
        else {
            let known = self.catalog.orgs().iter().map(|org| org.code.as_str());
            self.fault(
                "org",
                format!("there is no organisation `{}`", clip(text)),
                suggest(text, known, "write its code or its full Chinese name"),
            );
            return None;
        };
        let outside = period.is_some_and(|period| {
            org.valid_from.is_some_and(|first| period.end_month() < first)
                || org.valid_to.is_some_and(|last| period.start_month() > last)
        });
        if outside {
            self.fault(
                "period",
                format!("`{}` did not exist then", org.code),
                "name the organisation that existed in this period",
            );
        }
        Some(org.id)
    }

    /// The key of an item written as `case_type=civil`; 0 for the total.
    pub(super) fn breakdown(&mut self) -> Option<i64> {
        let Some(text) = self.row.some("breakdown") else {
            return Some(0);
        };
        let found = text.split_once('=').and_then(|(breakdown, item)| {
            let breakdown = self.catalog.breakdowns().find(|row| row.code == breakdown)?;
            self.catalog
                .items()
                .find(|row| row.breakdown_id == breakdown.id && row.code == item)
        });
        if found.is_none() {
            let known: Vec<String> = self
                .catalog
                .items()
                .filter_map(|item| {
                    Some(format!(
                        "{}={}",
                        self.catalog.breakdown(item.breakdown_id)?.code,
                        item.code
                    ))
                })
                .collect();
            let hint = suggest(
                text,
                known.iter().map(String::as_str),
                "write breakdown=item with codes of the catalogue, or leave it blank",
            );
            self.fault(
                "breakdown",
                format!("there is no breakdown item `{}`", clip(text)),
                hint,
            );
        }
        found.map(|item| item.id)
    }

    pub(super) fn status(&mut self) -> Option<Status> {
        let has_value = self.row.some("value").is_some();
        let status = match self.row.some("status") {
            None if has_value => Status::Normal,
            None => {
                self.fault(
                    "value",
                    "the value is blank",
                    "write the number, or say in `status` MISSING, NOT_APPLICABLE or SUPPRESSED",
                );
                return None;
            }
            Some(text) => match text.parse::<Status>() {
                Ok(status) => status,
                Err(_) => {
                    let names: Vec<String> = Status::iter().map(|status| status.to_string()).collect();
                    self.fault(
                        "status",
                        format!("`{}` is not a status", clip(text)),
                        format!("write one of {}", names.join(", ")),
                    );
                    return None;
                }
            },
        };
        match (status.has_value(), has_value) {
            (true, false) => self.fault(
                "value",
                format!("{status} needs a number"),
                "write the number, or another status",
            ),
            (false, true) => self.fault(
                "value",
                format!("{status} has no number"),
                "leave the value blank, or write another status",
            ),
            _ => return Some(status),
        }
        None
    }

    pub(super) fn flags(&mut self) -> Option<Flags> {
        let mut flags = Flags::NONE;
        for name in self
            .row
            .get("flags")
            .split('|')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match name.parse::<Flag>().ok().filter(|flag| GIVEN.contains(flag)) {
                Some(flag) => flags = flags.with(flag),
                None => {
                    let hint = format!("write {} joined by |", GIVEN.map(|flag| flag.to_string()).join(", "));
                    self.fault(
                        "flags",
                        format!("`{}` is not a flag that a file gives", clip(name)),
                        hint,
                    );
                    return None;
                }
            }
        }
        Some(flags)
    }

    pub(super) fn document(&mut self) -> Option<Document> {
        let published_on = self.row.some("published_on").map(str::to_owned);
        if let Some(date) = &published_on
            && (date.len() != 10 || chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_err())
        {
            self.fault(
                "published_on",
                format!("`{}` is not a date", clip(date)),
                "write it as 2021-12-27",
            );
        }
        let Some(title) = self.row.some("source_title") else {
            if self.row.some("source_url").is_some() || published_on.is_some() {
                self.fault(
                    "source_title",
                    "a source has no title",
                    "write the title of the document",
                );
            }
            return None;
        };
        Some(Document {
            title: title.to_owned(),
            address: self.row.get("source_url").to_owned(),
            published_on,
        })
    }
}

/// A message repeats what was written, but not megabytes of it.
pub(super) fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}
