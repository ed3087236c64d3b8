//! Indicators: what is counted, in which unit, and how it adds up.

use sea_orm::entity::prelude::*;

use crate::choice::{IndicatorKind, OverOrgs, OverTime, Polarity, TotalRule};
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// An indicator.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stable code.
    #[sea_orm(unique)]
    pub code: String,
    /// What kind of number it is.
    pub kind: IndicatorKind,
    /// The theme.
    pub theme_id: i64,
    /// The unit it is stored in.
    pub unit_id: i64,
    /// The unit it is shown in.
    pub display_unit_id: i64,
    /// How it is rolled up over organisations.
    pub over_orgs: OverOrgs,
    /// How it is rolled up over time.
    pub over_time: OverTime,
    /// Which way is good.
    pub polarity: Polarity,
    /// Which total counts.
    pub total: TotalRule,
    /// Decimals shown.
    pub decimals: i32,
    /// The least plausible value, in the stored unit.
    pub valid_min: Option<f64>,
    /// The greatest plausible value, in the stored unit.
    pub valid_max: Option<f64>,
    /// The indicator above the line; a ratio has one.
    pub numerator_id: Option<i64>,
    /// The indicator below the line; a ratio has one.
    pub denominator_id: Option<i64>,
    /// The formula; a derived indicator has one.
    pub formula: Option<String>,
    /// The name, Chinese.
    pub name_zh: String,
    /// The name, English.
    pub name_en: String,
    /// The legal basis, Chinese.
    pub legal_basis_zh: Option<String>,
    /// The legal basis, English.
    pub legal_basis_en: Option<String>,
    /// The theme.
    #[sea_orm(belongs_to, from = "theme_id", to = "id")]
    pub theme: BelongsTo<super::theme::Entity>,
    /// The unit it is stored in.
    #[sea_orm(belongs_to, relation_enum = "Unit", from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
    /// The unit it is shown in.
    #[sea_orm(belongs_to, relation_enum = "DisplayUnit", from = "display_unit_id", to = "id")]
    pub display_unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    code: String,
    kind: IndicatorKind,
    theme_id: i64,
    unit_id: i64,
    display_unit_id: i64,
    over_orgs: OverOrgs,
    over_time: OverTime,
    polarity: Polarity,
    total: TotalRule,
    decimals: i32,
    valid_min: Option<f64>,
    valid_max: Option<f64>,
    numerator_id: Option<i64>,
    denominator_id: Option<i64>,
    formula: Option<String>,
    name_zh: String,
    name_en: String,
    legal_basis_zh: Option<String>,
    legal_basis_en: Option<String>,
}

/// Every indicator, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a indicator and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a indicator.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}
