//! What stands beside a number in the store, packed into one column: status, flags, and how many decimals were printed.

use crate::flag::Flags;
use crate::status::Status;

const STATUS_BITS: u32 = 4;
const DECIMAL_BITS: u32 = 4;
const FLAG_SHIFT: u32 = STATUS_BITS + DECIMAL_BITS;

/// The state of one stored figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Its status.
    pub status: Status,
    /// Its flags.
    pub flags: Flags,
    /// Digits after the point as printed, at most 15.
    pub decimals: u32,
}

impl State {
    /// One number for the column.
    #[must_use]
    pub fn pack(self) -> u32 {
        self.status as u32 | self.decimals.min((1 << DECIMAL_BITS) - 1) << STATUS_BITS | self.flags.bits() << FLAG_SHIFT
    }

    /// The state of a column's number.
    #[must_use]
    pub fn unpack(bits: u32) -> Self {
        let status = u8::try_from(bits & ((1 << STATUS_BITS) - 1))
            .ok()
            .and_then(Status::from_repr)
            .unwrap_or(Status::Missing);
        Self {
            status,
            flags: Flags::from_bits(bits >> FLAG_SHIFT),
            decimals: bits >> STATUS_BITS & ((1 << DECIMAL_BITS) - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::flag::Flag;

    #[test]
    fn packing_loses_nothing() {
        for status in Status::iter() {
            for flag in Flag::iter() {
                for decimals in 0..16 {
                    let state = State {
                        status,
                        flags: flag.into(),
                        decimals,
                    };
                    assert_eq!(State::unpack(state.pack()), state);
                }
            }
        }
    }
}
