//! Figures for a submission: read and checked as those of an import, held against what stands, and given back instead of written.

use std::collections::HashMap;
use std::sync::Arc;

use entity::db::Tx;
use entity::observation::{self, Key, Model};

use super::cell::{Cell, Document};
use super::content::Content;
use super::digest::sha256;
use super::error::ImportError;
use super::options::Options;
use super::plan::plan_against;
use super::report::Report;
use super::resolve::{self, Request, Resolved};
use super::run::{refuse, report};
use super::table::TableReading;
use super::write::Writing;
use crate::intake::figures::Field;
use crate::intake::problem::{Problem, Text};
use crate::service::Service;
use crate::service::catalog::Catalog;

/// Which figures a submission may hold.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct Scope {
    /// Of this organisation.
    pub(in crate::service) org_id: i64,
    /// Of exactly this period: first and last month.
    pub(in crate::service) months: (i32, i32),
    /// Of this theme; of all when none.
    pub(in crate::service) theme_id: Option<i64>,
}

/// A file that was read for a submission.
pub(in crate::service) struct Drafted {
    resolved: Resolved,
    options: Options,
    file: Document,
}

impl Service {
    /// Reads a file for a submission; faults are in what comes back.
    pub(in crate::service) async fn read_draft(
        &self,
        catalog: &Arc<Catalog>,
        (file, bytes): (String, Vec<u8>),
        options: &Options,
        scope: Scope,
    ) -> Result<Drafted, ImportError> {
        if catalog.indicators().is_empty() {
            return Err(ImportError::NoCatalog);
        }
        let (catalog, options) = (Arc::clone(catalog), options.clone());
        let read = move || {
            let request = Request {
                file: &file,
                bytes: &bytes,
                mapping: &options.mapping,
                content: Content::Figures,
                limits: &options.limits,
                progress: &options.progress,
            };
            let mut resolved = resolve::resolve(&request, &catalog);
            narrow(&mut resolved, &file, scope, &catalog);
            let document = Document {
                title: file.rsplit(['/', '\\']).next().unwrap_or(&file).to_owned(),
                address: String::new(),
                publisher: None,
                published_on: None,
                content_hash: Some(sha256(&[&bytes])),
            };
            Drafted {
                resolved,
                options,
                file: document,
            }
        };
        Ok(self.compute.run(read).await?)
    }
}

impl Drafted {
    /// The indicators whose figures it holds.
    pub(in crate::service) fn indicators(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.resolved.cells.iter().map(|cell| cell.key.indicator_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// What the file does to `base`, and with `commit` the rows of what is new or other than there, whose sources are stored.
    pub(in crate::service) async fn against(
        mut self,
        tx: &Tx,
        catalog: &Catalog,
        base: &[Model],
        commit: bool,
    ) -> Result<(Report, Vec<observation::New>), ImportError> {
        let plan = plan_against(tx, catalog, &mut self.resolved, base).await?;
        let mut told = report(&mut self.resolved, &plan);
        if !commit {
            return Ok((told, Vec::new()));
        }
        // A draft may be changed without a reason: nothing that was published changes yet.
        refuse(&mut told, &plan, Some(entity::choice::RevisionReason::Error))?;
        let writing = Writing {
            tx,
            resolved: &self.resolved,
            plan: &plan,
            content: Content::Figures,
            progress: &self.options.progress,
            file: self.file.clone(),
        };
        let rows = writing.rows().await?;
        Ok((told, rows))
    }
}

/// Takes out what does not belong into the submission, as faults.
fn narrow(resolved: &mut Resolved, file: &str, scope: Scope, catalog: &Catalog) {
    let mut kept = Vec::new();
    for cell in std::mem::take(&mut resolved.cells) {
        let Some((field, message)) = stranger(&cell, scope, catalog) else {
            kept.push(cell);
            continue;
        };
        let problem = fault(file, &cell, &resolved.tables, field, message);
        resolved.problems.push(problem);
        resolved.rejected.push(cell.place);
    }
    resolved.problems.sort_by_key(|problem| problem.line);
    let index: HashMap<Key, u32> = (0u32..).zip(&kept).map(|(index, cell)| (cell.key, index)).collect();
    resolved.cells = kept;
    resolved.index = index;
}

/// Why a figure does not belong into the submission, if it does not.
fn stranger(cell: &Cell, scope: Scope, catalog: &Catalog) -> Option<(Field, Text)> {
    if cell.key.org_id != scope.org_id {
        let message = Text::new("the submission is another organisation's", "不是本单位的数据");
        return Some((Field::Org, message));
    }
    if (cell.key.start_month, cell.key.end_month) != scope.months {
        let message = Text::new("the submission is for another period", "不是本报送期的数据");
        return Some((Field::Period, message));
    }
    let theme = catalog
        .indicator(cell.key.indicator_id)
        .map(|indicator| indicator.theme_id);
    if scope.theme_id.is_some_and(|wanted| theme != Some(wanted)) {
        let message = Text::new("the submission is for another theme", "不属于本次报送的主题");
        return Some((Field::Indicator, message));
    }
    None
}

fn fault(file: &str, cell: &Cell, tables: &[TableReading], field: Field, message: Text) -> Problem {
    let hint = Text::new(
        "put it into a submission of its own, or leave it out",
        "请另行报送,或从本表删去",
    );
    Problem {
        cell: cell.place.cell(tables),
        ..Problem::of_file(file, message, hint)
            .at_line(u64::from(cell.place.line))
            .in_column(field.name())
    }
}
