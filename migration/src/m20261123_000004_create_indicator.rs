//! Indicators and the versions of their definitions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, one_of, reference, unique};

const KINDS: [&str; 6] = ["COUNT", "AMOUNT", "RATIO", "DERIVED", "SCORE", "YES_NO"];
const OVER_ORGS: [&str; 5] = ["SUM", "RATIO_OF_SUMS", "MEAN", "MAX", "NONE"];
const OVER_TIME: [&str; 4] = ["SUM", "LAST", "MEAN", "NONE"];
const POLARITIES: [&str; 3] = ["HIGHER_BETTER", "LOWER_BETTER", "NEUTRAL"];
const TOTALS: [&str; 2] = ["REPORTED", "SUMMED"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(indicator()).await?;
        manager.create_table(indicator_version()).await?;
        let once = ["indicator_id", "number"];
        manager
            .create_index(unique("indicator_version_once", "indicator_version", &once))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["indicator_version", "indicator"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn indicator() -> TableCreateStatement {
    const TABLE: &str = "indicator";
    let is_null = |column: &'static str| Expr::col(column).is_null();
    let kind_is = |kind: &'static str| Expr::col("kind").eq(kind);
    let ratio_parts = kind_is("RATIO")
        .eq(is_null("numerator_id").not().and(is_null("denominator_id").not()))
        .and(is_null("numerator_id").eq(is_null("denominator_id")));
    let derived_formula = kind_is("DERIVED").eq(is_null("formula").not());
    Table::create()
        .table(TABLE)
        .col(big_pk_auto("id"))
        .col(text_uniq("code"))
        .col(text("kind"))
        .col(big_integer("theme_id"))
        .col(big_integer("unit_id"))
        .col(big_integer("display_unit_id"))
        .col(text("over_orgs"))
        .col(text("over_time"))
        .col(text("polarity"))
        .col(text("total"))
        .col(integer("decimals"))
        .col(double_null("valid_min"))
        .col(double_null("valid_max"))
        .col(big_integer_null("numerator_id"))
        .col(big_integer_null("denominator_id"))
        .col(text_null("formula"))
        .col(text("name_zh"))
        .col(text("name_en"))
        .col(text_null("legal_basis_zh"))
        .col(text_null("legal_basis_en"))
        .check(one_of(TABLE, "kind", &KINDS))
        .check(one_of(TABLE, "over_orgs", &OVER_ORGS))
        .check(one_of(TABLE, "over_time", &OVER_TIME))
        .check(one_of(TABLE, "polarity", &POLARITIES))
        .check(one_of(TABLE, "total", &TOTALS))
        .check(Check::named("indicator_ratio_parts", ratio_parts))
        .check(Check::named("indicator_derived_formula", derived_formula))
        .foreign_key(&mut reference(TABLE, "theme_id", "theme"))
        .foreign_key(&mut reference(TABLE, "unit_id", "unit"))
        .foreign_key(&mut reference(TABLE, "display_unit_id", "unit"))
        .foreign_key(&mut reference(TABLE, "numerator_id", TABLE))
        .foreign_key(&mut reference(TABLE, "denominator_id", TABLE))
        .take()
}

fn indicator_version() -> TableCreateStatement {
    const TABLE: &str = "indicator_version";
    Table::create()
        .table(TABLE)
        .col(big_pk_auto("id"))
        .col(big_integer("indicator_id"))
        .col(integer("number"))
        .col(integer_null("valid_from"))
        .col(boolean("breaks_series"))
        .col(text("definition_zh"))
        .col(text("definition_en"))
        .foreign_key(&mut reference(TABLE, "indicator_id", "indicator"))
        .take()
}
