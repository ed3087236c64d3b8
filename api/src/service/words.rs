//! The lists of texts that tables are made of: organisations and periods by place.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use analytics::period::{Period, PeriodKind};
use analytics::status::Status;
use chrono::NaiveDate;
use strum::IntoEnumIterator;

use super::catalog::Catalog;
use crate::export::table::{NO_WORD, Words, when};

const YEAR: i32 = 12;

/// A list of texts.
pub(super) fn words(texts: impl Iterator<Item = String>) -> Words {
    Arc::new(texts.collect())
}

/// The states of a value, each at its own number.
pub(super) fn statuses() -> Words {
    words(Status::iter().map(|status| status.to_string()))
}

/// The organisations by ordinal.
pub(super) struct OrgWords {
    pub(super) codes: Words,
    pub(super) names: Words,
    pub(super) levels: Words,
    level_places: Vec<i32>,
}

impl OrgWords {
    /// Those of the catalogue, and behind them `total`.
    pub(super) fn of(catalog: &Catalog, total: Option<(&str, &str)>) -> Self {
        let orgs = catalog.orgs();
        let mut levels: Vec<String> = Vec::new();
        let level_places = orgs.iter().map(|org| {
            let level = org.level.code();
            let place = levels.iter().position(|known| *known == level).unwrap_or_else(|| {
                levels.push(level);
                levels.len() - 1
            });
            i32::try_from(place).unwrap_or(NO_WORD)
        });
        let level_places = level_places.collect();
        let total = total.as_slice();
        Self {
            codes: words(
                orgs.iter()
                    .map(|org| org.code.clone())
                    .chain(total.iter().map(|(code, _)| (*code).to_owned())),
            ),
            names: words(
                orgs.iter()
                    .map(|org| org.name_zh.clone())
                    .chain(total.iter().map(|(_, name)| (*name).to_owned())),
            ),
            levels: Arc::new(levels),
            level_places,
        }
    }

    /// The place of the total.
    pub(super) fn total(&self) -> u32 {
        u32::try_from(self.level_places.len()).unwrap_or(u32::MAX)
    }

    /// The place of an organisation's level.
    pub(super) fn level(&self, org: u32) -> i32 {
        self.level_places.get(org as usize).copied().unwrap_or(NO_WORD)
    }
}

/// What is told of a period.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeriodDays {
    /// The place of its type.
    pub(super) kind: i32,
    /// Its days, since 1970-01-01.
    pub(super) first_day: i32,
    pub(super) last_day: i32,
}

/// The periods of a table.
pub(super) struct PeriodWords {
    pub(super) codes: Words,
    pub(super) kinds: Words,
    places: HashMap<(i32, i32), i32>,
    days: Vec<PeriodDays>,
}

impl PeriodWords {
    /// These, each by its first month and its length.
    pub(super) fn of(months: BTreeSet<(i32, i32)>) -> Self {
        let periods: Vec<Period> = months
            .into_iter()
            .filter_map(|(start, months)| Period::from_months(start, start.checked_add(months)? - 1))
            .collect();
        let day = |month: i32| {
            let first = u32::try_from(month.rem_euclid(YEAR)).ok()? + 1;
            when::days(NaiveDate::from_ymd_opt(month.div_euclid(YEAR), first, 1)?)
        };
        let days = periods.iter().map(|period| PeriodDays {
            kind: period.kind() as i32,
            first_day: day(period.start_month()).unwrap_or_default(),
            last_day: day(period.end_month() + 1).map_or(i32::MAX, |next| next - 1),
        });
        Self {
            codes: words(periods.iter().map(Period::to_string)),
            kinds: words(PeriodKind::iter().map(|kind| kind.to_string())),
            days: days.collect(),
            places: (0i32..)
                .zip(&periods)
                .map(|(place, period)| ((period.start_month(), period.months()), place))
                .collect(),
        }
    }

    /// The place of a period, and what is told of it.
    pub(super) fn find(&self, start: i32, months: i32) -> (i32, Option<PeriodDays>) {
        match self.places.get(&(start, months)) {
            Some(place) => {
                let days = usize::try_from(*place).ok().and_then(|place| self.days.get(place));
                (*place, days.copied())
            }
            None => (NO_WORD, None),
        }
    }
}
