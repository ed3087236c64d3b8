//! Frameworks of evaluation, held against the catalogue as it is with the other files applied.

use super::ApplyError;
use super::run::Run;
use crate::intake::catalog::entry::Catalog;
use crate::service::catalog;
use crate::service::framework::{DefineError, Defined, define};

/// Whoever brings frameworks by the files of the catalogue.
const AUTHOR: &str = "catalogue";

impl Run<'_> {
    /// Stores the frameworks of the files.
    ///
    /// # Errors
    /// [`ApplyError::Problems`] with every fault of all of them.
    pub(super) async fn frameworks(&mut self, files: &Catalog) -> Result<(), ApplyError> {
        if files.frameworks.is_empty() {
            return Ok(());
        }
        let known = catalog::Catalog::load(self.tx).await?;
        let mut problems = Vec::new();
        for placed in &files.frameworks {
            let label = format!(
                "framework {} {}",
                placed.entry.code.get_ref(),
                placed.entry.version.get_ref()
            );
            match define(self.tx, &known, placed, (AUTHOR, false)).await {
                Ok(Defined::Created(_)) => self.report.created.push(label),
                Ok(Defined::Updated(_)) => self.report.updated.push(label),
                Ok(Defined::Unchanged(_)) => self.report.unchanged += 1,
                Err(DefineError::Problems(found)) => problems.extend(found),
                Err(DefineError::Failed(error)) => return Err(ApplyError::Failed(error)),
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApplyError::Problems(problems))
        }
    }
}
