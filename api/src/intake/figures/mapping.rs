//! What the columns and words of a file mean, where it does not say so itself: a small TOML file, and the same as it was detected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::plain::{compact, split_unit};
use super::span;
use super::word::{Meaning, Words};
use crate::intake::problem::Problem;

/// A mapping as its file gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The only sheet to be read; every visible one when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// First and last row of the header, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<[u32; 2]>,
    /// Fields that no column gives: `period = "2021"`, `org = "…"`.
    #[serde(default, rename = "default", skip_serializing_if = "BTreeMap::is_empty")]
    pub defaults: BTreeMap<String, String>,
    /// Header to meaning: a field, `ignore`, an indicator's code, or `org:`, `period:`, `breakdown:` with a code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Word to meaning: a status, a number, or `blank`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
    /// Texts of the first column whose rows are left out, such as totals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_rows: Vec<String>,
}

/// What a header means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Dims {
    pub(super) indicator: Option<String>,
    pub(super) org: Option<String>,
    pub(super) period: Option<String>,
    pub(super) breakdown: Option<String>,
    pub(super) unit: Option<String>,
}

impl Dims {
    /// How much it says.
    pub(super) fn count(&self) -> usize {
        let told = [&self.indicator, &self.org, &self.period, &self.breakdown, &self.unit];
        told.into_iter().flatten().count()
    }

    pub(super) fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Indicator => self.indicator.as_deref(),
            Field::Org => self.org.as_deref(),
            Field::Period => self.period.as_deref(),
            Field::Breakdown => self.breakdown.as_deref(),
            Field::Unit => self.unit.as_deref(),
            _ => None,
        }
    }
}

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Nothing of it is imported.
    Ignored,
    /// A field of each row.
    Field(Field),
    /// Figures, and what their header says of them.
    Value(Dims),
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Every key that is not known and every meaning that is none.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
            let hint = "docs/import.md shows a mapping; `import FILE` prints the one it detected";
            vec![Problem::of_file(file, error.message().to_owned(), hint).at_line(line)]
        })?;
        let problems = mapping.problems(file);
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(problems)
        }
    }

    /// This mapping with a default of a field, if one is given.
    #[must_use]
    pub fn with_default(mut self, field: Field, text: Option<&str>) -> Self {
        if let Some(text) = text {
            self.defaults.insert(field.name().to_owned(), text.to_owned());
        }
        self
    }

    /// The mapping as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    fn problems(&self, file: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for name in self.defaults.keys().filter(|name| name.parse::<Field>().is_err()) {
            let hint = format!("the fields are {}", super::field::COLUMNS.join(", "));
            problems.push(Problem::of_file(file, format!("there is no field `{name}`"), hint).in_column("default"));
        }
        for (word, meaning) in &self.words {
            if word_meaning(meaning).is_none() {
                let message = format!("`{meaning}` is no meaning for `{word}`");
                let hint = "write MISSING, NOT_APPLICABLE, SUPPRESSED, blank, or a plain number";
                problems.push(Problem::of_file(file, message, hint).in_column("words"));
            }
        }
        for (label, meaning) in &self.columns {
            let period = meaning.strip_prefix("period:");
            if period.is_some_and(|period| span::parse(period, None).is_err()) {
                let message = format!("`{meaning}` names no period for `{label}`");
                problems
                    .push(Problem::of_file(file, message, "write it as period:2021-01/2021-09").in_column("columns"));
            }
        }
        if self
            .header
            .is_some_and(|[first, last]| first == 0 || last < first || last - first > 4)
        {
            let hint = "write the first and the last row, counted from 1, such as [3, 4]";
            problems.push(Problem::of_file(file, "the header's rows are no rows", hint).in_column("header"));
        }
        problems
    }

    /// The words, the usual ones among them.
    #[must_use]
    pub fn word_list(&self) -> Words {
        let given = self.words.iter();
        Words::new(
            given
                .filter_map(|(word, meaning)| Some((compact(word).into_owned(), word_meaning(meaning)?)))
                .collect(),
        )
    }

    /// What is said of a header, its spaces and the unit behind it left out.
    pub(super) fn role(&self, label: &str) -> Option<Role> {
        let (name, unit) = split_unit(label);
        let known = |text: &str| {
            let mut columns = self.columns.iter();
            columns
                .find(|(given, _)| compact(given) == text)
                .map(|(_, meaning)| meaning.as_str())
        };
        let meaning = known(label).or_else(|| known(name))?;
        let unit = unit.map(str::to_owned);
        if meaning == "ignore" {
            return Some(Role::Ignored);
        }
        if let Ok(field) = meaning.parse::<Field>() {
            return Some(if field == Field::Value {
                Role::Value(Dims {
                    unit,
                    ..Dims::default()
                })
            } else {
                Role::Field(field)
            });
        }
        let mut dims = Dims {
            unit,
            ..Dims::default()
        };
        let (kind, code) = meaning.split_once(':').unwrap_or(("indicator", meaning));
        let code = Some(code.to_owned());
        match kind {
            "org" => dims.org = code,
            "period" => dims.period = code,
            "breakdown" => dims.breakdown = code,
            "unit" => dims.unit = code,
            _ => dims.indicator = code,
        }
        Some(Role::Value(dims))
    }

    /// The default of a field.
    pub(super) fn default_of(&self, field: Field) -> Option<&str> {
        self.defaults
            .get(field.name())
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

impl Role {
    /// The meaning as a mapping writes it; none for a column that says all by itself.
    pub(super) fn meaning(&self) -> String {
        match self {
            Self::Ignored => "ignore".to_owned(),
            Self::Field(field) => field.name().to_owned(),
            Self::Value(dims) => {
                let told = [
                    ("", &dims.indicator),
                    ("org:", &dims.org),
                    ("period:", &dims.period),
                    ("breakdown:", &dims.breakdown),
                ];
                let parts: Vec<String> = told
                    .iter()
                    .filter_map(|(kind, code)| code.as_ref().map(|code| format!("{kind}{code}")))
                    .collect();
                if parts.is_empty() {
                    "value".to_owned()
                } else {
                    parts.join(" ")
                }
            }
        }
    }
}

fn word_meaning(meaning: &str) -> Option<Meaning> {
    if meaning == "blank" {
        return Some(Meaning::Blank);
    }
    if super::number::parse(meaning).is_ok() {
        return Some(Meaning::Number(meaning.to_owned()));
    }
    let status = super::word::status(meaning)?;
    (!status.has_value()).then_some(Meaning::Absent(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_read_and_its_faults_have_their_place() {
        let text = "header = [3, 4]\nignore_rows = [\"全区\"]\n[default]\nperiod = \"2021\"\n[columns]\n\"受 理\" = \"petition_received_count\"\n\"女\" = \"breakdown:sex=female\"\n\"序\" = \"ignore\"\n[words]\n\"无\" = \"0\"\n";
        let mapping = Mapping::parse("m.toml", text).unwrap();
        let Some(Role::Value(dims)) = mapping.role("受理(宗)") else {
            panic!()
        };
        assert_eq!(
            (dims.indicator.as_deref(), dims.unit.as_deref()),
            (Some("petition_received_count"), Some("宗"))
        );
        assert_eq!(
            mapping.role("女").map(|role| role.meaning()),
            Some("breakdown:sex=female".to_owned())
        );
        assert_eq!(mapping.role("序"), Some(Role::Ignored));
        assert_eq!(mapping.word_list().meaning("无"), Some(Meaning::Number("0".to_owned())));
        let told = |text: &str| Mapping::parse("m.toml", text).unwrap_err()[0].to_string();
        assert!(told("a = 1").contains("m.toml:1"));
        assert!(told("[words]\n\"无\" = \"NORMAL\"").contains("no meaning"));
        assert!(told("[default]\nperiode = \"2021\"").contains("there is no field `periode`"));
        assert!(told("header = [0, 4]").contains("no rows"));
    }
}
