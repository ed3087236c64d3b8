//! Bands of a ranking: shares that chance does not tell apart.

use crate::change::Change;
use crate::measure::Measure;
use crate::significance::{two_proportions, wilson};

/// A share whose parts are known, so that it can be tested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    numerator: f64,
    denominator: f64,
}

impl Share {
    /// That of a rate; none where a part is missing, or where the parts are those of no share.
    pub(super) fn of(measure: &Measure) -> Option<Self> {
        let (numerator, denominator) = measure.numerator.zip(measure.denominator)?;
        wilson(numerator, denominator).map(|_| Self { numerator, denominator })
    }

    fn is_like(self, other: Self) -> bool {
        let p = two_proportions((self.numerator, self.denominator), (other.numerator, other.denominator));
        p.is_some_and(|p| p >= Change::ALPHA)
    }
}

/// Numbers the bands, from the best value on. A band ends with the first value that differs from its leader's.
#[derive(Default)]
pub(super) struct Bands {
    leader: Option<Share>,
    last: u32,
}

impl Bands {
    /// The band of those who have the next value. They stay together, whatever they rest on: they leave when one of them differs or cannot be tested, and are led
    /// by the one with the largest denominator. Printed rates can be equal over the same denominator and differ in their numerators: these decide then, lest the
    /// order asked for does.
    pub(super) fn next(&mut self, equal: &[Option<Share>]) -> u32 {
        let is_like = |leader: Share| {
            equal
                .iter()
                .all(|share| share.is_some_and(|share| leader.is_like(share)))
        };
        if !self.leader.is_some_and(is_like) {
            self.last += 1;
            let size = |share: &Share| (share.denominator, share.numerator);
            let larger = |one: &Share, other: &Share| size(one).partial_cmp(&size(other));
            let known = equal.iter().copied().flatten();
            self.leader = known.max_by(|one, other| larger(one, other).unwrap_or(std::cmp::Ordering::Equal));
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(values: &[&[Option<(f64, f64)>]]) -> Vec<u32> {
        let mut bands = Bands::default();
        let share = |parts: &Option<(f64, f64)>| parts.map(|(numerator, denominator)| Share { numerator, denominator });
        let next = |equal: &&[Option<(f64, f64)>]| bands.next(&equal.iter().map(share).collect::<Vec<_>>());
        values.iter().map(next).collect()
    }

    #[test]
    fn a_band_ends_with_the_first_that_differs_from_its_leader() {
        // 98 and 90 of 100 differ (p = 0.02), 98 and 93 do not (0.09), nor do 93 and 90.
        let all: [&[_]; 4] = [
            &[Some((98.0, 100.0))],
            &[Some((93.0, 100.0))],
            &[Some((90.0, 100.0))],
            &[Some((85.0, 100.0))],
        ];
        assert_eq!(bands(&all), [1, 1, 2, 2]);
        // A small one cannot be told from anything.
        assert_eq!(
            bands(&[&[Some((98.0, 100.0))], &[Some((9.0, 10.0))], &[Some((90.0, 100.0))]]),
            [1, 1, 2]
        );
    }

    #[test]
    fn equal_values_leave_together_and_the_larger_leads() {
        let (large, small) = (Some((98.0, 100.0)), Some((49.0, 50.0)));
        for equal in [[large, small], [small, large]] {
            assert_eq!(bands(&[&equal, &[Some((90.0, 100.0))]]), [1, 2]);
        }
        // 92 of 100 is like 98 of 100 (p = 0.052), 920 of 1000 is not.
        let (like, unlike) = (Some((92.0, 100.0)), Some((920.0, 1000.0)));
        assert_eq!(bands(&[&[large], &[like]]), [1, 1]);
        for equal in [[like, unlike], [unlike, like]] {
            assert_eq!(bands(&[&[large], &equal]), [1, 2]);
        }
    }

    #[test]
    fn what_cannot_be_tested_stands_alone_and_leads_nobody() {
        assert_eq!(
            bands(&[&[None], &[None], &[Some((1.0, 2.0))], &[Some((1.0, 3.0))]]),
            [1, 2, 3, 3]
        );
        // Equal printed rates, of which one has no numerator.
        let known = Some((3.0, 3.0));
        for equal in [[None, known], [known, None]] {
            assert_eq!(bands(&[&equal, &[Some((2.0, 3.0))]]), [1, 1]);
            assert_eq!(bands(&[&[Some((9.0, 9.0))], &equal]), [1, 2]);
        }
        // Printed rates over the same denominator whose numerators do not give them.
        let (more, less) = (Some((97.0, 100.0)), Some((70.0, 100.0)));
        for equal in [[more, less], [less, more]] {
            assert_eq!(bands(&[&equal, &[Some((70.0, 100.0))]]), [1, 2]);
        }
    }
}
