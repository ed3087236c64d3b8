//! From a framework's file to what scores by it, and every fault on the way, each at its line.

mod order;
mod rule;

use std::collections::HashMap;

use analytics::score::check::{Fault, Problem as Wrong, check};
use analytics::score::framework::{Criterion, Framework, Grade, Node};
use rust_decimal::Decimal;
use toml::Spanned;

pub use analytics::score::check::Facts;

use super::rule::unique;
use crate::intake::catalog::entry::Placed;
use crate::intake::catalog::entry::framework as entry;
use crate::intake::problem::Problem;

/// What is known of an indicator's code.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// Nobody looked yet.
    Unchecked,
    /// There is none; how to find the right one.
    Unknown(String),
    /// Its key, and what rules are held against; none where they were held against it before.
    Known(i64, Option<Facts>),
}

/// A framework that can be scored by, and where each of its nodes stands in the file.
#[derive(Clone, Debug)]
pub struct Built {
    /// What scores.
    pub framework: Framework,
    /// By node: its place in the entry's list.
    pub places: Vec<usize>,
}

/// Builds a framework and holds it against itself and, where `lookup` knows them, against its indicators.
///
/// # Errors
/// Every fault.
pub fn build(placed: &Placed<entry::Framework>, lookup: impl Fn(&str) -> Lookup) -> Result<Built, Vec<Problem>> {
    let mut faults = Vec::new();
    let built = Builder {
        placed,
        faults: &mut faults,
    }
    .build(&lookup);
    if faults.is_empty() { Ok(built) } else { Err(faults) }
}

/// One framework under construction.
struct Builder<'a> {
    placed: &'a Placed<entry::Framework>,
    faults: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn build(mut self, lookup: &impl Fn(&str) -> Lookup) -> Built {
        let entry = &self.placed.entry;
        self.codes();
        let tracks: Vec<String> = entry.track.iter().map(|track| track.code.get_ref().clone()).collect();
        let places = self.order();
        let at: HashMap<&str, usize> = places
            .iter()
            .enumerate()
            .map(|(node, place)| (entry.node[*place].code.get_ref().as_str(), node))
            .collect();
        let mut known: HashMap<i64, Facts> = HashMap::new();
        let mut nodes = Vec::with_capacity(places.len());
        for place in &places {
            let node = &entry.node[*place];
            let parent = node
                .parent
                .as_ref()
                .and_then(|code| at.get(code.get_ref().as_str()).copied());
            nodes.push(Node {
                code: node.code.get_ref().clone(),
                parent,
                weights: self.weights(node, &tracks),
                criterion: self.criterion(node, &tracks, lookup, &mut known),
            });
        }
        let framework = Framework {
            total: self.decimal("total", &entry.total).unwrap_or_default(),
            decimals: entry.decimals,
            tracks,
            nodes,
            grades: self.grades(),
        };
        // What could not be read was told; what follows from it would only confuse.
        if self.faults.is_empty() {
            for fault in check(&framework, |id| known.get(&id).copied()) {
                self.tell(&fault, &places);
            }
        }
        Built { framework, places }
    }

    fn fault(&mut self, at: std::ops::Range<usize>, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(self.placed.problem(at, key, message, hint));
    }

    fn codes(&mut self) {
        let entry = &self.placed.entry;
        let version = &entry.version;
        if version.get_ref().trim().is_empty() || version.get_ref().chars().count() > 40 {
            self.fault(
                version.span(),
                "version",
                "the version has no name of 1 to 40 characters",
                "write it as \"2025\"",
            );
        }
        let each = |spans: Vec<Spanned<String>>| -> Vec<Placed<Spanned<String>>> {
            let place = |code| Placed {
                file: std::sync::Arc::clone(&self.placed.file),
                entry: code,
            };
            spans.into_iter().map(place).collect()
        };
        let tracks = each(entry.track.iter().map(|track| track.code.clone()).collect());
        let nodes = each(entry.node.iter().map(|node| node.code.clone()).collect());
        let grades = each(entry.grade.iter().map(|grade| grade.code.clone()).collect());
        for (what, codes) in [("track", tracks), ("node", nodes), ("grade", grades)] {
            unique(&codes, what, |code| code, self.faults);
        }
        for node in &entry.node {
            if node.name.is_none() && node.indicator.is_none() {
                let hint = "write name = { zh = \"…\", en = \"…\" }";
                self.fault(node.code.span(), "name", "a node without indicator needs a name", hint);
            }
        }
    }

    fn decimal(&mut self, key: &str, text: &Spanned<String>) -> Option<Decimal> {
        // Far from the ends of decimals, so that no calculation leaves them.
        let number = text.get_ref().trim().parse::<Decimal>().ok();
        let number =
            number.filter(|number| number.scale() <= 12 && number.abs() < Decimal::from(1_000_000_000_000_i64));
        if number.is_none() {
            let message = format!("`{}` is not a decimal number", text.get_ref());
            self.fault(
                text.span(),
                key,
                message,
                "write it as \"12.5\", below 10^12 and with at most 12 digits after the point",
            );
        }
        number
    }

    fn weights(&mut self, node: &entry::Node, tracks: &[String]) -> Vec<Option<Decimal>> {
        match (&node.weight, &node.weights) {
            (Some(weight), None) => vec![self.decimal("weight", weight); tracks.len()],
            (None, Some(weights)) => {
                for (code, weight) in weights {
                    if !tracks.contains(code) {
                        let hint = format!("the tracks are {}", tracks.join(", "));
                        self.fault(weight.span(), "weights", format!("there is no track `{code}`"), hint);
                    }
                }
                let of = |track: &String| weights.get(track).and_then(|weight| self.decimal("weights", weight));
                tracks.iter().map(of).collect()
            }
            (Some(weight), Some(_)) => {
                let hint = "keep weight where all tracks have the same, and weights where they differ";
                self.fault(weight.span(), "weight", "a node has weight or weights, not both", hint);
                vec![None; tracks.len()]
            }
            (None, None) => vec![None; tracks.len()],
        }
    }

    fn criterion(
        &mut self,
        node: &entry::Node,
        tracks: &[String],
        lookup: &impl Fn(&str) -> Lookup,
        known: &mut HashMap<i64, Facts>,
    ) -> Option<Criterion> {
        let indicator = node.indicator.as_ref().and_then(|code| match lookup(code.get_ref()) {
            Lookup::Known(id, facts) => {
                known.extend(facts.map(|facts| (id, facts)));
                Some(id)
            }
            Lookup::Unknown(hint) => {
                self.fault(
                    code.span(),
                    "indicator",
                    format!("there is no indicator `{}`", code.get_ref()),
                    hint,
                );
                None
            }
            // Any key tells that there is one.
            Lookup::Unchecked => Some(0),
        });
        let (rule, missing) = self.rule(node, tracks)?;
        Some(Criterion {
            indicator,
            rule,
            missing,
        })
    }

    fn grades(&mut self) -> Vec<Grade> {
        let entry = &self.placed.entry;
        let mut grades = Vec::with_capacity(entry.grade.len());
        for grade in &entry.grade {
            let least = self.decimal("at_least", &grade.at_least).unwrap_or_default();
            grades.push(Grade {
                code: grade.code.get_ref().clone(),
                least,
            });
        }
        grades
    }

    /// A fault of the calculation, at the line of its node.
    fn tell(&mut self, fault: &Fault, places: &[usize]) {
        let entry = &self.placed.entry;
        let node = fault.node.and_then(|node| entry.node.get(*places.get(node)?));
        let span = node.map_or_else(|| entry.code.span(), |node| node.code.span());
        let key = match fault.problem {
            Wrong::Sum { .. } | Wrong::Orphan(_) | Wrong::Weightless | Wrong::Adjustment => "weight",
            Wrong::Grades => "grade",
            Wrong::Bands(_) | Wrong::Lost { .. } => "bands",
            _ => "rule",
        };
        let name = node.map_or_else(String::new, |node| format!("`{}`: ", node.code.get_ref()));
        self.fault(span, key, format!("{name}{}", fault.problem), hint(&fault.problem));
    }
}

fn hint(problem: &Wrong) -> &'static str {
    match problem {
        Wrong::Sum { .. } => {
            "the weights at the top add up to the total, and those below a dimension to its own, exactly"
        }
        Wrong::Orphan(_) => "give the dimension a weight in that track, or take this one away",
        Wrong::Weightless => "write weight = \"10\", or weights = { track = \"10\" }",
        Wrong::Adjustment => "take weight and parent away",
        Wrong::NotALeaf => "a node has a rule, or nodes below it",
        Wrong::Kind { .. } => "YES_NO goes with a YES_NO indicator, DEDUCT, BONUS and PENALTY with a COUNT",
        Wrong::Indicator { .. } => "MANUAL, and BONUS and PENALTY without each, have no indicator; all others have one",
        Wrong::Direction { .. } => "turn the rule around, or correct the indicator's polarity",
        Wrong::Range { .. } => "numbers of a rule stand in the unit of the indicator: 97.5 is 97.5 %",
        Wrong::Grades => "list the best grade first",
        _ => "see catalog/README.md for what each rule takes",
    }
}
