//! The frozen history of the schema, for SQLite and PostgreSQL: [`up`] brings a database to the newest schema.
#![allow(
    elided_lifetimes_in_paths,
    reason = "`MigrationTrait` leaves the lifetime of `SchemaManager` out, and implementations must do the same"
)]

mod address;
mod column;
mod dialect;
mod error;
mod m20261123_000001_create_unit_and_theme;
mod m20261123_000002_create_org_unit;
mod m20261123_000003_create_breakdown;
mod m20261123_000004_create_indicator;
mod m20261123_000005_create_source_and_batch;
mod m20261123_000006_create_observation;
mod m20261123_000007_create_change_feed;
mod m20261125_000008_create_target;
mod m20261125_000009_add_provenance;
mod m20261125_000010_create_org_succession;
mod m20261126_000011_create_framework;
mod m20261126_000012_create_evaluation;
mod m20261126_000013_create_rectification;
mod m20261126_000020_create_stored_query;
mod m20261126_000030_create_bi_views;
mod m20261126_000040_create_access;
mod m20261126_000041_create_audit;
mod m20261126_000055_create_submission;
mod m20261126_000056_create_reporting_calendar;
mod m20261126_000057_source_never_changes;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::address::Address;
pub use crate::error::MigrationError;
pub use sea_orm_migration::MigratorTrait;

/// Serialises migrators on PostgreSQL, so that two servers that start together do not race.
const MIGRATORS: i64 = 0x706c_756d_6c69_6e65;

/// Every migration, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_unit_and_theme::Migration),
            Box::new(m20261123_000002_create_org_unit::Migration),
            Box::new(m20261123_000003_create_breakdown::Migration),
            Box::new(m20261123_000004_create_indicator::Migration),
            Box::new(m20261123_000005_create_source_and_batch::Migration),
            Box::new(m20261123_000006_create_observation::Migration),
            Box::new(m20261123_000007_create_change_feed::Migration),
            Box::new(m20261125_000008_create_target::Migration),
            Box::new(m20261125_000009_add_provenance::Migration),
            Box::new(m20261125_000010_create_org_succession::Migration),
            Box::new(m20261126_000011_create_framework::Migration),
            Box::new(m20261126_000012_create_evaluation::Migration),
            Box::new(m20261126_000013_create_rectification::Migration),
            Box::new(m20261126_000020_create_stored_query::Migration),
            Box::new(m20261126_000030_create_bi_views::Migration),
            Box::new(m20261126_000040_create_access::Migration),
            Box::new(m20261126_000041_create_audit::Migration),
            Box::new(m20261126_000055_create_submission::Migration),
            Box::new(m20261126_000056_create_reporting_calendar::Migration),
            Box::new(m20261126_000057_source_never_changes::Migration),
        ]
    }
}

/// Applies every pending migration, all or none, and returns their names, oldest first.
///
/// `url` is `sqlite:PATH`, `sqlite://PATH` or `postgres://…`; a missing SQLite file is created
/// unless the URL names a `mode`.
///
/// # Errors
/// [`MigrationError::Address`] or [`MigrationError::Connect`] when there is no database to work on,
/// [`MigrationError::Inspect`] when its history cannot be read or is newer than this program,
/// [`MigrationError::Apply`] when a statement fails. Nothing has been changed then.
pub async fn up(url: &str) -> Result<Vec<String>, MigrationError> {
    let address = Address::parse(url)?;
    let pool = address.open(true).await?;
    let outcome = apply(&pool, None).await;
    close(pool).await;
    outcome
}

/// The names of all migrations of this program, oldest first.
#[must_use]
pub fn names() -> Vec<String> {
    named(Migrator::get_migration_files())
}

/// Applies the first `count` migrations to a database that has none, so that it gets the schema it would have had then.
///
/// # Errors
/// As [`up`].
pub async fn up_to(url: &str, count: usize) -> Result<(), MigrationError> {
    let address = Address::parse(url)?;
    let pool = address.open(true).await?;
    let outcome = apply(
        &pool,
        Some(<u32 as TryFrom<usize>>::try_from(count).unwrap_or(u32::MAX)),
    )
    .await;
    close(pool).await;
    outcome.map(drop)
}

/// The names of the migrations that [`up`] would apply, oldest first. Writes nothing, so a read-only
/// user may ask; a SQLite file that does not exist yet has all of them pending.
///
/// # Errors
/// [`MigrationError::Address`] or [`MigrationError::Connect`] when there is no database to look at,
/// [`MigrationError::Inspect`] when its history cannot be read or is newer than this program.
pub async fn pending(url: &str) -> Result<Vec<String>, MigrationError> {
    let address = Address::parse(url)?;
    if address.is_missing_file() {
        return Ok(named(Migrator::get_migration_files()));
    }
    let pool = address.open(false).await?;
    let outcome = Migrator::get_pending_migrations_read_only(&pool)
        .await
        .map(named)
        .map_err(MigrationError::inspect);
    close(pool).await;
    outcome
}

/// Applies so many of those that are pending, or all.
async fn apply(pool: &DatabaseConnection, count: Option<u32>) -> Result<Vec<String>, MigrationError> {
    let tx = begin(pool).await.map_err(MigrationError::apply)?;
    let waiting = Migrator::get_pending_migrations_read_only(&tx)
        .await
        .map(named)
        .map_err(MigrationError::inspect)?;
    let applied = match Migrator::up(&tx, count).await {
        Ok(()) => tx.commit().await,
        Err(error) => Err(error),
    };
    applied.map_err(MigrationError::apply)?;
    Ok(waiting)
}

/// One transaction around all migrations, that no other migrator can enter before it ends.
async fn begin(pool: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = pool.begin_with_options(options).await?;
    if column::is_postgres(&tx) {
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATORS})");
        tx.execute_unprepared(&lock).await?;
    }
    Ok(tx)
}

async fn close(pool: DatabaseConnection) {
    // The work is committed or rolled back by now: a failed farewell changes nothing.
    let _ = pool.close().await;
}

fn named(migrations: Vec<sea_orm_migration::Migration>) -> Vec<String> {
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}
