//! Read-only views for tools that speak SQL only: names for codes, words for states, dates for months.
//!
//! A later migration that alters a table under them drops them first and creates them anew ([`drop_views`], [`create_views`]): neither database
//! changes a column that a view reads.

mod org;
mod period;
mod ratio;
mod value;

use sea_orm_migration::prelude::*;

use crate::dialect::Dialect;

/// The views, in the order in which they can be created; each may read those before it.
pub(crate) const VIEWS: [&str; 7] = [
    "bi_indicator",
    "bi_org",
    "bi_org_path",
    "bi_org_ancestor",
    "bi_period",
    "bi_value",
    "bi_ratio",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_views(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_views(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Creates the views as this migration has them.
pub(crate) async fn create_views(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let dialect = Dialect::of(connection);
    let bodies = [
        indicator(),
        org::org(dialect),
        org::path(),
        org::ancestor(dialect),
        period::period(dialect),
        value::value(dialect),
        ratio::ratio(dialect),
    ];
    for (name, body) in VIEWS.iter().zip(bodies) {
        let statement = format!("CREATE VIEW {name} AS {body}");
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Drops the views; no figure is in them.
pub(crate) async fn drop_views(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for name in VIEWS.iter().rev() {
        let statement = format!("DROP VIEW {name}");
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

fn indicator() -> String {
    "SELECT i.code AS indicator, i.name_zh AS indicator_zh, i.name_en AS indicator_en, i.kind AS kind,
        t.code AS theme, t.name_zh AS theme_zh, t.name_en AS theme_en,
        shown.code AS unit, shown.label_zh AS unit_zh, kept.code AS own_unit, kept.label_zh AS own_unit_zh,
        i.decimals AS decimals, i.polarity AS polarity, i.over_orgs AS over_orgs, i.over_time AS over_time,
        above.code AS numerator_indicator, below.code AS denominator_indicator, i.formula AS formula,
        v.definition_zh AS definition_zh, v.definition_en AS definition_en, v.number AS definition_version,
        i.legal_basis_zh AS legal_basis_zh
    FROM indicator i
    JOIN theme t ON t.id = i.theme_id
    JOIN unit kept ON kept.id = i.unit_id
    JOIN unit shown ON shown.id = i.display_unit_id
    LEFT JOIN indicator above ON above.id = i.numerator_id
    LEFT JOIN indicator below ON below.id = i.denominator_id
    LEFT JOIN indicator_version v ON v.indicator_id = i.id
        AND v.number = (SELECT MAX(w.number) FROM indicator_version w WHERE w.indicator_id = i.id)"
        .to_owned()
}
