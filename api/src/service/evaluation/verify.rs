//! A sealed run held against its bytes, its own rules, and everything that is stored: what was sealed must come out again.

use analytics::score::ENGINE;
use serde_json::Value;
use strum::Display;

use super::overlay::Overlay;
use super::query::EvaluationQuery;
use super::seal::{Sealed, Selection, bytes};
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Sight;

/// Differences that are told.
const MOST: usize = 100;

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// The bytes are those that were sealed, and the database gives them again.
    Reproduced,
    /// The stored bytes are not those that were sealed.
    Altered,
    /// The bytes are intact, and the database gives others: what they rest on was changed past the history.
    Different,
    /// It was sealed under other rules of scoring; the bytes are intact.
    OtherEngine,
}

/// The outcome of a verification.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What came out.
    pub verdict: Verdict,
    /// Where sealed and recomputed differ, as `place: sealed → recomputed`; at most a hundred.
    pub differences: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

impl Service {
    /// Recomputes a run from the database, as of the time that it was sealed at, and compares bytes.
    ///
    /// # Errors
    /// As [`Service::evaluate`].
    pub async fn verify_evaluation(&self, sight: &Sight, sealed: &Sealed) -> Result<Verified, Error> {
        // The places name organisations and their scores.
        let most = if sight.is_all() { MOST } else { 0 };
        let verdict = |verdict, differences: Vec<String>| Verified {
            verdict,
            more: differences.len().saturating_sub(most),
            differences: differences.into_iter().take(most).collect(),
        };
        if u32::try_from(sealed.row.engine) != Ok(ENGINE) {
            let found = if sealed.is_intact {
                Verdict::OtherEngine
            } else {
                Verdict::Altered
            };
            return Ok(verdict(found, Vec::new()));
        }
        let again = self.again(sealed).await?;
        let same = again == sealed.row.result;
        if sealed.is_intact && same {
            return Ok(verdict(Verdict::Reproduced, Vec::new()));
        }
        let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(Error::internal);
        let mut differences = Vec::new();
        differ("", &parse(&sealed.row.result)?, &parse(&again)?, &mut differences);
        let found = if sealed.is_intact {
            Verdict::Different
        } else {
            Verdict::Altered
        };
        Ok(verdict(found, differences))
    }

    /// The bytes of the same question now.
    async fn again(&self, sealed: &Sealed) -> Result<String, Error> {
        let query: EvaluationQuery = Selection::query(&sealed.row, &sealed.scheme)?;
        let snapshot = self.snapshot().await?;
        let result = self
            .result(
                &self.db,
                snapshot,
                &sealed.scheme,
                (&query, query.as_of),
                Overlay::default(),
            )
            .await?;
        bytes(&result)
    }
}

/// Where two values differ, the smallest parts first.
fn differ(place: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let here = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                differ(&here, value, other.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for place_of in 0..one.len().max(other.len()) {
                let at = |list: &[Value]| list.get(place_of).cloned().unwrap_or(Value::Null);
                let name = ["org", "code"]
                    .iter()
                    .find_map(|key| at(one).get(key)?.as_str().map(str::to_owned));
                let here = format!("{place}[{}]", name.unwrap_or_else(|| place_of.to_string()));
                differ(&here, &at(one), &at(other), found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{place}: {one} → {other}")),
    }
}
