//! How much one question may ask for.

use crate::error::Error;

/// Refuses a question over more than `allowed` cells.
///
/// # Errors
/// [`Error::Limit`].
pub(super) fn limit(what: &'static str, asked: u64, allowed: u64) -> Result<(), Error> {
    if asked > allowed {
        let hint = "ask for fewer indicators, organisations or periods at a time";
        return Err(Error::Limit {
            what,
            asked,
            allowed,
            hint,
        });
    }
    Ok(())
}
