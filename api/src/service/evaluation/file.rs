//! Evaluations on their way into files: the result with everything that is told beside it, and the bytes.

use std::sync::Arc;

use analytics::period::Period;
use strum::{Display, EnumIter, EnumString};

use super::query::EvaluationQuery;
use crate::error::Error;
use crate::export::evaluation::csv::Head;
use crate::export::evaluation::dossier::{AnnualReport, Dossier, RectificationRow};
use crate::export::evaluation::{csv, docx, json, xlsx};
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::rectification::RectificationQuery;
use crate::service::selector::OrgSelector;

/// What becomes a file.
#[derive(Clone, Debug)]
pub enum FileQuery {
    /// An evaluation as asked.
    Now(EvaluationQuery),
    /// A sealed run.
    Run(i64),
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum FileForm {
    /// A workbook.
    Xlsx,
    /// A document.
    Docx,
    /// Flat rows.
    Csv,
    /// Everything.
    Json,
}

/// How a file is to be made.
#[derive(Clone, Debug)]
pub struct FileOptions {
    /// Its form.
    pub form: FileForm,
    /// Of a CSV: Chinese column names.
    pub chinese: bool,
    /// Of a CSV: begin with a byte order mark.
    pub with_mark: bool,
    /// Of a document: the organisation whose annual report it is; the notice of results when left out.
    pub report: Option<String>,
}

/// A file.
#[derive(Debug)]
pub struct EvaluationFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What stands in it.
    pub dossier: Arc<Dossier>,
}

impl Service {
    /// Makes the file of an evaluation or of a sealed run.
    ///
    /// # Errors
    /// As [`Service::evaluate`]; [`Error::NotFound`] for an unknown run, [`Error::Conflict`] for one whose bytes were altered.
    pub async fn evaluation_file(
        &self,
        sight: &Sight,
        query: &FileQuery,
        options: &FileOptions,
    ) -> Result<EvaluationFile, Error> {
        if options.report.is_some() && options.form != FileForm::Docx {
            return Err(Error::input(
                "an annual report is a document",
                "ask for .docx, or leave report out",
            ));
        }
        let (dossier, period, as_of) = self.told(sight, query, options.report.as_deref()).await?;
        let report = match &options.report {
            Some(org) => Some(self.annual_report(sight, org, period, as_of).await?),
            None => None,
        };
        let dossier = Arc::new(dossier);
        let (shared, options) = (Arc::clone(&dossier), options.clone());
        let bytes = self
            .compute
            .run(move || bytes(&shared, report.as_ref(), &options))
            .await??;
        Ok(EvaluationFile { bytes, dossier })
    }

    /// The result with its readings and the items of its organisations; and the time that is asked for.
    async fn told(
        &self,
        sight: &Sight,
        query: &FileQuery,
        report: Option<&str>,
    ) -> Result<(Dossier, Period, Option<i64>), Error> {
        let (scheme, evaluation, seal, period, as_of) = match query {
            FileQuery::Now(query) => {
                let (scheme, evaluation) = self.evaluate(sight, query).await?;
                (scheme, evaluation, None, query.period, query.as_of)
            }
            FileQuery::Run(id) => {
                let sealed = self.evaluation_run(sight, *id).await?.ok_or_else(|| Error::NotFound {
                    what: "evaluation run",
                    name: id.to_string(),
                    hint: Some("evaluationRuns lists them".to_owned()),
                })?;
                if !sealed.is_intact {
                    return Err(Error::Conflict {
                        message: format!("the bytes of run {id} are not those that were sealed"),
                        hint: Some(
                            "`plumbline evaluate --verify` says where; restore the database from a backup".to_owned(),
                        ),
                    });
                }
                let (seal, period) = (sealed.seal(), sealed.period());
                let period = period.ok_or_else(|| Error::internal("a run without period"))?;
                (
                    sealed.scheme,
                    sealed.evaluation,
                    Some(seal),
                    period,
                    Some(sealed.row.as_of),
                )
            }
        };
        let catalog = &sight.snapshot.catalog;
        let sees = |code: &str| catalog.org_by_code(code).is_some_and(|org| sight.sees_whole(org));
        let units = evaluation.units.iter().filter(|unit| sees(&unit.org));
        let mut codes: Vec<String> = units.map(|unit| unit.org.clone()).collect();
        codes.extend(
            report
                .filter(|org| !codes.iter().any(|code| code == org))
                .map(str::to_owned),
        );
        let items = self.items(sight, codes, period, as_of).await?;
        let dossier = self.dossier(sight, &scheme, evaluation, (seal, items)).await?;
        Ok((dossier, period, as_of))
    }

    async fn items(
        &self,
        sight: &Sight,
        codes: Vec<String>,
        period: Period,
        as_of: Option<i64>,
    ) -> Result<Vec<RectificationRow>, Error> {
        let query = RectificationQuery {
            orgs: OrgSelector {
                codes: Some(codes),
                ..OrgSelector::default()
            },
            year: Some(period.end_month().div_euclid(12)),
            kind: None,
            as_of,
        };
        self.rectifications(sight, &query).await
    }
}

fn bytes(dossier: &Dossier, report: Option<&AnnualReport>, options: &FileOptions) -> Result<Vec<u8>, Error> {
    match (options.form, report) {
        (FileForm::Xlsx, _) => xlsx::workbook(dossier).map_err(Error::internal),
        (FileForm::Docx, Some(report)) => docx::document(report, dossier).map_err(Error::internal),
        (FileForm::Docx, None) => docx::notice(dossier).map_err(Error::internal),
        (FileForm::Json, _) => json::bytes(dossier).map_err(Error::internal),
        (FileForm::Csv, _) => {
            let head = if options.chinese { Head::Chinese } else { Head::Codes };
            let mut bytes = Vec::new();
            csv::write(dossier, head, options.with_mark, &mut bytes).map_err(Error::internal)?;
            Ok(bytes)
        }
    }
}
