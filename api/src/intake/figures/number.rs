//! A number as a cell holds it, exactly as many digits as are written.

use rust_decimal::Decimal;

/// Significant digits that can be kept without loss.
const MOST_DIGITS: usize = 15;

/// Why a text is not a number that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// Something else than digits, one point and a sign.
    Form,
    /// More digits than can be kept exactly.
    Digits,
}

impl NumberFault {
    /// What is wrong.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Form => "is not a plain number",
            Self::Digits => "has more digits than can be kept exactly",
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Form => {
                "write plain digits with at most one point, as 1234.5; put the text of the source into `printed`"
            }
            Self::Digits => "write at most 15 significant digits",
        }
    }
}

/// A number and the digits after its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value.
    pub value: Decimal,
    /// Digits written after the point, zeros included.
    pub decimals: u32,
}

/// Reads plain digits with an optional sign and point. Nothing is guessed: `1,234`, `12%` and `1e3` are refused.
///
/// # Errors
/// [`NumberFault`] with its hint.
pub fn parse(text: &str) -> Result<Number, NumberFault> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
        return Err(NumberFault::Form);
    }
    let significant = digits
        .trim_start_matches(['0', '.'])
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    if significant > MOST_DIGITS || fraction.len() > MOST_DIGITS {
        return Err(NumberFault::Digits);
    }
    let value = text
        .strip_prefix('+')
        .unwrap_or(text)
        .parse()
        .map_err(|_| NumberFault::Form)?;
    Ok(Number {
        value,
        decimals: u32::try_from(fraction.len()).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_read_to_the_digit() {
        assert_eq!(
            parse("97.50"),
            Ok(Number {
                value: Decimal::new(9750, 2),
                decimals: 2
            })
        );
        assert_eq!(
            parse("-0"),
            Ok(Number {
                value: Decimal::ZERO,
                decimals: 0
            })
        );
        assert_eq!(
            parse("+12"),
            Ok(Number {
                value: Decimal::new(12, 0),
                decimals: 0
            })
        );
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        for text in [
            "", "-", ".5", "5.", "1,234", "97%", "1e3", "1+6", "１２", "0x1", "NaN", "inf", "1 2", "--1", "660余",
        ] {
            assert_eq!(parse(text), Err(NumberFault::Form), "{text}");
        }
        assert_eq!(parse("1234567890.123456"), Err(NumberFault::Digits));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
