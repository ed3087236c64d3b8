//! What a token is: `plb_`, a public id by which it is found, and a secret of 256 random bits of which only the hash is kept.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Error;

/// What every token begins with, so that scanners for lost secrets know it.
pub(super) const PREFIX: &str = "plb_";
const ID_DIGITS: usize = 16;
const SECRET_DIGITS: usize = 64;

/// A token that was just made.
pub(super) struct Minted {
    /// The whole of it: shown once.
    pub(super) text: String,
    /// The part by which it is found.
    pub(super) public_id: String,
    /// The hash of the rest.
    pub(super) secret_hash: String,
}

/// A text that has the form of a token.
pub(super) struct Presented<'a> {
    pub(super) public_id: &'a str,
    secret: &'a str,
}

/// A new token.
pub(super) fn mint() -> Result<Minted, Error> {
    let public_id = random(ID_DIGITS)?;
    let secret = random(SECRET_DIGITS)?;
    Ok(Minted {
        text: format!("{PREFIX}{public_id}_{secret}"),
        secret_hash: hash(&secret),
        public_id,
    })
}

/// The parts of a text that has the form of a token.
pub(super) fn read(text: &str) -> Option<Presented<'_>> {
    let (public_id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    (is_hex(public_id, ID_DIGITS) && is_hex(secret, SECRET_DIGITS)).then_some(Presented { public_id, secret })
}

impl Presented<'_> {
    /// Whether the secret is the one of `secret_hash`, in a time that does not depend on how much of it is right.
    pub(super) fn fits(&self, secret_hash: &str) -> bool {
        hash(self.secret).as_bytes().ct_eq(secret_hash.as_bytes()).into()
    }
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

fn random(digits: usize) -> Result<String, Error> {
    let mut bytes = vec![0; digits / 2];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_own_hash_alone() {
        let (one, other) = (mint().unwrap(), mint().unwrap());
        let presented = read(&one.text).unwrap();
        assert_eq!(presented.public_id, one.public_id);
        assert!(presented.fits(&one.secret_hash) && !presented.fits(&other.secret_hash) && !presented.fits(""));
        assert!(!one.secret_hash.contains(&one.text[21..]), "the secret is not kept");
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        let text = mint().unwrap().text;
        for bad in [
            "",
            "plb_",
            "plb__",
            &text[1..],
            &text[..84],
            &text.to_uppercase(),
            &format!("{text}0"),
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
