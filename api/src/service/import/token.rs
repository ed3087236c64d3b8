//! What a dry run hands out: which file was looked at, read in which way, over which state of the database.
//!
//! It says all of this itself, so that nothing is kept between the dry run and the commit, and any server of the database can take it.

use super::digest::sha256;

/// Digits of the file's hash in a token.
const DIGITS: usize = 32;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Recording time of the last change that was seen, in µs since the epoch; 0 where there was none.
    pub(super) as_of: i64,
    file: String,
}

impl Token {
    /// The token of a file with this hash.
    pub(super) fn new(hash: &str, as_of: i64) -> Self {
        let digest = sha256(&[hash.as_bytes()]);
        Self {
            as_of,
            file: digest.get(..DIGITS).unwrap_or(&digest).to_owned(),
        }
    }

    /// Reads a token; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (as_of, file) = text.split_once('-')?;
        let as_of = i64::from_str_radix(as_of, 16).ok()?;
        let is_file = file.len() == DIGITS && file.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_file.then(|| Self {
            as_of,
            file: file.to_owned(),
        })
    }

    /// Whether it was handed out for a file of this hash.
    pub(super) fn is_of(&self, hash: &str) -> bool {
        *self == Self::new(hash, self.as_of)
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{}", self.as_of, self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_its_file_and_its_time() {
        let token = Token::new("abc", 1_234);
        assert_eq!(Token::parse(&token.to_string()), Some(token.clone()));
        assert!(token.is_of("abc"));
        assert!(!token.is_of("abd"));
        for text in ["", "12", "x-0123", "4d2-0123"] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }
}
