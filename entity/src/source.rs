//! Source documents.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QueryOrder, QuerySelect};

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

/// The id of the source with this title, address, content, day of publication and publisher, stored now if it is new. What is not said is not asked for: of several
/// it is the newest one then. A source never changes, so that what older figures cite stays as it was: another day or publisher, or one that is said for the
/// first time, is another source.
///
/// # Errors
/// As every query.
pub async fn find_or_insert(tx: &Tx, new: New) -> Result<i64, Error> {
    let mut wanted = Entity::find()
        .filter(COLUMN.title.eq(&new.title))
        .filter(COLUMN.address.eq(&new.address))
        .filter(match &new.content_hash {
            Some(hash) => COLUMN.content_hash.eq(hash.clone()),
            None => COLUMN.content_hash.is_null(),
        });
    if let Some(day) = &new.published_on {
        wanted = wanted.filter(COLUMN.published_on.eq(day.clone()));
    }
    if let Some(publisher) = &new.publisher {
        wanted = wanted.filter(COLUMN.publisher.eq(publisher.clone()));
    }
    let found = wanted.order_by_desc(COLUMN.id).limit(1).one(&tx.connection()).await?;
    match found {
        Some(known) => Ok(known.id),
        None => row::insert(tx, ActiveModel::from(new)).await,
    }
}
