//! What one request may list inside its rows: the guard cannot know how long lists without pages are, and rows of rows multiply.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;

/// Rows that are still free.
#[derive(Debug)]
pub(super) struct Budget {
    allowed: u64,
    spent: AtomicU64,
}

impl Budget {
    /// So many rows in all lists inside rows of one request.
    pub(super) fn new(allowed: u64) -> Self {
        Self {
            allowed,
            spent: AtomicU64::new(0),
        }
    }

    /// Takes a list of `rows`.
    pub(super) fn spend(&self, rows: usize) -> Result<(), Error> {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let before = self.spent.fetch_add(rows, Ordering::Relaxed);
        let asked = before.saturating_add(rows);
        if asked > self.allowed {
            return Err(Error::Limit {
                what: "number of rows inside rows",
                asked,
                allowed: self.allowed,
                hint: "ask for fewer rows, or for their lists in a query of their own",
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_one_request_share_what_it_may_list() {
        let budget = Budget::new(10);
        assert!(budget.spend(6).is_ok());
        assert!(budget.spend(4).is_ok());
        assert!(matches!(
            budget.spend(1),
            Err(Error::Limit {
                asked: 11,
                allowed: 10,
                ..
            })
        ));
    }
}
