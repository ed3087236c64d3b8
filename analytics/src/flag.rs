//! Flags on a value: a set, because a figure can be two things at once.

use std::fmt;

use strum::{Display, EnumIter, EnumString, IntoEnumIterator};

/// One remark on a value. The first four come with a figure; the others are set by a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Flag {
    /// Not comparable with this organisation's figures before it.
    Break,
    /// The organisation's boundary changed with this figure.
    BoundaryChanged,
    /// The number was taken from words.
    DerivedFromText,
    /// What is counted changed with this figure (口径调整).
    ScopeChanged,
    /// Some of what belongs in the aggregate is not there.
    Incomplete,
    /// Summed from the months, quarters or halves of the period.
    SummedOverTime,
    /// Put together from the organisations below.
    RolledUp,
    /// The printed figure is not the computed one.
    Discrepancy,
    /// Takes in a provisional figure.
    Provisional,
    /// Takes in an estimate.
    Estimated,
    /// Takes in a lower bound.
    LowerBound,
    /// Takes in a figure that was handed in and is not published yet.
    Unpublished,
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u32);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);

    /// The set as a bit mask, for a column.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The set of a bit mask; bits that mean nothing are dropped.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        Flag::iter().filter(|flag| bits & Self::from(*flag).0 != 0).collect()
    }

    /// The set of a mask that [`Self::bits`] gave.
    #[inline]
    pub(crate) fn from_mask(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether the two have a flag in common.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// This set and one flag more.
    #[must_use]
    pub fn with(self, flag: Flag) -> Self {
        Self(self.0 | Self::from(flag).0)
    }

    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `flag` is in the set.
    #[must_use]
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & Self::from(flag).0 != 0
    }

    /// The flags of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::iter().filter(move |flag| self.contains(*flag))
    }
}

impl From<Flag> for Flags {
    fn from(flag: Flag) -> Self {
        Self(1 << flag as u32)
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<T: IntoIterator<Item = Flag>>(flags: T) -> Self {
        flags.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Display for Flags {
    /// The names joined by `|`, in order; empty for no flag.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, flag) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("|")?;
            }
            write!(f, "{flag}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_every_flag_through_its_mask() {
        let flags = Flags::from(Flag::Break).with(Flag::LowerBound);
        assert_eq!(Flags::from_bits(flags.bits()), flags);
        assert_eq!(flags.to_string(), "BREAK|LOWER_BOUND");
        assert_eq!(Flags::NONE.to_string(), "");
    }
}
