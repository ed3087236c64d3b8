//! Source documents.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QueryOrder, Set};

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A source document.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The title.
    pub title: String,
    /// Where it stands, such as a URL; empty when nowhere.
    pub address: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When it was published, `YYYY-MM-DD`.
    pub published_on: Option<String>,
    /// SHA-256 of its bytes in hexadecimal, where they came in.
    pub content_hash: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    title: String,
    address: String,
    publisher: Option<String>,
    published_on: Option<String>,
    content_hash: Option<String>,
}

/// Every source, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The sources with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The id of the source with this title, address, content and day of publication, stored now if it is new. Without a day it is the
/// newest one of that title and address; a publisher or day that was unknown so far is filled in. Another day is another
/// source, so that what older figures cite stays as it was.
///
/// # Errors
/// As every query.
pub async fn find_or_insert(tx: &Tx, new: New) -> Result<i64, Error> {
    let mut found = Entity::find()
        .filter(COLUMN.title.eq(&new.title))
        .filter(COLUMN.address.eq(&new.address))
        .filter(match &new.content_hash {
            Some(hash) => COLUMN.content_hash.eq(hash.clone()),
            None => COLUMN.content_hash.is_null(),
        })
        .order_by_desc(COLUMN.id)
        .all(&tx.connection())
        .await?;
    let place = match &new.published_on {
        None => (!found.is_empty()).then_some(0),
        Some(_) => found
            .iter()
            .position(|known| known.published_on == new.published_on)
            .or_else(|| found.iter().position(|known| known.published_on.is_none())),
    };
    let Some(known) = place.map(|place| found.swap_remove(place)) else {
        return row::insert(tx, ActiveModel::from(new)).await;
    };
    let mut wanted = New::from(&known);
    wanted.publisher = wanted.publisher.or(new.publisher);
    wanted.published_on = wanted.published_on.or(new.published_on);
    if wanted != New::from(&known) {
        let mut changed = ActiveModel::from(wanted);
        changed.id = Set(known.id);
        row::update(tx, changed).await?;
    }
    Ok(known.id)
}
