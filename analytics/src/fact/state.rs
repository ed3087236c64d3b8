//! What stands beside a number in the store, packed into one column: status, flags, and how many decimals were printed.

use crate::flag::Flags;
use crate::status::Status;

const STATUS_BITS: u32 = 4;
const DECIMAL_BITS: u32 = 4;
const FLAG_SHIFT: u32 = STATUS_BITS + DECIMAL_BITS;
const STATUS_MASK: u32 = (1 << STATUS_BITS) - 1;
/// By their number; what no status has is missing.
const STATUSES: [Status; 1 << STATUS_BITS] = {
    let mut all = [Status::Missing; 1 << STATUS_BITS];
    let mut number = 0;
    while number < all.len() {
        if let Some(status) = Status::from_repr(number as u8) {
            all[number] = status;
        }
        number += 1;
    }
    all
};

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
    /// The column's number modulo this is that of the status.
    pub(crate) const STATUSES: u32 = 1 << STATUS_BITS;

    /// One number for the column.
    #[must_use]
    pub fn pack(self) -> u32 {
        self.status as u32 | self.decimals.min((1 << DECIMAL_BITS) - 1) << STATUS_BITS | self.flags.bits() << FLAG_SHIFT
    }

    /// This state for `value`: without a number it is missing, unless it says why there is none.
    pub(super) fn holding(self, value: Option<f64>) -> Self {
        match value {
            None if self.status.has_value() => Self {
                status: Status::Missing,
                ..self
            },
            _ => self,
        }
    }

    /// The flags alone.
    #[inline]
    pub(crate) fn unpack_flags(bits: u32) -> Flags {
        Flags::from_mask(bits >> FLAG_SHIFT)
    }

    /// The status alone.
    #[inline]
    pub(crate) fn unpack_status(bits: u32) -> Status {
        STATUSES[(bits & STATUS_MASK) as usize]
    }

    /// Whether the column's number says that there is a value.
    #[inline]
    pub(crate) fn has_value(bits: u32) -> bool {
        bits & STATUS_MASK <= Status::LowerBound as u32
    }

    /// Whether the column's number is that of a reported value without a remark.
    #[inline]
    pub(super) fn is_plain(bits: u32) -> bool {
        bits & STATUS_MASK == Status::Normal as u32 && bits >> FLAG_SHIFT == 0
    }

    /// The state of a column's number.
    #[must_use]
    pub fn unpack(bits: u32) -> Self {
        Self {
            status: Self::unpack_status(bits),
            flags: Self::unpack_flags(bits),
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
