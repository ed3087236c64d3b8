//! A row to be stored, and storing it.

use entity::choice::{ObservationStatus, Topic};
use entity::observation::New;
use entity::{Db, Error, Tx, change_feed, observation};

/// A revision of one and the same key.
pub(super) fn revision(revision: i32, value: f64, recorded_at: i64) -> New {
    New {
        indicator_id: 1,
        org_id: 1,
        start_month: 24_000,
        end_month: 24_011,
        breakdown_item_id: 0,
        revision,
        value: Some(value),
        status: ObservationStatus::Normal,
        decimals: 0,
        printed: None,
        unit_id: None,
        flags: String::new(),
        note: None,
        source_id: None,
        locator: None,
        batch_id: None,
        reason: None,
        recorded_at,
        superseded_at: None,
        withdrawn: false,
    }
}

/// A change of nothing in particular.
pub(super) fn change(recorded_at: i64) -> change_feed::New {
    change_feed::New {
        topic: Topic::Catalog,
        indicator_id: None,
        batch_id: None,
        recorded_at,
    }
}

/// Stores rows in a transaction of their own.
pub(super) async fn store(db: &Db, rows: &[New]) -> Result<(), Error> {
    let tx = db.begin_write().await?;
    observation::insert_many(&tx, rows).await?;
    tx.commit().await
}

/// Stores a second revision in place of the current one, in one transaction.
pub(super) async fn replace(db: &Db, id: i64, by: New) -> Result<(), Error> {
    let tx = db.begin_write().await?;
    observation::supersede(&tx, &[id], by.recorded_at).await?;
    observation::insert_many(&tx, &[by]).await?;
    tx.commit().await
}

/// The current revisions of the indicator and organisation of these tests.
pub(super) async fn current_rows(tx: &Tx) -> Vec<observation::Model> {
    let within = observation::Within {
        indicators: &[1],
        orgs: &[1],
        start_from: i32::MIN,
        end_to: i32::MAX,
    };
    let mut rows = Vec::new();
    observation::each_current(tx, &within, |row| rows.push(row))
        .await
        .unwrap();
    rows
}

/// The id of the only current observation.
pub(super) async fn current(tx: &Tx) -> i64 {
    let rows = current_rows(tx).await;
    assert_eq!(rows.len(), 1);
    rows[0].id
}
