//! Random walks: whatever people do in whatever order, the service ends where a simple model of the rules does.

use std::collections::BTreeSet;

use api::service::Service;
use api::service::submission::Filling;
use entity::choice::RevisionReason;
use entity::observation::{self, Filter, Page};
use entity::submission::Model;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tests::db::TestDb;
use tests::suite;

use super::desk::{DAY, NEW_YEAR, STREET, committing, figure, open, saying, thread_of};

suite!(Catalog: a_random_walk_ends_where_the_model_does);

/// Walks a database, each in a year of its own.
const WALKS: i32 = 10;
/// Steps of a walk.
const STEPS: usize = 40;
const PEOPLE: [&str; 3] = ["甲", "乙", "丙"];

#[derive(Clone, Copy, Debug)]
enum Deed {
    Fill,
    Submit,
    Withdraw,
    Return(Option<i64>),
    Approve,
    Publish,
    Lock,
    Unlock(i64),
}

#[derive(Clone, Copy, Debug)]
struct Move {
    deed: Deed,
    person: usize,
    /// Days that pass before it.
    days: i64,
    /// Whether the person has seen an older revision.
    stale: bool,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let deed = prop_oneof![
        3 => Just(Deed::Fill),
        4 => Just(Deed::Submit),
        1 => Just(Deed::Withdraw),
        1 => prop::option::of(-2i64..40).prop_map(Deed::Return),
        4 => Just(Deed::Approve),
        4 => Just(Deed::Publish),
        2 => Just(Deed::Lock),
        3 => (-2i64..40).prop_map(Deed::Unlock),
    ];
    let one = (
        deed,
        0..PEOPLE.len(),
        prop_oneof![6 => Just(0i64), 1 => 1i64..25],
        prop::bool::weighted(0.1),
    );
    let one = one.prop_map(|(deed, person, days, stale)| Move {
        deed,
        person,
        days,
        stale,
    });
    prop::collection::vec(one, STEPS)
}

/// The rules in the words of the documents: a state by its name, and a set of people who have a hand in the round.
struct Rules {
    state: &'static str,
    round: i32,
    revision: i32,
    until: Option<i64>,
    hands: BTreeSet<usize>,
    draft: Option<f64>,
    published: Option<f64>,
    entries: usize,
}

impl Rules {
    fn pass(&mut self, now: i64) {
        if matches!(self.state, "DRAFT" | "RETURNED") && self.until.is_some_and(|until| until <= now) {
            self.state = "LOCKED";
            self.until = None;
            self.draft = None;
            self.revision += 1;
            self.entries += 1;
        }
    }

    /// The code of the refusal, if it is one.
    fn act(&mut self, one: Move, now: i64, value: f64) -> Option<&'static str> {
        if one.stale {
            return Some("CONFLICT");
        }
        let is_time = |days: i64| days > 0 && days <= 31;
        match (one.deed, self.state) {
            (Deed::Fill, "DRAFT" | "RETURNED") => {
                self.draft = Some(value);
                self.hands.insert(one.person);
            }
            (Deed::Submit, "DRAFT" | "RETURNED") => {
                self.hands.insert(one.person);
                self.state = "SUBMITTED";
            }
            (Deed::Withdraw, "SUBMITTED") => self.state = "DRAFT",
            (Deed::Return(days), "SUBMITTED" | "APPROVED") => {
                let is_fine = match (self.until, days) {
                    (None, None) => true,
                    (None, Some(_)) => false,
                    (Some(_), Some(days)) => is_time(days),
                    (Some(until), None) => until > now,
                };
                if !is_fine {
                    return Some("BAD_USER_INPUT");
                }
                if let Some(days) = days {
                    self.until = Some(now + days * DAY);
                }
                self.state = "RETURNED";
            }
            (Deed::Approve, "SUBMITTED") if self.hands.contains(&one.person) => return Some("FORBIDDEN"),
            (Deed::Approve, "SUBMITTED") => self.state = "APPROVED",
            (Deed::Publish, "APPROVED") => {
                self.published = self.draft.or(self.published);
                self.state = "PUBLISHED";
                self.until = None;
            }
            (Deed::Lock, "PUBLISHED") => self.state = "LOCKED",
            (Deed::Lock, "DRAFT" | "RETURNED") if self.round > 1 => {
                self.state = "LOCKED";
                self.until = None;
                self.draft = None;
            }
            (Deed::Unlock(days), "PUBLISHED" | "LOCKED") => {
                if !is_time(days) {
                    return Some("BAD_USER_INPUT");
                }
                self.state = "DRAFT";
                self.round += 1;
                self.until = Some(now + days * DAY);
                self.hands.clear();
                self.draft = None;
            }
            _ => return Some("CONFLICT"),
        }
        self.revision += 1;
        self.entries += 1;
        None
    }
}

async fn a_random_walk_ends_where_the_model_does(db: TestDb) {
    let service = db.service().await;
    let mut runner = TestRunner::deterministic();
    // Later years first: what was reported earlier would be owed.
    for walk in 0..WALKS {
        let steps = moves().new_tree(&mut runner).unwrap().current();
        run(&service, 2040 - walk, &steps).await;
    }
}

async fn run(service: &Service, year: i32, steps: &[Move]) {
    let mut now = NEW_YEAR;
    let mut seen = open(service, STREET, &year.to_string(), now).await;
    let mut rules = Rules {
        state: "DRAFT",
        round: 1,
        revision: 1,
        until: None,
        hands: BTreeSet::new(),
        draft: None,
        published: None,
        entries: 1,
    };
    for (number, one) in steps.iter().enumerate() {
        now += one.days * DAY + 1;
        rules.pass(now);
        let value = f64::from(u32::try_from(number).unwrap() + 1);
        let expected = rules.act(*one, now, value);
        seen = service.submission(seen.id, now).await.unwrap();
        let outcome = act(service, &seen, *one, now, value).await;
        let trail = format!("year {year}, step {number}: {one:?}");
        assert_eq!(outcome.as_deref(), expected, "{trail}");
        seen = service.submission(seen.id, now).await.unwrap();
        let code = seen.state.code();
        let stands = (code.as_str(), seen.round, seen.revision, seen.unlocked_until);
        assert_eq!(
            stands,
            (rules.state, rules.round, rules.revision, rules.until),
            "{trail}"
        );
        let thread = thread_of(service, &seen, now).await;
        assert_eq!(thread.len(), rules.entries, "{trail}");
        assert_eq!(thread.last().map(|entry| entry.state), Some(seen.state), "{trail}");
    }
    assert_eq!(published(service, year).await, rules.published, "year {year}");
}

async fn act(service: &Service, seen: &Model, one: Move, now: i64, value: f64) -> Option<String> {
    let mut step = saying(seen, PEOPLE[one.person], "按规定办理", now);
    step.seen -= i32::from(one.stale);
    let outcome = match one.deed {
        Deed::Fill => {
            let figures = vec![figure("petition_received_count", &value.to_string())];
            let filled = service
                .fill_submission(&step, Filling::Figures(figures), &committing())
                .await;
            filled.map(|(model, _)| model)
        }
        Deed::Submit => service.submit_submission(&step).await,
        Deed::Withdraw => service.withdraw_submission(&step).await,
        Deed::Return(days) => {
            service
                .return_submission(&step, days.map(|days| now + days * DAY))
                .await
        }
        Deed::Approve => service.approve_submission(&step).await,
        Deed::Publish => {
            let published = service
                .publish_submission(&step, Some(RevisionReason::Error), true)
                .await;
            published.map(|(model, _)| model)
        }
        Deed::Lock => service.lock_submission(&step).await,
        Deed::Unlock(days) => {
            service
                .unlock_submission(&step, RevisionReason::Error, now + days * DAY)
                .await
        }
    };
    outcome.err().map(|error| error.code().to_string())
}

async fn published(service: &Service, year: i32) -> Option<f64> {
    let filter = Filter {
        exact: Some((year * 12, year * 12 + 11)),
        ..Filter::default()
    };
    let page = Page {
        limit: 10,
        ..Page::default()
    };
    let rows = observation::page(service.db(), &filter, None, &page).await.unwrap();
    assert!(rows.len() <= 1, "{rows:?}");
    rows.first().and_then(|row| row.value)
}
