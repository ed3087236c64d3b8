//! A synthetic city into an empty database: made-up figures, and named so, for load tests and for trying the program out at full size.

mod catalog;

use analytics::synthetic::{City, Spec};
use entity::choice::Topic;
use entity::db::Tx;
use entity::{change_feed, import_batch, observation, source};

use super::Service;
use super::access::Caller;
use super::apply::ApplyError;
use super::catalog::Catalog;
use super::convert::stored_status;
use crate::error::Error;
use crate::intake::catalog::read;

/// Rows that are handed to the database at a time.
const ROWS: usize = 50_000;

impl Service {
    /// Writes the city's catalogue and figures, and gives the number of figures. The figures are one batch: all or none.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the database holds a catalogue already: made-up figures never stand beside real ones.
    pub async fn generate(&self, city: City) -> Result<usize, Error> {
        if !Catalog::load(&self.db).await?.indicators().is_empty() {
            return Err(Error::Conflict {
                message: "the database holds a catalogue already, and made-up figures never stand beside real ones"
                    .to_owned(),
                hint: Some("name an empty database that was migrated".to_owned()),
            });
        }
        let files = read(&catalog::files(&city))
            .map_err(|problems| Error::internal(format!("the synthetic catalogue has faults: {problems:?}")))?;
        self.apply_catalog(&Caller::operator("plumbline generate"), &files)
            .await
            .map_err(|error| match error {
                ApplyError::Failed(error) => error,
                ApplyError::Problems(problems) => Error::internal(format!("the catalogue was refused: {problems:?}")),
            })?;
        let tx = self.db.begin_write().await?;
        let written = write(&tx, &city).await?;
        tx.commit().await?;
        Ok(written)
    }
}

/// Writes all figures of the city as one batch.
async fn write(tx: &Tx, city: &City) -> Result<usize, Error> {
    let catalog = Catalog::load(tx).await?;
    let recorded_at = tx.now().await?;
    let specs = city.indicators();
    let stored = || specs.iter().filter(|spec| spec.parts.is_none());
    let total = stored().map(|spec| figures(city, spec).count()).sum::<usize>();
    let batch = import_batch::New {
        content_hash: format!("synthetic {:?} {}", city.size, city.seed),
        file_name: "synthetic city".to_owned(),
        author: "plumbline generate".to_owned(),
        reason: None,
        idempotency_key: None,
        recorded_at,
        created_count: i64::try_from(total).unwrap_or(i64::MAX),
        revised_count: 0,
        unchanged_count: 0,
        mapping: None,
        undoes: None,
        submission_id: None,
    };
    let batch_id = import_batch::insert(tx, batch).await?;
    let document = source::New {
        title: format!("模拟数据 (synthetic data, seed {})", city.seed),
        address: String::new(),
        publisher: None,
        published_on: None,
        content_hash: None,
    };
    let source_id = source::find_or_insert(tx, document).await?;
    let mut changes = Vec::new();
    let mut rows = Vec::with_capacity(ROWS);
    for spec in stored() {
        let missing = || Error::internal("a synthetic indicator is not in the catalogue");
        let indicator = catalog.indicator_by_code(&spec.code).ok_or_else(missing)?;
        changes.push(change_feed::New {
            topic: Topic::Observations,
            indicator_id: Some(indicator.id),
            batch_id: Some(batch_id),
            recorded_at,
        });
        for (org, month, figure) in figures(city, spec) {
            let org_id = catalog
                .org_by_code(&org)
                .and_then(|ordinal| catalog.tree().id(ordinal))
                .ok_or_else(missing)?;
            rows.push(observation::New {
                indicator_id: indicator.id,
                org_id,
                start_month: month,
                end_month: month,
                breakdown_item_id: 0,
                revision: 1,
                value: figure.value,
                status: stored_status(figure.status),
                decimals: 0,
                printed: figure.value.map(|value| value.to_string()),
                unit_id: Some(indicator.unit_id),
                flags: String::new(),
                note: None,
                source_id: Some(source_id),
                locator: None,
                batch_id: Some(batch_id),
                reason: None,
                recorded_at,
                superseded_at: None,
                withdrawn: false,
            });
            if rows.len() == ROWS {
                observation::insert_many(tx, &rows).await?;
                rows.clear();
            }
        }
    }
    observation::insert_many(tx, &rows).await?;
    change_feed::append(tx, changes).await?;
    Ok(total)
}

/// The figures of one stored indicator: organisation, month, figure.
fn figures<'a>(
    city: &'a City,
    spec: &'a Spec,
) -> impl Iterator<Item = (String, i32, analytics::synthetic::Figure)> + use<'a> {
    city.orgs().into_iter().flat_map(move |org| {
        city.months()
            .filter_map(move |month| Some((org.code.clone(), month, city.figure(spec, &org, month)?)))
    })
}
