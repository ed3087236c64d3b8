//! History: one current row a key, replaced rows that stay, and reading as of a time.

use entity::observation::{self, FactFilter, Filter, Key, Page};
use entity::{Db, Error};
use tests::db::TestDb;
use tests::suite;

use super::row::{current, replace, revision, store};

suite!(
    Tables: a_key_has_one_current_row,
    a_revision_has_its_number_once,
    a_replaced_row_stays_as_it_was,
    what_is_not_current_cannot_be_replaced,
    reading_as_of_a_time_is_half_open,
);

async fn a_key_has_one_current_row(db: TestDb) {
    let pool = db.connect().await;
    let first = revision(1, 1.0, 1000);
    store(&pool, std::slice::from_ref(&first)).await.unwrap();
    let again = store(&pool, &[revision(2, 2.0, 2000)]).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    let mut elsewhere = Vec::new();
    for change in 0..5 {
        let mut other = first.clone();
        match change {
            0 => other.indicator_id += 1,
            1 => other.org_id += 1,
            2 => other.breakdown_item_id += 1,
            3 => other.start_month += 1,
            _ => other.end_month += 1,
        }
        elsewhere.push(other);
    }
    store(&pool, &elsewhere).await.unwrap();
}

async fn a_revision_has_its_number_once(db: TestDb) {
    let pool = db.connect().await;
    store(&pool, &[revision(1, 1.0, 1000)]).await.unwrap();
    let tx = pool.begin_write().await.unwrap();
    let id = current(&tx).await;
    drop(tx);
    let again = replace(&pool, id, revision(1, 2.0, 2000)).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    replace(&pool, id, revision(2, 2.0, 2000)).await.unwrap();
}

async fn a_replaced_row_stays_as_it_was(db: TestDb) {
    let pool = db.connect().await;
    let first = revision(1, 1.0, 1000);
    store(&pool, std::slice::from_ref(&first)).await.unwrap();
    let second = revision(2, 2.0, 2000);
    let tx = pool.begin_write().await.unwrap();
    let id = current(&tx).await;
    drop(tx);
    replace(&pool, id, second.clone()).await.unwrap();
    let rows = observation::revisions(&pool, Key::from(&first)).await.unwrap();
    let stored: Vec<observation::New> = rows.iter().map(observation::New::from).collect();
    let replaced = observation::New {
        superseded_at: Some(2000),
        ..first
    };
    assert_eq!(stored, [replaced, second]);
    assert_eq!(observation::by_ids(&pool, &[id]).await.unwrap(), rows[..1]);
}

async fn what_is_not_current_cannot_be_replaced(db: TestDb) {
    let pool = db.connect().await;
    store(&pool, &[revision(1, 1.0, 1000)]).await.unwrap();
    let tx = pool.begin_write().await.unwrap();
    let id = current(&tx).await;
    let unknown = observation::supersede(&tx, &[id, id + 1], 2000).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    tx.rollback().await.unwrap();
    let early = replace(&pool, id, revision(2, 2.0, 1000)).await;
    assert!(matches!(early, Err(Error::Check { .. })), "{early:?}");
    replace(&pool, id, revision(2, 2.0, 1001)).await.unwrap();
    let late = replace(&pool, id, revision(3, 3.0, 3000)).await;
    assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
}

async fn reading_as_of_a_time_is_half_open(db: TestDb) {
    let pool = db.connect().await;
    store(&pool, &[revision(1, 1.0, 1000)]).await.unwrap();
    let tx = pool.begin_write().await.unwrap();
    let id = current(&tx).await;
    drop(tx);
    replace(&pool, id, revision(2, 2.0, 2000)).await.unwrap();
    let cases = [
        (Some(999), vec![]),
        (Some(1000), vec![1.0]),
        (Some(1999), vec![1.0]),
        (Some(2000), vec![2.0]),
        (Some(i64::MAX), vec![2.0]),
        (None, vec![2.0]),
    ];
    for (as_of, expected) in cases {
        assert_eq!(values(&pool, as_of).await, expected, "as of {as_of:?}");
    }
}

/// The values known at a time, which all three ways of reading must agree on.
async fn values(pool: &Db, as_of: Option<i64>) -> Vec<f64> {
    let page = Page {
        limit: 10,
        ..Page::default()
    };
    let rows = observation::page(pool, &Filter::default(), as_of, &page).await.unwrap();
    let paged: Vec<f64> = rows.iter().filter_map(|row| row.value).collect();
    let filter = FactFilter {
        indicators: None,
        as_of,
    };
    let facts = observation::facts(pool, &filter).await.unwrap();
    assert_eq!(facts.iter().filter_map(|fact| fact.value).collect::<Vec<_>>(), paged);
    let count = observation::count(pool, &Filter::default(), as_of).await.unwrap();
    assert_eq!(count, paged.len() as u64);
    paged
}
