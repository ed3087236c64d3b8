//! Rules that the tables hold by themselves.

use entity::choice::{
    IndicatorKind, ObservationStatus, OrgLevel, OverOrgs, OverTime, Polarity, RevisionReason, SuccessionKind, Topic,
    TotalRule,
};
use entity::{Error, org_parent, org_succession, org_unit};
use sea_orm::{ActiveEnum, ConnectionTrait, DatabaseConnection, Iterable};
use tests::db::{Backend, TestDb};
use tests::suite;

use super::row::{change, revision, store};

suite!(
    Tables: a_value_stands_exactly_where_the_status_says_so,
    numbers_that_are_none_are_refused,
    a_period_does_not_end_before_it_begins,
    references_lead_somewhere,
    an_id_is_never_used_twice,
);
suite!(Figures: closed_lists_are_closed);

async fn a_value_stands_exactly_where_the_status_says_so(db: TestDb) {
    use ObservationStatus::{Estimated, LowerBound, Missing, Normal, NotApplicable, Provisional, Suppressed};
    let pool = db.connect().await;
    let cases = [
        (Normal, true),
        (Provisional, true),
        (Estimated, true),
        (LowerBound, true),
        (Missing, false),
        (NotApplicable, false),
        (Suppressed, false),
    ];
    assert_eq!(cases.len(), ObservationStatus::iter().count());
    for (place, (status, has_value)) in (1i64..).zip(cases) {
        for value in [Some(0.0), None] {
            let mut row = revision(1, 0.0, 1);
            (row.indicator_id, row.status, row.value) = (place, status, value);
            let outcome = store(&pool, &[row]).await;
            if value.is_some() == has_value {
                outcome.unwrap_or_else(|error| panic!("{status:?} {value:?}: {error}"));
            } else {
                assert!(
                    matches!(outcome, Err(Error::Check { .. })),
                    "{status:?} {value:?}: {outcome:?}"
                );
            }
        }
    }
}

async fn numbers_that_are_none_are_refused(db: TestDb) {
    let pool = db.connect().await;
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let outcome = store(&pool, &[revision(1, value, 1)]).await;
        assert!(matches!(outcome, Err(Error::Check { .. })), "{value}: {outcome:?}");
    }
    store(&pool, &[revision(1, f64::MAX, 1)]).await.unwrap();
}

async fn a_period_does_not_end_before_it_begins(db: TestDb) {
    let pool = db.connect().await;
    let mut row = revision(1, 1.0, 1);
    row.end_month = row.start_month - 1;
    let outcome = store(&pool, &[row.clone()]).await;
    assert!(matches!(outcome, Err(Error::Check { .. })), "{outcome:?}");
    row.end_month = row.start_month;
    store(&pool, &[row]).await.unwrap();
}

async fn references_lead_somewhere(db: TestDb) {
    let pool = db.connect().await;
    let tx = pool.begin_write().await.unwrap();
    let org = org_unit::New {
        code: "city".to_owned(),
        level: OrgLevel::City,
        name_zh: "市".to_owned(),
        name_en: "City".to_owned(),
        valid_from: None,
        valid_to: None,
    };
    let org_id = org_unit::insert(&tx, org).await.unwrap();
    tx.commit().await.unwrap();
    let link = |parent_id| org_parent::New {
        org_id,
        parent_id,
        valid_from: None,
        valid_to: None,
    };
    let tx = pool.begin_write().await.unwrap();
    let nowhere = org_parent::insert(&tx, link(org_id + 1)).await;
    assert!(matches!(nowhere, Err(Error::Conflict { .. })), "{nowhere:?}");
    tx.rollback().await.unwrap();
    let tx = pool.begin_write().await.unwrap();
    let itself = org_parent::insert(&tx, link(org_id)).await;
    assert!(matches!(itself, Err(Error::Check { .. })), "{itself:?}");
}

/// Whoever follows the feed by id must not meet an id again.
async fn an_id_is_never_used_twice(db: TestDb) {
    let pool = db.connect().await;
    let mut last = 0;
    for time in 1..=2 {
        let tx = pool.begin_write().await.unwrap();
        entity::change_feed::append(&tx, vec![change(time)]).await.unwrap();
        tx.commit().await.unwrap();
        let id = entity::change_feed::latest(&pool).await.unwrap();
        assert!(id > last, "{id} after {last}");
        last = id;
        let raw = db.raw().await;
        raw.execute_unprepared("DELETE FROM change_feed").await.unwrap();
    }
}

async fn closed_lists_are_closed(db: TestDb) {
    let raw = db.raw().await;
    list::<OrgLevel>(&raw, db.backend(), "org_unit", "level").await;
    list::<IndicatorKind>(&raw, db.backend(), "indicator", "kind").await;
    list::<OverOrgs>(&raw, db.backend(), "indicator", "over_orgs").await;
    list::<OverTime>(&raw, db.backend(), "indicator", "over_time").await;
    list::<Polarity>(&raw, db.backend(), "indicator", "polarity").await;
    list::<TotalRule>(&raw, db.backend(), "indicator", "total").await;
    list::<ObservationStatus>(&raw, db.backend(), "observation", "status").await;
    list::<RevisionReason>(&raw, db.backend(), "observation", "reason").await;
    list::<RevisionReason>(&raw, db.backend(), "import_batch", "reason").await;
    list::<Topic>(&raw, db.backend(), "change_feed", "topic").await;
    follow(&db).await;
    list::<SuccessionKind>(&raw, db.backend(), "org_succession", "kind").await;
}

/// One organisation after another: the published catalogue has none.
async fn follow(db: &TestDb) {
    let pool = db.connect().await;
    let tx = pool.begin_write().await.unwrap();
    let orgs = org_unit::all(&tx).await.unwrap();
    let row = |successor_id| org_succession::New {
        predecessor_id: orgs[0].id,
        successor_id,
        kind: SuccessionKind::Rename,
        month: 2021 * 12,
    };
    org_succession::insert(&tx, row(orgs[1].id)).await.unwrap();
    tx.commit().await.unwrap();
    for (successor, is_check) in [(orgs[0].id, true), (orgs[1].id, false), (i64::MAX, false)] {
        let tx = pool.begin_write().await.unwrap();
        let refused = org_succession::insert(&tx, row(successor)).await.unwrap_err();
        assert_eq!(matches!(refused, Error::Check { .. }), is_check, "{refused:?}");
        assert_eq!(matches!(refused, Error::Conflict { .. }), !is_check, "{refused:?}");
        tx.rollback().await.unwrap();
    }
}

/// The column takes every name of the list, as far as other rules of the table allow, and none besides.
async fn list<E>(raw: &DatabaseConnection, backend: Backend, table: &str, column: &str)
where
    E: ActiveEnum<Value = String> + Iterable,
{
    let rule = format!("{table}_{column}");
    for name in E::iter().map(|choice| choice.to_value()) {
        let told = refusal(raw, table, column, &name).await;
        assert!(!told.contains(&rule), "{table}.{column} refuses {name}: {told}");
    }
    for strange in ["", "normal", "OTHER"] {
        let told = refusal(raw, table, column, strange).await;
        let names_rule = backend == Backend::Postgres || told.contains(&rule);
        assert!(
            told.contains("constraint") && names_rule,
            "{table}.{column} takes `{strange}`: {told}"
        );
    }
}

/// What the database says to such a value; nothing when it takes it.
async fn refusal(raw: &DatabaseConnection, table: &str, column: &str, value: &str) -> String {
    let update = format!("UPDATE {table} SET {column} = '{value}' WHERE id = (SELECT min(id) FROM {table})");
    let outcome = raw.execute_unprepared(&update).await;
    outcome.err().map_or_else(String::new, |error| error.to_string())
}
