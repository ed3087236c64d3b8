//! A synthetic city: made-up figures in a real shape, for benchmarks and load tests. The same size and seed give the same figures on every machine, and a smaller
//! city is a part of a larger one.

mod figure;
mod store;

use crate::indicator::{IndicatorKind, OverTime};

pub use figure::Figure;

/// Groups of three counts: accepted, settled of these, settled in time of these; and the three ratios between them.
const TRIPLES: u32 = 27;
/// Triples from here on are stocks.
const FIRST_STOCK: u32 = 24;
const AMOUNTS: u32 = 40;
const STREETS: u32 = 10;
/// The last month with figures.
const LAST_MONTH: i32 = 2025 * 12 + 11;
/// The month in which some communities came under another street.
const MOVE: i32 = 2021 * 12;

/// How large a city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Part of one district over two years: about 100,000 observations.
    Small,
    /// Two districts over four years: about 1,000,000 observations.
    Medium,
    /// Ten districts over ten years: about 10,000,000 observations.
    Large,
}

impl Size {
    fn districts(self) -> u32 {
        match self {
            Self::Small => 1,
            Self::Medium => 2,
            Self::Large => 10,
        }
    }

    fn streets(self) -> u32 {
        match self {
            Self::Small => 4,
            Self::Medium | Self::Large => STREETS,
        }
    }

    fn years(self) -> i32 {
        match self {
            Self::Small => 2,
            Self::Medium => 4,
            Self::Large => 10,
        }
    }
}

/// How high an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The city.
    City,
    /// A district.
    District,
    /// A street.
    Street,
    /// A community.
    Community,
}

/// An organisation of the city; its place in [`City::orgs`] is its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Its code.
    pub code: String,
    /// Its level.
    pub level: Level,
    /// Its parents by number: the first month, if there was another before, and the parent.
    pub parents: Vec<(Option<i32>, usize)>,
    /// District, street and community, counted from 1; 0 where it is none.
    pub place: [u32; 3],
}

/// What an indicator of the city is; its place in [`City::indicators`] is its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Its code.
    pub code: String,
    /// Its kind.
    pub kind: IndicatorKind,
    /// Its rule over time.
    pub over_time: OverTime,
    /// Numbers of numerator and denominator of a ratio.
    pub parts: Option<(usize, usize)>,
    /// The group it belongs to, and its place in it: 0 to 2 for a triple, 3 for an amount.
    member: (u32, u32),
}

/// The city.
#[derive(Clone, Copy, Debug)]
pub struct City {
    /// How large.
    pub size: Size,
    /// Another seed gives other figures.
    pub seed: u64,
}

impl City {
    /// All organisations, a parent before its children.
    #[must_use]
    pub fn orgs(&self) -> Vec<Org> {
        let org = |code: String, level, parent: Option<usize>, place| Org {
            code,
            level,
            parents: parent.into_iter().map(|parent| (None, parent)).collect(),
            place,
        };
        let mut orgs = vec![org("synthetic".to_owned(), Level::City, None, [0; 3])];
        for district in 1..=self.size.districts() {
            let top = orgs.len();
            let code = format!("synthetic-d{district:02}");
            orgs.push(org(code.clone(), Level::District, Some(0), [district, 0, 0]));
            for street in 1..=self.size.streets() {
                let middle = orgs.len();
                let code = format!("{code}-s{street:02}");
                orgs.push(org(code.clone(), Level::Street, Some(top), [district, street, 0]));
                // Ten or eleven communities a street.
                for community in 1..=10 + street % 2 {
                    let code = format!("{code}-c{community:02}");
                    let place = [district, street, community];
                    orgs.push(org(code, Level::Community, Some(middle), place));
                }
            }
            self.move_one(&mut orgs, top);
        }
        orgs
    }

    /// In each district the last community of the second street stood under the first one until the end of 2020.
    fn move_one(&self, orgs: &mut [Org], district: usize) {
        let street = |number: u32| {
            let is_it = |org: &Org| org.place == [orgs[district].place[0], number, 0];
            orgs.iter().position(is_it)
        };
        let (Some(first), Some(second)) = (street(1), street(2)) else {
            return;
        };
        if let Some(moved) = orgs
            .iter_mut()
            .rev()
            .find(|org| org.level == Level::Community && org.place[1] == 2)
            && LAST_MONTH - self.size.years() * 12 < MOVE - 1
        {
            moved.parents = vec![(None, first), (Some(MOVE), second)];
        }
    }

    /// All indicators, parts before ratios.
    #[must_use]
    pub fn indicators(&self) -> Vec<Spec> {
        let mut specs = Vec::new();
        for triple in 0..TRIPLES {
            let over_time = if triple < FIRST_STOCK {
                OverTime::Sum
            } else {
                OverTime::Last
            };
            let first = specs.len();
            for (place, name) in (0u32..).zip(["accepted", "settled", "in_time"]) {
                specs.push(Spec {
                    code: format!("synthetic_{name}_{:02}", triple + 1),
                    kind: IndicatorKind::Count,
                    over_time,
                    parts: None,
                    member: (triple, place),
                });
            }
            for (name, above, below) in [("settled_rate", 1, 0), ("in_time_rate", 2, 0), ("in_time_share", 2, 1)] {
                specs.push(Spec {
                    code: format!("synthetic_{name}_{:02}", triple + 1),
                    kind: IndicatorKind::Ratio,
                    over_time,
                    parts: Some((first + above, first + below)),
                    member: (triple, 0),
                });
            }
        }
        for amount in 0..AMOUNTS {
            specs.push(Spec {
                code: format!("synthetic_spending_{:02}", amount + 1),
                kind: IndicatorKind::Amount,
                over_time: OverTime::Sum,
                parts: None,
                member: (TRIPLES + amount, 3),
            });
        }
        specs
    }

    /// The months with figures, in order.
    #[must_use]
    pub fn months(&self) -> std::ops::RangeInclusive<i32> {
        LAST_MONTH - self.size.years() * 12 + 1..=LAST_MONTH
    }

    /// What `org` reports for `indicator` in `month`; `None` where there is no row.
    #[must_use]
    pub fn figure(&self, indicator: &Spec, org: &Org, month: i32) -> Option<Figure> {
        let is_stored = indicator.parts.is_none() && org.level == Level::Community;
        is_stored.then(|| figure::figure(self.seed, indicator.member, org.place, month))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_city_is_a_part_of_a_larger_one() {
        let (small, large) = (
            City {
                size: Size::Small,
                seed: 1,
            },
            City {
                size: Size::Large,
                seed: 1,
            },
        );
        let (few, many) = (small.orgs(), large.orgs());
        assert!(few.iter().all(|org| many.iter().any(|other| other.code == org.code)));
        assert_eq!(many.iter().filter(|org| org.level == Level::Street).count(), 100);
        assert!(many.iter().filter(|org| org.level == Level::Community).count() > 1000);
        assert_eq!(small.indicators(), large.indicators());
        assert!(large.months().contains(small.months().start()));
    }

    #[test]
    fn the_smallest_city_has_about_a_hundred_thousand_figures_with_gaps_and_zeros() {
        let city = City {
            size: Size::Small,
            seed: 1,
        };
        let tree = city.tree().unwrap();
        let store = city.store(&tree).unwrap();
        assert!((90_000..140_000).contains(&store.len()), "{}", store.len());
        let other = City { seed: 2, ..city }.store(&tree).unwrap();
        assert_ne!(store.len(), other.len());
        let (specs, orgs) = (city.indicators(), city.orgs());
        let all = |wanted: &dyn Fn(Option<Figure>) -> bool| {
            orgs.iter()
                .any(|org| city.months().any(|month| wanted(city.figure(&specs[0], org, month))))
        };
        assert!(all(&|figure| figure.is_some_and(|figure| figure.value == Some(0.0))));
        assert!(all(&|figure| figure.is_some_and(|figure| figure.value.is_none())));
    }

    #[test]
    fn a_community_moves_and_a_part_never_exceeds_its_whole() {
        let city = City {
            size: Size::Large,
            seed: 1,
        };
        let moved: Vec<Org> = city.orgs().into_iter().filter(|org| org.parents.len() > 1).collect();
        assert_eq!(moved.len(), 10);
        let (specs, tree) = (city.indicators(), city.tree().unwrap());
        assert_eq!(tree.len(), city.orgs().len());
        for month in city.months() {
            let value = |place: usize| {
                city.figure(&specs[place], &moved[0], month)
                    .and_then(|figure| figure.value)
            };
            if let (Some(accepted), Some(settled)) = (value(0), value(1)) {
                assert!(settled <= accepted);
            }
        }
    }
}
