//! Numbers and ordinals as Chinese documents write them; what is below zero has a minus sign, not a hyphen.

use analytics::decimal::{self, Rounding};
use rust_decimal::{Decimal, RoundingStrategy};

/// A number with so many digits, rounded half up once, and commas between thousands.
pub(super) fn grouped(number: f64, decimals: u32) -> String {
    commas(&decimal::format(number, decimals, Rounding::HalfUp))
}

/// Points, rounded half up once.
pub(super) fn points(number: Decimal, decimals: u32) -> String {
    let rounded = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let rounded = if rounded.is_zero() { Decimal::ZERO } else { rounded };
    format!("{rounded:.*}", decimals as usize).replace('-', "−")
}

/// A difference of points with its sign.
pub(super) fn signed(number: Decimal, decimals: u32) -> String {
    let told = points(number, decimals);
    if told.starts_with('−') || told.chars().all(|sign| ['0', '.'].contains(&sign)) {
        told
    } else {
        format!("+{told}")
    }
}

/// 一、二 … 九十九.
pub(super) fn ordinal(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |place: usize| DIGITS.get(place).copied().unwrap_or("");
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens @ 2..=9, ones) => format!("{}十{}", digit(tens), digit(ones)),
        _ => number.to_string(),
    }
}

fn commas(text: &str) -> String {
    let (whole, rest) = text.find('.').map_or((text, ""), |point| text.split_at(point));
    let digits = whole.trim_start_matches('-');
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if whole.starts_with('-') { "−" } else { "" };
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_once_and_grouped() {
        assert_eq!(grouped(7976.0, 0), "7,976");
        assert_eq!(grouped(90.625, 2), "90.63");
        assert_eq!(grouped(-1_234_567.5, 1), "−1,234,567.5");
        assert_eq!(grouped(999.0, 0), "999");
        assert_eq!(points(Decimal::new(94_805, 3), 2), "94.81");
        assert_eq!(points(Decimal::new(9, 0), 2), "9.00");
        assert_eq!(signed(Decimal::new(2, 1), 2), "+0.20");
        assert_eq!(signed(Decimal::new(-2, 1), 2), "−0.20");
        assert_eq!(signed(Decimal::new(-1, 4), 2), "0.00");
    }

    #[test]
    fn ordinals_are_chinese() {
        assert_eq!([1, 10, 11, 20, 35].map(ordinal), ["一", "十", "十一", "二十", "三十五"]);
    }
}
