//! One made-up figure: whole-number arithmetic on a hash, so that it is the same everywhere.

use crate::status::Status;

const AMOUNT: u32 = 3;
/// Indicators begin in one of these years.
const FIRST_YEAR: i32 = 2016;
const BEGINNINGS: u64 = 7;
/// Figures of this year may still change.
const LAST_YEAR: i32 = 2025;

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The value; none where the status says so.
    pub value: Option<f64>,
    /// Its state.
    pub status: Status,
}

/// Mixes numbers into one that looks like chance (splitmix64).
fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut mixed = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// What a community reports for a member of a group in a month; `None` where there is no row.
pub(super) fn figure(seed: u64, (group, member): (u32, u32), place: [u32; 3], month: i32) -> Option<Figure> {
    let here = place.iter().fold(0u64, |code, part| code * 100 + u64::from(*part));
    let (group, when) = (u64::from(group), u64::from(month.unsigned_abs()));
    let chance = |what: u64, of: u64, parts: [u64; 3]| mix(&[seed, what, parts[0], parts[1], parts[2]]) % of;
    let begins = FIRST_YEAR + i32::try_from(chance(1, BEGINNINGS, [group, 0, 0])).unwrap_or(0);
    // Three communities in a hundred never report a group.
    if month.div_euclid(12) < begins || chance(2, 100, [group, here, 0]) < 3 {
        return None;
    }
    // One month in five hundred is missing, and half of these say so.
    match chance(3, 1000, [group, here, when]) {
        0 => return None,
        1 => {
            return Some(Figure {
                value: None,
                status: Status::Missing,
            });
        }
        _ => {}
    }
    let value = if member == AMOUNT {
        let usual = 20 + chance(4, 400, [group, here, 0]);
        usual * 100 * (80 + chance(5, 41, [group, here, when])) / 100
    } else {
        let usual = 4 + chance(4, 60, [group, here, 0]);
        let accepted = match chance(6, 100, [group, here, when]) {
            0..4 => 0,
            _ => usual * (75 + chance(5, 51, [group, here, when])) / 100,
        };
        let settled = accepted * (70 + chance(7, 31, [group, here, when])) / 100;
        let in_time = settled * (60 + chance(8, 41, [group, here, when])) / 100;
        [accepted, settled, in_time][member.min(2) as usize]
    };
    let status = match chance(9, 1000, [group * 4 + u64::from(member), here, when]) {
        0..20 if month.div_euclid(12) == LAST_YEAR => Status::Provisional,
        20..24 => Status::Estimated,
        24 => Status::LowerBound,
        _ => Status::Normal,
    };
    let value = u32::try_from(value).ok().map(f64::from);
    Some(Figure { value, status })
}
