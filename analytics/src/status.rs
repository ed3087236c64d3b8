//! The state of a value. Zero is a value; missing, not applicable and suppressed are three ways of having none.

use strum::{Display, EnumIter, EnumString, FromRepr, IntoStaticStr};

/// What a cell's value is worth. It has a number exactly in the first four states.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString, FromRepr, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[repr(u8)]
pub enum Status {
    /// Reported.
    Normal,
    /// Reported, may still change.
    Provisional,
    /// Estimated or imputed, and said so.
    Estimated,
    /// At least this much (逾, 余, 如…等).
    LowerBound,
    /// Owed and not reported (未报).
    Missing,
    /// Cannot exist here (不适用).
    NotApplicable,
    /// Known and withheld.
    Suppressed,
}

impl Status {
    /// The states without a number.
    pub const VALUELESS: [Self; 3] = [Self::Missing, Self::NotApplicable, Self::Suppressed];

    /// Whether a cell in this state holds a number.
    #[must_use]
    pub fn has_value(self) -> bool {
        matches!(
            self,
            Self::Normal | Self::Provisional | Self::Estimated | Self::LowerBound
        )
    }

    /// Whether it is said that there is no number to be had, be it withheld or impossible: then none is made from below either.
    #[must_use]
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Suppressed | Self::NotApplicable)
    }

    /// The state of a sum of two parts that both have a number: the less certain one. With an estimate beside it a bound bounds nothing.
    #[must_use]
    pub fn sum(self, other: Self) -> Self {
        match (self, other) {
            (Self::Estimated, Self::LowerBound) | (Self::LowerBound, Self::Estimated) => Self::Estimated,
            _ => self.max(other),
        }
    }

    /// The state of a quotient: a bound on one part does not bound the quotient on the same side, so it is an estimate.
    #[must_use]
    pub fn quotient(numerator: Self, denominator: Self) -> Self {
        match numerator.max(denominator) {
            Self::LowerBound => Self::Estimated,
            state => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_as_certain_as_its_least_certain_part() {
        assert_eq!(Status::Normal.sum(Status::Normal), Status::Normal);
        assert_eq!(Status::Normal.sum(Status::LowerBound), Status::LowerBound);
        assert_eq!(Status::Provisional.sum(Status::Estimated), Status::Estimated);
        assert_eq!(Status::Provisional.sum(Status::LowerBound), Status::LowerBound);
        // About 300 and more than 20 may be less than 320.
        assert_eq!(Status::Estimated.sum(Status::LowerBound), Status::Estimated);
        assert_eq!(Status::LowerBound.sum(Status::Estimated), Status::Estimated);
    }

    #[test]
    fn a_rate_of_a_bound_is_an_estimate() {
        assert_eq!(Status::quotient(Status::Normal, Status::LowerBound), Status::Estimated);
        assert_eq!(
            Status::quotient(Status::Provisional, Status::Normal),
            Status::Provisional
        );
    }
}
