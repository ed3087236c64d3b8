//! What all tables share: the row to be stored, and the plain statements on rows with an `id`.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, Condition, EntityTrait, IntoActiveModel, PrimaryKeyTrait, QueryFilter,
    QueryOrder,
};

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;

/// Makes `New`, a `Model` without its id, with the ways from the one to the other and into a statement.
macro_rules! new_row {
    ($($field:ident: $type:ty),+ $(,)?) => {
        /// A row to be stored: all columns but the id.
        #[derive(Clone, Debug, PartialEq)]
        pub struct New {
            $(
                #[doc = concat!("See [`Model::", stringify!($field), "`].")]
                pub $field: $type,
            )+
        }

        impl From<&Model> for New {
            fn from(row: &Model) -> Self {
                Self { $($field: Clone::clone(&row.$field),)+ }
            }
        }

        impl From<New> for ActiveModel {
            fn from(row: New) -> Self {
                Self { id: sea_orm::NotSet, $($field: sea_orm::Set(row.$field),)+ }
            }
        }
    };
}
pub(crate) use new_row;

/// Every row, ordered by id.
pub(crate) async fn all<E>(handle: &impl Handle, id: E::Column) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
{
    let rows = E::find().order_by_asc(id);
    Ok(rows.all(&handle.connection()).await?)
}

/// The rows with these ids, ordered by id; unknown ids are left out.
pub(crate) async fn by_ids<E>(handle: &impl Handle, id: E::Column, ids: &[i64]) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
{
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = E::find().filter(among(id, ids, handle.backend())).order_by_asc(id);
    Ok(rows.all(&handle.connection()).await?)
}

/// The rows of a condition, ordered by id.
pub(crate) async fn matching<E>(
    handle: &impl Handle,
    id: E::Column,
    condition: Condition,
) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
{
    let rows = E::find().filter(condition).order_by_asc(id);
    Ok(rows.all(&handle.connection()).await?)
}

/// Stores a row and gives its id.
pub(crate) async fn insert<A, E>(tx: &Tx, row: A) -> Result<i64, Error>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = i64>,
    A: ActiveModelTrait<Entity = E>,
{
    Ok(E::insert(row).exec(&tx.connection()).await?.last_insert_id)
}

/// Replaces all columns of the row whose id `row` carries.
pub(crate) async fn update<A, E>(tx: &Tx, row: A) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    E::update(row).exec_without_returning(&tx.connection()).await?;
    Ok(())
}

/// Removes a row.
pub(crate) async fn delete<E>(tx: &Tx, id: i64) -> Result<(), Error>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = i64>,
{
    let done = E::delete_by_id(id).exec(&tx.connection()).await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
