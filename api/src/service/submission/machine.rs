//! The states of a submission and the ways between them: pure, so that every walk can be tried without a database.
//!
//! ```text
//! DRAFT ─submit→ SUBMITTED ─approve→ APPROVED ─publish→ PUBLISHED ─lock→ LOCKED
//!   ↑ ↖─withdraw─┘   │  ↖submit         │                  └──unlock──┬─────┘
//!   │                └─return→ RETURNED ←return                      │
//!   └───────────────────────── the next round ───────────────────────┘
//! ```
//! A round after the first is a correction: it locks itself when its time is over and it was not handed in.

use entity::choice::SubmissionState as State;
use strum::Display;

/// The longest time for which a correction may be opened: 31 days, in µs.
pub const LONGEST_CORRECTION: i64 = 31 * 24 * 3_600 * 1_000_000;

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: State,
    /// Its round, from 1.
    pub round: i32,
    /// When the open correction locks itself, in µs since the epoch; none where none is open.
    pub until: Option<i64>,
}

/// What may be done to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
#[strum(serialize_all = "lowercase")]
pub enum Act {
    /// Enter figures.
    Fill,
    /// Hand it in.
    Submit,
    /// Take it back before it is approved.
    Withdraw,
    /// Hand it back to be mended, a correction perhaps with more time.
    Return {
        /// The new end of the correction.
        until: Option<i64>,
    },
    /// Approve it.
    Approve {
        /// Whether whoever approves entered figures of the round or handed it in.
        is_own: bool,
    },
    /// Put its figures among the observations.
    Publish,
    /// Close it.
    Lock,
    /// Open it for a correction.
    Unlock {
        /// When the correction locks itself.
        until: i64,
    },
}

/// Why something may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not in this state.
    State,
    /// Nobody approves what is his own.
    OwnWork,
    /// The end lies in the past, or further away than a correction may last.
    Until,
    /// The correction's time is over, so that it would lock itself at once.
    Overdue,
    /// Only a correction has an end.
    NoCorrection,
}

impl Standing {
    /// A submission that was just opened.
    pub const OPENED: Self = Self {
        state: State::Draft,
        round: 1,
        until: None,
    };

    /// Whether it is a correction of what was published.
    #[must_use]
    pub fn is_correction(self) -> bool {
        self.round > 1
    }

    /// Whether it is with those who report.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self.state, State::Draft | State::Returned)
    }

    /// Where it stands at `now`: a correction that was not handed in by its end is locked.
    #[must_use]
    pub fn at(self, now: i64) -> Self {
        match self.until {
            Some(until) if self.is_open() && until <= now => Self {
                state: State::Locked,
                until: None,
                ..self
            },
            _ => self,
        }
    }

    /// Where it stands after `act` at `now`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn after(self, act: Act, now: i64) -> Result<Self, Refusal> {
        let this = self.at(now);
        let to = |state: State| Ok(Self { state, ..this });
        match (this.state, act) {
            (State::Draft | State::Returned, Act::Fill) => Ok(this),
            (State::Draft | State::Returned, Act::Submit) => to(State::Submitted),
            (State::Submitted, Act::Withdraw) => to(State::Draft),
            (State::Submitted | State::Approved, Act::Return { until }) => this.returned(until, now),
            (State::Submitted, Act::Approve { is_own: true }) => Err(Refusal::OwnWork),
            (State::Submitted, Act::Approve { is_own: false }) => to(State::Approved),
            (State::Approved, Act::Publish) => Ok(Self {
                state: State::Published,
                until: None,
                ..this
            }),
            (State::Published, Act::Lock) => to(State::Locked),
            // Given up before its time.
            (State::Draft | State::Returned, Act::Lock) if this.is_correction() => Ok(Self {
                state: State::Locked,
                until: None,
                ..this
            }),
            (State::Published | State::Locked, Act::Unlock { until }) => Ok(Self {
                state: State::Draft,
                round: this.round + 1,
                until: Some(end(until, now)?),
            }),
            _ => Err(Refusal::State),
        }
    }

    fn returned(self, until: Option<i64>, now: i64) -> Result<Self, Refusal> {
        let until = match (self.until, until) {
            (None, None) => None,
            (None, Some(_)) => return Err(Refusal::NoCorrection),
            (Some(_), Some(until)) => Some(end(until, now)?),
            (Some(known), None) if known <= now => return Err(Refusal::Overdue),
            (Some(known), None) => Some(known),
        };
        Ok(Self {
            state: State::Returned,
            until,
            ..self
        })
    }
}

fn end(until: i64, now: i64) -> Result<i64, Refusal> {
    if until > now && until - now <= LONGEST_CORRECTION {
        Ok(until)
    } else {
        Err(Refusal::Until)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 24 * 3_600 * 1_000_000;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Act(Act),
        Wait(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let days = -1i64..40;
        prop_oneof![
            2 => Just(Step::Act(Act::Fill)),
            3 => Just(Step::Act(Act::Submit)),
            1 => Just(Step::Act(Act::Withdraw)),
            1 => prop::option::of(days.clone()).prop_map(|days| Step::Act(Act::Return { until: days.map(|days| days * DAY) })),
            3 => any::<bool>().prop_map(|is_own| Step::Act(Act::Approve { is_own })),
            3 => Just(Step::Act(Act::Publish)),
            2 => Just(Step::Act(Act::Lock)),
            2 => days.prop_map(|days| Step::Act(Act::Unlock { until: days * DAY })),
            2 => (0i64..20).prop_map(|days| Step::Wait(days * DAY)),
        ]
    }

    /// The times of a step are told from the moment in which it is taken.
    fn from(now: i64, act: Act) -> Act {
        match act {
            Act::Return { until } => Act::Return {
                until: until.map(|until| now + until),
            },
            Act::Unlock { until } => Act::Unlock { until: now + until },
            other => other,
        }
    }

    /// The arrows as a list, read off the documents and not off the code.
    fn is_arrow(from: State, act: Act, to: State) -> bool {
        use State::{Approved, Draft, Locked, Published, Returned, Submitted};
        let arrows: &[(State, State)] = match act {
            Act::Fill => &[(Draft, Draft), (Returned, Returned)],
            Act::Submit => &[(Draft, Submitted), (Returned, Submitted)],
            Act::Withdraw => &[(Submitted, Draft)],
            Act::Return { .. } => &[(Submitted, Returned), (Approved, Returned)],
            Act::Approve { .. } => &[(Submitted, Approved)],
            Act::Publish => &[(Approved, Published)],
            Act::Lock => &[(Published, Locked), (Draft, Locked), (Returned, Locked)],
            Act::Unlock { .. } => &[(Published, Draft), (Locked, Draft)],
        };
        arrows.contains(&(from, to))
    }

    proptest! {
        /// On any walk: only the arrows are taken, nothing is published that was not approved by somebody else in its round, only locking and publishing close a
        /// round, and what is open as a correction closes by itself.
        #[test]
        fn a_walk_takes_only_the_arrows(steps in prop::collection::vec(step(), 1..80)) {
            let (mut standing, mut now) = (Standing::OPENED, 0i64);
            let mut approved_by_another = false;
            for step in steps {
                let act = match step {
                    Step::Wait(time) => { now += time; standing = standing.at(now); continue; }
                    Step::Act(act) => from(now, act),
                };
                let before = standing.at(now);
                prop_assert_eq!(before.until.is_some(), before.is_correction() && !matches!(before.state, State::Published | State::Locked));
                match before.after(act, now) {
                    Err(_) => {}
                    Ok(after) => {
                        prop_assert!(is_arrow(before.state, act, after.state), "{before:?} {act:?} {after:?}");
                        match act {
                            Act::Approve { is_own } => { prop_assert!(!is_own); approved_by_another = true; }
                            Act::Publish => prop_assert!(std::mem::take(&mut approved_by_another)),
                            Act::Return { .. } => approved_by_another = false,
                            Act::Lock => prop_assert!(before.state == State::Published || before.is_correction()),
                            _ => {}
                        }
                        prop_assert_eq!(after.round, before.round + i32::from(matches!(act, Act::Unlock { .. })));
                        if act != Act::Withdraw {
                            prop_assert_eq!(after.at(now), after, "nothing is over in the moment in which it is done");
                        }
                        if let Some(until) = after.until.filter(|_| after.is_open()) {
                            prop_assert!(until - now <= LONGEST_CORRECTION || act == Act::Withdraw);
                            prop_assert_eq!(after.at(until).state, State::Locked);
                            prop_assert_eq!(after.at(until - 1), after);
                        }
                        standing = after;
                    }
                }
            }
        }

        /// Looking late and looking often come to the same.
        #[test]
        fn when_somebody_looks_does_not_matter(steps in prop::collection::vec(step(), 1..40)) {
            let (mut seen, mut unseen, mut now) = (Standing::OPENED, Standing::OPENED, 0i64);
            for step in steps {
                match step {
                    Step::Wait(time) => { now += time; seen = seen.at(now); }
                    Step::Act(act) => {
                        let act = from(now, act);
                        let (one, other) = (seen.after(act, now), unseen.after(act, now));
                        prop_assert_eq!(one, other);
                        if let (Ok(one), Ok(other)) = (one, other) { (seen, unseen) = (one, other); }
                    }
                }
            }
        }
    }

    #[test]
    fn a_submission_that_was_never_published_does_not_lock() {
        assert_eq!(Standing::OPENED.after(Act::Lock, 0), Err(Refusal::State));
        assert_eq!(Standing::OPENED.at(i64::MAX), Standing::OPENED);
    }

    #[test]
    fn a_late_return_needs_a_new_end() {
        let submitted = Standing {
            state: State::Submitted,
            round: 2,
            until: Some(DAY),
        };
        assert_eq!(
            submitted.at(5 * DAY),
            submitted,
            "what was handed in waits for its reviewer"
        );
        assert_eq!(
            submitted.after(Act::Return { until: None }, 5 * DAY),
            Err(Refusal::Overdue)
        );
        let again = submitted.after(Act::Return { until: Some(6 * DAY) }, 5 * DAY);
        assert_eq!(again.map(|standing| standing.until), Ok(Some(6 * DAY)));
    }
}
