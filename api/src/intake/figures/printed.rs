//! A figure as a cell prints it: `660余人次`, `逾20万元`, `1,234`, `１２`, `1+6`, `97%`.

use analytics::status::Status;
use rust_decimal::Decimal;

use super::number::{self, Number, NumberFault};
use super::plain::{compact, half_width};
use super::word::{Meaning, Words};

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// A number.
    Figure(Figure),
    /// There is none, and why.
    Absent(Status),
    /// Nothing: the figure is left alone.
    Blank,
}

/// A number with what is written around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number; 万 and 亿 are multiplied out unless they belong to the unit.
    pub number: Number,
    /// The word of a unit behind it.
    pub unit: Option<String>,
    /// Whether 万 or 亿 stood behind it without a unit.
    pub is_scaled: bool,
    /// `LOWER_BOUND` or `ESTIMATED` where words around it say so.
    pub about: Option<Status>,
}

/// Why a text is not one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintedFault {
    /// Not a number.
    Form,
    /// More digits than can be kept.
    Digits,
    /// A word behind the number that is no unit.
    Unit(String),
    /// One of several; the choices.
    Ambiguous(Vec<String>),
    /// A range such as `3-5`.
    Range,
    /// A fraction such as `702/720`.
    Fraction,
    /// A word that is zero in one sheet and unknown in the next.
    Unclear,
}

const BEFORE: [(&str, Status); 15] = [
    ("超过", Status::LowerBound),
    ("超出", Status::LowerBound),
    ("至少", Status::LowerBound),
    ("不少于", Status::LowerBound),
    ("不低于", Status::LowerBound),
    ("多于", Status::LowerBound),
    ("逾", Status::LowerBound),
    ("超", Status::LowerBound),
    (">=", Status::LowerBound),
    ("≥", Status::LowerBound),
    ("大约", Status::Estimated),
    ("将近", Status::Estimated),
    ("接近", Status::Estimated),
    ("约", Status::Estimated),
    ("近", Status::Estimated),
];
const BEHIND: [(&str, Status); 8] = [
    ("及以上", Status::LowerBound),
    ("以上", Status::LowerBound),
    ("余", Status::LowerBound),
    ("多", Status::LowerBound),
    ("左右", Status::Estimated),
    ("上下", Status::Estimated),
    ("+", Status::LowerBound),
    ("许", Status::Estimated),
];
const SCALES: [(&str, u32); 2] = [("万", 4), ("亿", 8)];

/// Reads a cell; `is_unit` knows the words of units.
///
/// # Errors
/// [`PrintedFault`]; nothing is guessed.
pub fn read(text: &str, words: &Words, is_unit: impl Fn(&str) -> bool) -> Result<Printed, PrintedFault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Printed::Blank);
    }
    match number::parse(text) {
        Ok(number) => {
            return Ok(Printed::Figure(Figure {
                number,
                unit: None,
                is_scaled: false,
                about: None,
            }));
        }
        Err(NumberFault::Digits) => return Err(PrintedFault::Digits),
        Err(NumberFault::Form) => {}
    }
    match words.meaning(&compact(text)) {
        Some(Meaning::Absent(status)) => return Ok(Printed::Absent(status)),
        Some(Meaning::Blank) => return Ok(Printed::Blank),
        Some(Meaning::Unclear) => return Err(PrintedFault::Unclear),
        Some(Meaning::Number(number)) => return read(&number, &Words::default(), is_unit),
        None => {}
    }
    figure(&half_width(text), is_unit).map(Printed::Figure)
}

fn figure(text: &str, is_unit: impl Fn(&str) -> bool) -> Result<Figure, PrintedFault> {
    let mut about = None;
    let mut rest = text.trim();
    if let Some((word, status)) = BEFORE.iter().find(|(word, _)| rest.starts_with(word)) {
        about = Some(*status);
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
    }
    let is_money = rest.starts_with('¥') || rest.starts_with('￥');
    let rest = rest.trim_start_matches(['¥', '￥']).trim_start();
    let end = rest
        .find(|character: char| !is_numeric(character))
        .unwrap_or(rest.len());
    let (mut digits, mut behind) = rest.split_at(end);
    if let Some(before) = digits.trim_end().strip_suffix('+') {
        // 100+ is a bound, and its sign belongs to what is behind.
        (digits, behind) = (before, rest.get(before.len()..).unwrap_or_default());
    }
    let (number, behind) = match sum(digits, behind) {
        Some((number, behind)) => (number, behind),
        None => (plain(digits.trim())?, behind),
    };
    let tail = tail(behind.trim(), number, is_money, is_unit)?;
    if let (Some(before), Some(after)) = (about, tail.about)
        && before != after
    {
        // 约20余: an estimate and a bound at once
        return Err(PrintedFault::Ambiguous(vec![before.to_string(), after.to_string()]));
    }
    Ok(Figure {
        about: about.or(tail.about),
        ..tail
    })
}

fn is_numeric(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',' | '-' | '+' | ' ')
}

/// `1+6`: whole numbers that a sheet adds up in writing. A sign at the end belongs to what is behind.
fn sum<'a>(digits: &str, behind: &'a str) -> Option<(Number, &'a str)> {
    let terms: Vec<&str> = digits.trim().split('+').map(str::trim).collect();
    let whole = |term: &&str| !term.is_empty() && term.len() <= 9 && term.bytes().all(|byte| byte.is_ascii_digit());
    if terms.len() < 2 || terms.len() > 9 || !terms.iter().all(whole) {
        return None;
    }
    let total: i64 = terms.iter().filter_map(|term| term.parse::<i64>().ok()).sum();
    let number = Number {
        value: Decimal::from(total),
        decimals: 0,
    };
    Some((number, behind))
}

/// Digits with separators of thousands or with spaces between them.
fn plain(digits: &str) -> Result<Number, PrintedFault> {
    let digits = digits.trim();
    let (sign, unsigned) = match digits.strip_prefix(['-', '+']) {
        Some(rest) => (digits.get(..1).unwrap_or_default(), rest.trim_start()),
        None => ("", digits),
    };
    if unsigned.contains('-') {
        return Err(PrintedFault::Range);
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if fraction.contains(['.', ',', ' ']) {
        return Err(PrintedFault::Form);
    }
    let joined = join(whole)?;
    let text = if unsigned.contains('.') {
        format!("{sign}{joined}.{fraction}")
    } else {
        format!("{sign}{joined}")
    };
    number::parse(&text).map_err(|fault| match fault {
        NumberFault::Form => PrintedFault::Form,
        NumberFault::Digits => PrintedFault::Digits,
    })
}

/// Groups of three behind the first, or single digits spread out, are one number; other groups could be two.
fn join(whole: &str) -> Result<String, PrintedFault> {
    if !whole.contains([',', ' ']) {
        return Ok(whole.to_owned());
    }
    let groups: Vec<&str> = whole.split([',', ' ']).filter(|group| !group.is_empty()).collect();
    let joined = groups.concat();
    let thousands = groups.first().is_some_and(|first| first.len() <= 3)
        && groups.iter().skip(1).all(|group| group.len() == 3)
        && !whole.ends_with(',');
    let spread = !whole.contains(',') && groups.iter().all(|group| group.len() == 1);
    if thousands || spread {
        return Ok(joined);
    }
    let pointed = whole.replace(',', ".");
    let mut choices = vec![joined];
    if whole.matches(',').count() == 1 && !whole.contains(' ') && !whole.ends_with(',') {
        choices.push(pointed);
    }
    Err(PrintedFault::Ambiguous(choices))
}

/// What is behind the digits: bounds, 万 and 亿, and the unit.
fn tail(text: &str, number: Number, is_money: bool, is_unit: impl Fn(&str) -> bool) -> Result<Figure, PrintedFault> {
    let mut about = None;
    let mut rest = strip_about(text, &mut about);
    let mut figure = Figure {
        number,
        unit: is_money.then(|| "元".to_owned()),
        is_scaled: false,
        about: None,
    };
    // The whole word first: 万元 is a unit of its own.
    let mut scale = None;
    if !rest.is_empty() {
        let ended = strip_behind(rest, &mut about);
        if is_unit(ended) {
            figure.unit = Some(ended.to_owned());
            rest = "";
        } else if let Some((word, power)) = SCALES.iter().find(|(word, _)| rest.starts_with(word)) {
            let behind = rest.get(word.len()..).unwrap_or_default();
            let unit = strip_behind(strip_about(behind, &mut about), &mut about);
            let whole_word = format!("{word}{unit}");
            if is_unit(&whole_word) {
                figure.unit = Some(whole_word);
            } else {
                scale = Some(*power);
                if !unit.is_empty() {
                    if !is_unit(unit) {
                        return Err(PrintedFault::Unit(unit.to_owned()));
                    }
                    figure.unit = Some(unit.to_owned());
                }
            }
            rest = "";
        }
    }
    if !rest.is_empty() {
        return Err(match rest.chars().next() {
            Some('/' | '÷' | '／') => PrintedFault::Fraction,
            Some('~' | '～' | '至' | '—' | '–') => PrintedFault::Range,
            _ => PrintedFault::Unit(rest.to_owned()),
        });
    }
    if let Some(power) = scale {
        let factor = Decimal::from(10i64.pow(power));
        let value = number.value.checked_mul(factor).ok_or(PrintedFault::Digits)?;
        figure.number = Number {
            value: value.normalize(),
            decimals: number.decimals.saturating_sub(power),
        };
        figure.is_scaled = figure.unit.is_none();
    }
    figure.about = about;
    Ok(figure)
}

fn strip_about<'a>(text: &'a str, about: &mut Option<Status>) -> &'a str {
    match BEHIND.iter().find(|(word, _)| text.starts_with(word)) {
        Some((word, status)) => {
            *about = Some(*status);
            text.get(word.len()..).unwrap_or_default().trim_start()
        }
        None => text,
    }
}

fn strip_behind<'a>(text: &'a str, about: &mut Option<Status>) -> &'a str {
    match BEHIND.iter().find(|(word, _)| text.ends_with(word)) {
        Some((word, status)) => {
            *about = Some(*status);
            text.strip_suffix(word).unwrap_or(text).trim_end()
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: [&str; 10] = ["元", "万元", "人次", "宗", "件", "名", "万名", "%", "‰", "次"];

    fn told(text: &str) -> String {
        match read(text, &Words::default(), |word| UNITS.contains(&word)) {
            Ok(Printed::Figure(figure)) => {
                let unit = figure.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
                let about = figure.about.map(|about| format!(" {about}")).unwrap_or_default();
                format!("{}{unit}{about}", figure.number.value)
            }
            Ok(Printed::Absent(status)) => status.to_string(),
            Ok(Printed::Blank) => "blank".to_owned(),
            Err(PrintedFault::Ambiguous(choices)) => format!("? {}", choices.join(" ")),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn figures_are_read_out_of_what_is_printed_around_them() {
        for (text, wanted) in [
            ("720", "720"),
            (" 720 宗", "720 宗"),
            ("７２０", "720"),
            ("1,234", "1234"),
            ("1，234，567.5", "1234567.5"),
            ("1 234", "1234"),
            ("7 2 0", "720"),
            ("-12.50", "-12.50"),
            ("97%", "97 %"),
            ("97.5 ％", "97.5 %"),
            ("1+6", "7"),
            ("1 + 6 次", "7 次"),
            ("9.8万元", "9.8 万元"),
            ("￥98,000", "98000 元"),
            ("660余人次", "660 人次 LOWER_BOUND"),
            ("逾20万元", "20 万元 LOWER_BOUND"),
            ("20余万元", "20 万元 LOWER_BOUND"),
            ("20万余元", "20 万元 LOWER_BOUND"),
            ("超250人次", "250 人次 LOWER_BOUND"),
            ("2万余名", "2 万名 LOWER_BOUND"),
            ("7900多万件", "79000000 件 LOWER_BOUND"),
            ("1100余人次", "1100 人次 LOWER_BOUND"),
            ("500人次以上", "500 人次 LOWER_BOUND"),
            ("100+", "100 LOWER_BOUND"),
            ("约300件", "300 件 ESTIMATED"),
            ("300件左右", "300 件 ESTIMATED"),
            ("1.5万", "15000"),
            ("—", "MISSING"),
            ("未报", "MISSING"),
            (" 不 适 用 ", "NOT_APPLICABLE"),
            ("/", "NOT_APPLICABLE"),
            ("", "blank"),
            ("　", "blank"),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_could_be_two_things_is_left_to_people() {
        for (text, wanted) in [
            ("1,23", "? 123 1.23"),
            ("12 34", "? 1234"),
            ("1,2345", "? 12345 1.2345"),
            ("约20余件", "? ESTIMATED LOWER_BOUND"),
            ("3-5", "Range"),
            ("3~5", "Range"),
            ("702/720", "Fraction"),
            ("无", "Unclear"),
            ("12桶", "Unit(\"桶\")"),
            ("若干", "Form"),
            ("如…等", "Form"),
            ("1.2.3", "Form"),
            ("1e3", "Unit(\"e3\")"),
            ("1234567890123456", "Digits"),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,30}") {
            let _ = read(&text, &Words::default(), |word| UNITS.contains(&word));
        }

        #[test]
        fn any_writing_of_a_number_gives_the_number(value in 0i64..1_000_000_000, full in proptest::bool::ANY, unit in proptest::sample::select(UNITS.to_vec())) {
            let digits = value.to_string();
            let mut grouped = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let mut text = format!("{grouped} {unit}");
            if full {
                text = text.chars().map(|c| if ('!'..='~').contains(&c) { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c }).collect();
            }
            proptest::prop_assert_eq!(told(&text), format!("{value} {unit}"));
        }
    }
}
