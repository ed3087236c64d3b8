//! Places by the published score, within each track.

use rust_decimal::Decimal;

use super::sheet::UnitScore;

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1 is the best; ties share it, and the next is left out: 1, 2, 2, 4.
    pub rank: u32,
    /// Whether another has the same.
    pub tied: bool,
}

/// The place of each organisation among those of its track, in the order given; none without a total. What reads the same ranks the same.
#[must_use]
pub fn places(scores: &[UnitScore]) -> Vec<Option<Place>> {
    let tracks = scores.iter().map(|score| score.track + 1).max().unwrap_or(0);
    let mut sorted: Vec<Vec<Decimal>> = vec![Vec::new(); tracks];
    for score in scores {
        sorted[score.track].extend(score.published);
    }
    sorted.iter_mut().for_each(|values| values.sort_unstable());
    let place = |score: &UnitScore| {
        let (mine, values) = (score.published?, &sorted[score.track]);
        let not_better = values.partition_point(|other| *other <= mine);
        let worse = values.partition_point(|other| *other < mine);
        Some(Place {
            rank: u32::try_from(values.len() - not_better + 1).unwrap_or(u32::MAX),
            tied: not_better - worse > 1,
        })
    };
    scores.iter().map(place).collect()
}

/// The median of decimals; none of nothing.
pub fn middle(values: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut values: Vec<Decimal> = values.collect();
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(values.len() / 2 - 1)?;
    Some((lower + upper) / Decimal::TWO)
}
