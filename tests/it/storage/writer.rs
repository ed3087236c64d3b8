//! Writers one after another, in this process and in others; readers that see one state and wait for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use entity::{Db, change_feed, observation, theme};
use tests::db::{Backend, TestDb};
use tests::suite;

use super::row::{change, current_rows, revision, store};

/// Writers in each of two pools: two pools are to the database what two processes are.
const WRITERS: usize = 8;

suite!(
    Tables: no_writer_overwrites_what_another_wrote,
    the_change_feed_grows_at_its_end_only,
    a_view_sees_one_state_while_a_writer_commits,
    readers_do_not_wait_for_a_writer,
    a_transaction_that_is_dropped_was_never_there,
    recording_times_only_grow,
    what_is_told_at_once_is_the_last_that_was_committed,
);

/// Each adds one to what it reads: a lost turn is a lost one.
async fn no_writer_overwrites_what_another_wrote(db: TestDb) {
    let pools = [db.connect().await, db.connect().await];
    let tx = pools[0].begin_write().await.unwrap();
    let counter = theme::New {
        code: "counter".to_owned(),
        sort_order: 0,
        name_zh: String::new(),
        name_en: String::new(),
    };
    theme::insert(&tx, counter).await.unwrap();
    tx.commit().await.unwrap();
    let tasks: Vec<_> = (0..2 * WRITERS)
        .map(|turn| tokio::spawn(add_one(pools[turn % 2].clone())))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let themes = theme::all(&pools[0]).await.unwrap();
    assert_eq!(usize::try_from(themes[0].sort_order).unwrap(), 2 * WRITERS);
}

async fn add_one(pool: Db) {
    let tx = pool.begin_write().await.unwrap();
    let stored = theme::all(&tx).await.unwrap().remove(0);
    let mut wanted = theme::New::from(&stored);
    wanted.sort_order += 1;
    theme::update(&tx, stored.id, wanted).await.unwrap();
    tx.commit().await.unwrap();
}

/// Who has read up to a number must never miss what is committed with a smaller one.
async fn the_change_feed_grows_at_its_end_only(db: TestDb) {
    let pools = [db.connect().await, db.connect().await];
    let done = Arc::new(AtomicBool::new(false));
    let follower = tokio::spawn(follow(db.connect().await, Arc::clone(&done)));
    let tasks: Vec<_> = (0..2 * WRITERS)
        .map(|turn| tokio::spawn(announce(pools[turn % 2].clone())))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    done.store(true, Ordering::Release);
    let seen = follower.await.unwrap();
    assert_eq!(
        seen,
        change_feed::since(&pools[0], 0).await.unwrap(),
        "the follower missed a change"
    );
    assert_eq!(seen.len(), 4 * WRITERS);
    assert!(seen.is_sorted_by(|one, next| one.id < next.id), "{seen:?}");
    let times: Vec<i64> = seen.iter().step_by(2).map(|change| change.recorded_at).collect();
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
}

async fn announce(pool: Db) {
    let tx = pool.begin_write().await.unwrap();
    let now = tx.now().await.unwrap();
    change_feed::append(&tx, vec![change(now), change(now)]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn follow(pool: Db, done: Arc<AtomicBool>) -> Vec<change_feed::Model> {
    let mut seen: Vec<change_feed::Model> = Vec::new();
    loop {
        let is_last = done.load(Ordering::Acquire);
        let last = seen.last().map_or(0, |change| change.id);
        seen.extend(change_feed::since(&pool, last).await.unwrap());
        if is_last {
            return seen;
        }
    }
}

async fn a_view_sees_one_state_while_a_writer_commits(db: TestDb) {
    let pool = db.connect().await;
    store(&pool, &[revision(1, 1.0, 1000)]).await.unwrap();
    let all = observation::Filter::default();
    let view = pool.begin_read().await.unwrap();
    assert_eq!(observation::count(&view, &all, None).await.unwrap(), 1);
    let mut other = revision(1, 2.0, 2000);
    other.org_id = 2;
    let tx = pool.begin_write().await.unwrap();
    observation::insert_many(&tx, &[other]).await.unwrap();
    change_feed::append(&tx, vec![change(2000)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(observation::count(&view, &all, None).await.unwrap(), 1);
    assert_eq!(change_feed::latest(&view).await.unwrap(), 0);
    drop(view);
    let view = pool.begin_read().await.unwrap();
    assert_eq!(observation::count(&view, &all, None).await.unwrap(), 2);
    assert_ne!(change_feed::latest(&view).await.unwrap(), 0);
}

async fn readers_do_not_wait_for_a_writer(db: TestDb) {
    let pool = db.connect().await;
    let all = observation::Filter::default();
    let tx = pool.begin_write().await.unwrap();
    observation::insert_many(&tx, &[revision(1, 1.0, 1000)]).await.unwrap();
    assert_eq!(
        observation::count(&tx, &all, None).await.unwrap(),
        1,
        "a writer sees its own rows"
    );
    assert_eq!(observation::count(&pool, &all, None).await.unwrap(), 0);
    let view = pool.begin_read().await.unwrap();
    assert_eq!(observation::count(&view, &all, None).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(observation::count(&pool, &all, None).await.unwrap(), 1);
}

async fn a_transaction_that_is_dropped_was_never_there(db: TestDb) {
    let pool = db.connect().await;
    let tx = pool.begin_write().await.unwrap();
    observation::insert_many(&tx, &[revision(1, 1.0, 1000)]).await.unwrap();
    drop(tx);
    store(&pool, &[revision(1, 2.0, 1000)]).await.unwrap();
    let tx = pool.begin_write().await.unwrap();
    let rows = current_rows(&tx).await;
    assert_eq!(rows.iter().map(|row| row.value).collect::<Vec<_>>(), [Some(2.0)]);
}

/// Also when the clock was set back since the last change.
async fn recording_times_only_grow(db: TestDb) {
    let pool = db.connect().await;
    let tx = pool.begin_write().await.unwrap();
    let now = tx.now().await.unwrap();
    let tomorrow = now + 86_400_000_000;
    change_feed::append(&tx, vec![change(tomorrow)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(change_feed::latest_time(&pool).await.unwrap(), Some(tomorrow));
    let tx = pool.begin_write().await.unwrap();
    assert_eq!(tx.now().await.unwrap(), tomorrow + 1);
}

/// Whoever asks sees what was acknowledged before, whichever pool wrote it, and whether or not a writer is at work.
async fn what_is_told_at_once_is_the_last_that_was_committed(db: TestDb) {
    let pools = [db.connect().await, db.connect().await];
    if db.backend() == Backend::Postgres {
        announce(pools[0].clone()).await;
        assert_eq!(change_feed::latest_at_once(&pools[0]), None);
        return;
    }
    assert_eq!(change_feed::latest_at_once(&pools[0]), Some(0));
    let acknowledged = Arc::new(AtomicI64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (pool, acknowledged, done) = (pools[0].clone(), Arc::clone(&acknowledged), Arc::clone(&done));
            std::thread::spawn(move || {
                let mut told = 0u64;
                while !done.load(Ordering::Acquire) {
                    let before = acknowledged.load(Ordering::Acquire);
                    let latest = change_feed::latest_at_once(&pool).expect("it waits for no writer");
                    assert!(latest >= before, "{latest} after {before}");
                    told += 1;
                }
                told
            })
        })
        .collect();
    for turn in 0..100 {
        let pool = &pools[turn % 2];
        let tx = pool.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        change_feed::append(&tx, vec![change(now)]).await.unwrap();
        let seen = change_feed::latest(&tx).await.unwrap();
        assert!(
            change_feed::latest_at_once(pool).unwrap() < seen,
            "nothing is seen before its commit"
        );
        if turn % 10 == 9 {
            tx.rollback().await.unwrap();
            assert!(change_feed::latest_at_once(pool).unwrap() < seen);
            continue;
        }
        tx.commit().await.unwrap();
        acknowledged.store(seen, Ordering::Release);
        for pool in &pools {
            assert_eq!(change_feed::latest_at_once(pool), Some(seen));
        }
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        assert!(reader.join().unwrap() > 0);
    }
    for pool in &pools {
        pool.close().await.unwrap();
        assert_eq!(change_feed::latest_at_once(pool), None);
    }
    // Nobody holds the file open any more.
    let log = format!("{}-wal", db.file().unwrap().display());
    assert!(!std::path::Path::new(&log).exists(), "{log} is left");
}
