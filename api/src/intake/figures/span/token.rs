//! The words that texts about time are made of.

/// A part of a text about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number and how many digits it was written with.
    Number(i32, usize),
    Year,
    Month,
    Day,
    Quarter,
    /// `全年`.
    Whole,
    FirstHalf,
    SecondHalf,
    /// `前`, as in 前三季度.
    Leading,
    /// `截至`.
    Until,
    To,
    /// `.`, `/` or `-` between year and month; a dash may also mean [`Token::To`].
    Point,
    Dash,
}

/// Words, longest first; `None` says nothing.
const WORDS: [(&str, Option<Token>); 35] = [
    ("上半年", Some(Token::FirstHalf)),
    ("下半年", Some(Token::SecondHalf)),
    ("年度", Some(Token::Year)),
    ("全年", Some(Token::Whole)),
    ("季度", Some(Token::Quarter)),
    ("月份", Some(Token::Month)),
    ("月底", Some(Token::Month)),
    ("月末", Some(Token::Month)),
    ("截至到", Some(Token::Until)),
    ("截止到", Some(Token::Until)),
    ("截至", Some(Token::Until)),
    ("截止", Some(Token::Until)),
    ("累计", None),
    ("期间", None),
    ("年", Some(Token::Year)),
    ("月", Some(Token::Month)),
    ("日", Some(Token::Day)),
    ("季", Some(Token::Quarter)),
    ("前", Some(Token::Leading)),
    ("第", None),
    ("至", Some(Token::To)),
    ("到", Some(Token::To)),
    ("~", Some(Token::To)),
    ("～", Some(Token::To)),
    ("—", Some(Token::Dash)),
    ("–", Some(Token::Dash)),
    ("-", Some(Token::Dash)),
    (".", Some(Token::Point)),
    ("/", Some(Token::Point)),
    ("十二", Some(Token::Number(12, 2))),
    ("十一", Some(Token::Number(11, 2))),
    ("一", Some(Token::Number(1, 1))),
    ("二", Some(Token::Number(2, 1))),
    ("三", Some(Token::Number(3, 1))),
    ("四", Some(Token::Number(4, 1))),
];

/// The parts of a compact text; none when it says anything else.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut rest, mut tokens) = (text, Vec::new());
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, after) = rest.split_at(digits);
            tokens.push(Token::Number(number.parse().ok()?, digits));
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix(['Q', 'q']) {
            tokens.push(Token::Quarter);
            rest = after;
            continue;
        }
        let (word, token) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
        tokens.extend(token);
        rest = rest.get(word.len()..)?;
    }
    Some(tokens)
}
