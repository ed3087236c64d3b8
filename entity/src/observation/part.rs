//! What batches are about: which indicators of which organisations.

use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::model::{COLUMN, Column, Entity};
use crate::db::Handle;
use crate::error::Error;

/// The indicators and organisations that a batch has figures of, each pair once, in no order.
///
/// # Errors
/// As every query.
pub async fn parts_of_batch(handle: &impl Handle, batch: i64) -> Result<Vec<(i64, i64)>, Error> {
    let pairs = Entity::find()
        .select_only()
        .column(Column::IndicatorId)
        .column(Column::OrgId)
        .distinct()
        .filter(COLUMN.batch_id.eq(batch));
    Ok(pairs.into_tuple().all(&handle.connection()).await?)
}
