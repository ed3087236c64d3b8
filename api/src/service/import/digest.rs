//! SHA-256 as it is stored and told.

use sha2::{Digest, Sha256};

/// The hash of all parts together, in hexadecimal.
pub(super) fn sha256(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
