//! Pages of observations: every row once, forwards and backwards, and lists of any length.

use entity::Db;
use entity::observation::{self, Cursor, Filter, Model, Page};
use tests::db::TestDb;
use tests::suite;

/// No divisor of the number of rows, so that the last page is not full.
const LIMIT: u64 = 20;

suite!(
    Figures: pages_hold_every_row_once_in_one_order,
    an_empty_list_matches_nothing_and_a_long_one_is_taken,
);

async fn pages_hold_every_row_once_in_one_order(db: TestDb) {
    let pool = db.connect().await;
    let all = page(&pool, None, None, false, u64::from(u32::MAX)).await;
    assert_eq!(all.len(), 151);
    let places: Vec<Cursor> = all.iter().map(Cursor::from).collect();
    assert!(places.is_sorted_by(|one, next| one < next));

    let (mut forwards, mut after) = (Vec::new(), None);
    loop {
        let rows = page(&pool, after, None, false, LIMIT).await;
        let Some(last) = rows.last() else { break };
        after = Some(Cursor::from(last));
        forwards.extend(rows);
    }
    assert_eq!(forwards, all);

    let (mut backwards, mut before) = (Vec::new(), None);
    loop {
        let rows = page(&pool, None, before, true, LIMIT).await;
        let Some(first) = rows.first() else { break };
        before = Some(Cursor::from(first));
        backwards.splice(0..0, rows);
    }
    assert_eq!(backwards, all);
}

async fn page(pool: &Db, after: Option<Cursor>, before: Option<Cursor>, from_end: bool, limit: u64) -> Vec<Model> {
    let page = Page {
        after,
        before,
        limit,
        from_end,
    };
    observation::page(pool, &Filter::default(), None, &page).await.unwrap()
}

async fn an_empty_list_matches_nothing_and_a_long_one_is_taken(db: TestDb) {
    let pool = db.connect().await;
    let count = async |indicators: Vec<i64>| {
        let filter = Filter {
            indicators: Some(indicators),
            ..Filter::default()
        };
        observation::count(&pool, &filter, None).await.unwrap()
    };
    assert_eq!(count(Vec::new()).await, 0);
    // More than either database takes as bound values.
    assert_eq!(count((1..=100_000).collect()).await, 151);
}
