//! The text of a query before it is parsed: how deep its brackets stand inside each other, and of how many words and signs it is.

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Brackets inside each other.
    pub(super) nesting: u64,
    /// Names, numbers, texts and signs.
    pub(super) tokens: u64,
}

/// Measures a text. What is no GraphQL is measured as well, and refused by the parser later.
pub(super) fn measure(query: &str) -> Extent {
    let bytes = query.as_bytes();
    let (mut extent, mut depth, mut at) = (Extent::default(), 0u64, 0usize);
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => 1,
            b'#' => run(&bytes[at..], |byte| byte != b'\n' && byte != b'\r'),
            _ => {
                extent.tokens += 1;
                match byte {
                    b'{' | b'[' | b'(' => {
                        depth += 1;
                        extent.nesting = extent.nesting.max(depth);
                        1
                    }
                    b'}' | b']' | b')' => {
                        depth = depth.saturating_sub(1);
                        1
                    }
                    b'"' => text(&bytes[at..]),
                    _ => run(&bytes[at..], is_of_word).max(1),
                }
            }
        };
    }
    extent
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.') || !byte.is_ascii()
}

fn run(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| wanted(**byte)).count()
}

/// The length of the text literal that begins here.
fn text(bytes: &[u8]) -> usize {
    let block = bytes.starts_with(b"\"\"\"");
    let mut at = if block { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if !block => at += 2,
            b'\\' if bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'"' if !block => return at + 1,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            // A line's end ends a text that nobody closed.
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(query: &str) -> (u64, u64) {
        let Extent { nesting, tokens } = measure(query);
        (nesting, tokens)
    }

    #[test]
    fn brackets_and_tokens_are_counted() {
        assert_eq!(extent("{ a(b: [1, -2.5]) { c } }"), (3, 14));
        assert_eq!(extent("query Q($x: [Int!]! = [1]) { a @skip(if: $x) }"), (2, 27));
        assert_eq!(extent(""), (0, 0));
    }

    #[test]
    fn texts_and_comments_hide_nothing_and_count_as_they_are() {
        assert_eq!(extent("{ a(b: \"#\") { c } }"), (2, 11));
        assert_eq!(extent("{ a(b: \"\"\"{ [ \\\"\"\" # \"\"\") }"), (2, 8));
        assert_eq!(extent("{ a(b: \"\\\"{{{\") }"), (2, 8));
        assert_eq!(extent("{ a # {{{{\n b }"), (1, 4));
        assert_eq!(extent("{ a # {{{{\r{ b }"), (2, 5));
        assert_eq!(extent("{ a(b: \"never closed\n{{"), (4, 8));
    }

    proptest::proptest! {
        #[test]
        fn every_text_has_an_end(query in "[{}\\[\\]()a#\"\\\\\n\r é@$!:,|&=]{0,80}") {
            let extent = measure(&query);
            proptest::prop_assert!(extent.nesting <= extent.tokens && extent.tokens <= query.len() as u64);
        }
    }
}
