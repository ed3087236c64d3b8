//! A node's rule with the keys that it takes, and no others.

use analytics::score::framework::{Band, Bound, Goal, Missing, Rule, RuleKind};
use rust_decimal::Decimal;
use toml::Spanned;

use super::Builder;
use crate::intake::catalog::check::rule::one_of;
use crate::intake::catalog::entry::framework as entry;

/// The keys of rules, and whether a node has them.
fn given(node: &entry::Node) -> [(&'static str, bool); 12] {
    [
        ("target", node.target.is_some()),
        ("zero", node.zero.is_some()),
        ("from", node.from.is_some()),
        ("to", node.to.is_some()),
        ("bands", node.bands.is_some()),
        ("each", node.each.is_some()),
        ("free", node.free.is_some()),
        ("at_least or at_most", node.at_least.is_some() || node.at_most.is_some()),
        ("wanted", node.wanted.is_some()),
        ("peers", node.peers.is_some()),
        ("lower_better", node.lower_better.is_some()),
        ("cap", node.cap.is_some()),
    ]
}

/// The keys that a rule must have and may have.
fn keys(kind: RuleKind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        RuleKind::Target => (&["target", "zero"], &[]),
        RuleKind::Linear => (&["from", "to"], &[]),
        RuleKind::Bands => (&["bands"], &[]),
        RuleKind::Deduct => (&["each"], &["free"]),
        RuleKind::Threshold => (&["at_least or at_most"], &[]),
        RuleKind::YesNo => (&[], &["wanted"]),
        RuleKind::Manual => (&[], &[]),
        RuleKind::MinMax | RuleKind::Percentile => (&["peers"], &["lower_better"]),
        RuleKind::Bonus | RuleKind::Penalty => (&["cap"], &["each"]),
        RuleKind::Veto => (&["at_least or at_most", "cap"], &[]),
    }
}

impl Builder<'_> {
    /// The rule and the missing policy; none for a dimension, or where they cannot be read.
    pub(super) fn rule(&mut self, node: &entry::Node, tracks: &[String]) -> Option<(Rule, Missing)> {
        let Some(name) = &node.rule else {
            for (key, _) in given(node).into_iter().filter(|(_, is_given)| *is_given) {
                self.fault(
                    node.code.span(),
                    key,
                    format!("{key} goes with a rule"),
                    "name the rule, or take it away",
                );
            }
            if let Some(missing) = &node.missing {
                self.fault(
                    missing.span(),
                    "missing",
                    "missing goes with a rule",
                    "name the rule, or take it away",
                );
            }
            return None;
        };
        let kind: RuleKind = one_of(self.placed, "rule", name, self.faults)?;
        let (needed, allowed) = keys(kind);
        let before = self.faults.len();
        for (key, is_given) in given(node) {
            if needed.contains(&key) && !is_given {
                let hint = format!("{kind} takes {}", needed.join(", "));
                self.fault(name.span(), key, format!("{kind} needs {key}"), hint);
            } else if is_given && !needed.contains(&key) && !allowed.contains(&key) {
                self.fault(name.span(), key, format!("{kind} takes no {key}"), "take it away");
            }
        }
        let missing = self.missing(node, kind, name);
        if self.faults.len() > before {
            return None;
        }
        let rule = self.made(node, kind, tracks)?;
        Some((rule, missing?))
    }

    fn missing(&mut self, node: &entry::Node, kind: RuleKind, name: &Spanned<String>) -> Option<Missing> {
        let is_adjustment = matches!(kind, RuleKind::Bonus | RuleKind::Penalty | RuleKind::Veto);
        match &node.missing {
            Some(missing) if is_adjustment => {
                self.fault(
                    missing.span(),
                    "missing",
                    "what is not reported adds and takes nothing",
                    "take missing away",
                );
                None
            }
            Some(missing) => one_of(self.placed, "missing", missing, self.faults),
            None if is_adjustment => Some(Missing::Zero),
            None => {
                let hint = "write missing = \"ZERO\", \"REWEIGHT\", \"PRIOR_YEAR\" or \"BLOCK\"";
                self.fault(name.span(), "missing", "it is not said what a missing value does", hint);
                None
            }
        }
    }

    fn made(&mut self, node: &entry::Node, kind: RuleKind, tracks: &[String]) -> Option<Rule> {
        Some(match kind {
            RuleKind::Target => Rule::Target {
                zero: self.number("zero", &node.zero)?,
                goal: match node.target.as_ref().map(|target| target.get_ref().as_str()) {
                    Some("STORED") => Goal::Stored,
                    _ => Goal::Fixed(self.number("target", &node.target)?),
                },
            },
            RuleKind::Linear => Rule::Linear {
                from: self.number("from", &node.from)?,
                to: self.number("to", &node.to)?,
            },
            RuleKind::Bands => Rule::Bands(self.bands(node.bands.as_deref().unwrap_or_default())?),
            RuleKind::Deduct => Rule::Deduct {
                each: self.number("each", &node.each)?,
                free: match &node.free {
                    Some(_) => self.number("free", &node.free)?,
                    None => Decimal::ZERO,
                },
            },
            RuleKind::Threshold => Rule::Threshold(self.bound(node.at_least.as_ref(), node.at_most.as_ref())?),
            RuleKind::YesNo => Rule::YesNo {
                wanted: node.wanted.unwrap_or(true),
            },
            RuleKind::Manual => Rule::Manual,
            RuleKind::MinMax => Rule::MinMax {
                lower_better: self.peers(node, tracks)?,
            },
            RuleKind::Percentile => Rule::Percentile {
                lower_better: self.peers(node, tracks)?,
            },
            RuleKind::Bonus => Rule::Bonus {
                each: self.each(node)?,
                cap: self.number("cap", &node.cap)?,
            },
            RuleKind::Penalty => Rule::Penalty {
                each: self.each(node)?,
                cap: self.number("cap", &node.cap)?,
            },
            RuleKind::Veto => Rule::Veto {
                cap: self.number("cap", &node.cap)?,
                when: self.bound(node.at_least.as_ref(), node.at_most.as_ref())?,
            },
        })
    }

    fn number(&mut self, key: &str, text: &Option<Spanned<String>>) -> Option<Decimal> {
        self.decimal(key, text.as_ref()?)
    }

    /// Points for each occurrence, where the rule counts any.
    fn each(&mut self, node: &entry::Node) -> Option<Option<Decimal>> {
        match &node.each {
            None => Some(None),
            Some(text) => self.decimal("each", text).map(Some),
        }
    }

    fn bands(&mut self, bands: &[entry::Band]) -> Option<Vec<Band>> {
        let mut made = Vec::with_capacity(bands.len());
        for band in bands {
            let bound = match (&band.at_least, &band.at_most) {
                (None, None) => None,
                (at_least, at_most) => Some(self.bound(at_least.as_ref(), at_most.as_ref())?),
            };
            made.push(Band {
                bound,
                lost: self.decimal("lost", &band.lost)?,
            });
        }
        Some(made)
    }

    fn bound(&mut self, at_least: Option<&Spanned<String>>, at_most: Option<&Spanned<String>>) -> Option<Bound> {
        match (at_least, at_most) {
            (Some(text), None) => self.decimal("at_least", text).map(Bound::AtLeast),
            (None, Some(text)) => self.decimal("at_most", text).map(Bound::AtMost),
            (Some(text), Some(_)) => {
                self.fault(
                    text.span(),
                    "at_least",
                    "a bound is at_least or at_most, not both",
                    "take one away",
                );
                None
            }
            (None, None) => None,
        }
    }

    /// The peer group is the track in which the criterion counts, named; and whether small values are good there.
    fn peers(&mut self, node: &entry::Node, tracks: &[String]) -> Option<bool> {
        let peers = node.peers.as_ref()?;
        let counts = self.weights(node, tracks);
        let weighs = |track: usize| counts.get(track).is_some_and(Option::is_some);
        let fits = (0..tracks.len()).all(|track| weighs(track) == (tracks[track] == *peers.get_ref()));
        if !fits {
            let message = format!(
                "`{}` is not the one track in which this criterion has a weight",
                peers.get_ref()
            );
            let hint = "a relative rule compares within one named track: give it a weight there alone, as weights = { track = \"5\" }";
            self.fault(peers.span(), "peers", message, hint);
            return None;
        }
        Some(node.lower_better.unwrap_or(false))
    }
}
