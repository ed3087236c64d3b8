//! All tables at once: how they would be made from the entities, and what stands in them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use entity::{
    api_token, audit_event, audit_head, breakdown, breakdown_item, change_feed, evaluation_mark, evaluation_run,
    evaluation_score, framework, framework_node, import_batch, indicator, indicator_version, objection, observation,
    org_parent, org_succession, org_unit, principal, rectification, reporting_calendar, role_grant, source,
    stored_query, submission, submission_event, submission_figure, target, theme, unit,
};
use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityName, EntityTrait, Schema};

/// The rows of each table, as text, ordered by id.
pub type Contents = BTreeMap<String, Vec<String>>;

/// Calls a macro with every entity, a table before those that point to it.
macro_rules! for_each_entity {
    ($do:ident) => {
        $do!(
            unit,
            theme,
            org_unit,
            org_parent,
            org_succession,
            breakdown,
            breakdown_item,
            indicator,
            indicator_version,
            source,
            import_batch,
            observation,
            target,
            submission,
            submission_event,
            submission_figure,
            reporting_calendar,
            change_feed,
            principal,
            api_token,
            role_grant,
            audit_event,
            audit_head,
            framework,
            framework_node,
            evaluation_run,
            evaluation_score,
            evaluation_mark,
            objection,
            rectification,
            stored_query,
        )
    };
}

/// The names of all tables.
#[must_use]
pub fn names() -> Vec<String> {
    macro_rules! names {
        ($($entity:ident),+ $(,)?) => { vec![$($entity::Entity.table_name().to_owned()),+] };
    }
    for_each_entity!(names)
}

/// The tables as the entities describe them.
#[must_use]
pub fn described(backend: DbBackend) -> Vec<TableCreateStatement> {
    let schema = Schema::new(backend);
    macro_rules! described {
        ($($entity:ident),+ $(,)?) => { vec![$(schema.create_table_from_entity($entity::Entity)),+] };
    }
    for_each_entity!(described)
}

/// Every row of every table.
///
/// # Panics
/// When the database cannot be read.
pub async fn contents(connection: &DatabaseConnection) -> Contents {
    let mut contents = Contents::new();
    macro_rules! read {
        ($($entity:ident),+ $(,)?) => {$(
            contents.insert(
                $entity::Entity.table_name().to_owned(),
                rows::<$entity::Entity>(connection).await,
            );
        )+};
    }
    for_each_entity!(read);
    contents
}

async fn rows<E>(connection: &impl ConnectionTrait) -> Vec<String>
where
    E: EntityTrait,
    E::Model: Debug,
{
    use sea_orm::{Iterable, PrimaryKeyToColumn, QueryOrder};
    let id = E::PrimaryKey::iter().next().expect("a table has a key").into_column();
    let rows = E::find().order_by_asc(id).all(connection).await.unwrap();
    rows.iter().map(|row| format!("{row:?}")).collect()
}
