//! What is owed: by the calendar, or by what was reported in earlier years; and how late it is.

use api::service::Service;
use api::service::import::UndoOptions;
use api::service::selector::OrgSelector;
use api::service::submission::{Actor, CalendarEntry, EnteredFigure, Filling, NewCalendar, Owing, OwingQuery};
use entity::choice::{OrgLevel, RevisionReason};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::desk::{
    DAY, NEW_YEAR, OTHER, STREET, approved, code, committing, fill, missing_of, open, publish, saying, step,
};

suite!(
    Catalog: the_calendar_says_who_owes_what_by_when,
    without_a_calendar_last_years_figures_are_owed,
    a_calendar_is_replaced_as_a_whole,
    what_was_published_and_taken_back_is_owed_again,
);

/// Noon in Beijing on a day of January 2026.
fn at(day: i64) -> i64 {
    NEW_YEAR + (day - 1) * DAY + 4 * 3_600 * 1_000_000
}

fn entry(indicators: Option<&[&str]>, deadline: &str) -> CalendarEntry {
    CalendarEntry {
        level: Some(OrgLevel::Street),
        within: Some("shenzhen-luohu".to_owned()),
        theme: None,
        indicators: indicators.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()),
        deadline: deadline.to_owned(),
        note: None,
    }
}

async fn set(service: &Service, entries: Vec<CalendarEntry>) {
    let calendar = NewCalendar {
        period: "2025".parse().unwrap(),
        entries,
        actor: Actor::named("区法治办").unwrap(),
        now: NEW_YEAR,
    };
    service.set_calendar(&calendar).await.unwrap();
}

async fn owing(service: &Service, org: &str, at: i64) -> Vec<Owing> {
    let query = OwingQuery {
        period: "2025".parse().unwrap(),
        orgs: OrgSelector {
            codes: Some(vec![org.to_owned()]),
            ..OrgSelector::default()
        },
        at,
    };
    service
        .owing(
            &service
                .sight(&api::service::access::Caller::operator("tester"))
                .await
                .unwrap(),
            &query,
        )
        .await
        .unwrap()
}

async fn the_calendar_says_who_owes_what_by_when(db: TestDb) {
    let service = db.service().await;
    let both = ["petition_received_count", "petition_resolved_count"];
    set(&service, vec![entry(Some(&both), "2026-01-10")]).await;
    let told = owing(&service, STREET, at(10)).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].owed, told[0].missing.len(), told[0].days_late), (2, 2, 0));
    assert!(told[0].submission.is_none());
    assert_eq!(owing(&service, STREET, at(13)).await[0].days_late, 3);
    assert!(
        owing(&service, "shenzhen-luohu", at(13)).await.is_empty(),
        "a district is no street"
    );

    let draft = open(&service, STREET, "2025", at(2)).await;
    let filled = fill(&service, &draft, &[("petition_received_count", "7")], at(3)).await;
    assert_eq!(
        owing(&service, STREET, at(3)).await[0].missing,
        ["petition_resolved_count"]
    );
    let unsaid = service
        .submit_submission(&step(&filled, "填报人", at(12)))
        .await
        .unwrap_err();
    assert_eq!(unsaid.code().to_string(), "BAD_USER_INPUT");
    assert!(unsaid.to_string().contains("petition_resolved_count"), "{unsaid}");
    // Said to be missing, it is not owed any more.
    let missing = EnteredFigure {
        indicator: "petition_resolved_count".to_owned(),
        status: Some("未报".to_owned()),
        ..EnteredFigure::default()
    };
    let (filled, _) = service
        .fill_submission(
            &step(&filled, "填报人", at(12)),
            Filling::Figures(vec![missing]),
            &committing(),
        )
        .await
        .unwrap();
    let handed = service
        .submit_submission(&step(&filled, "填报人", at(12)))
        .await
        .unwrap();
    for later in [12, 20] {
        let told = owing(&service, STREET, at(later)).await;
        assert_eq!(
            (told[0].missing.len(), told[0].days_late),
            (0, 2),
            "it was handed in two days late"
        );
        assert_eq!(told[0].submission.as_ref().map(|row| row.id), Some(handed.id));
    }
    assert_eq!(owing(&service, OTHER, at(20)).await[0].days_late, 10);
    // With a reason it is handed in without.
    let other = open(&service, OTHER, "2025", at(20)).await;
    let outcome = service.submit_submission(&step(&other, "填报人", at(20))).await;
    assert_eq!(code(outcome), "BAD_USER_INPUT");
    let reasoned = saying(&other, "填报人", "该街道于年中撤并,数据由区里报送", at(20));
    service.submit_submission(&reasoned).await.unwrap();
}

async fn without_a_calendar_last_years_figures_are_owed(db: TestDb) {
    let service = db.service().await;
    let text = csv(&[
        Row::new("petition_received_count", STREET, "2024", "720"),
        Row::new("petition_resolved_count", STREET, "2023", "700"),
    ]);
    service
        .import("before.csv", text.into_bytes(), &committing())
        .await
        .unwrap();
    let told = owing(&service, STREET, at(20)).await;
    assert_eq!(
        (told.len(), told[0].owed, told[0].days_late, told[0].deadline),
        (1, 2, 0, None)
    );
    assert!(owing(&service, OTHER, at(20)).await.is_empty());
    // What is imported directly is not owed any more.
    let text = csv(&[Row::new("petition_received_count", STREET, "2025", "0")]);
    service
        .import("direct.csv", text.into_bytes(), &committing())
        .await
        .unwrap();
    assert_eq!(
        owing(&service, STREET, at(20)).await[0].missing,
        ["petition_resolved_count"]
    );
}

async fn a_calendar_is_replaced_as_a_whole(db: TestDb) {
    let service = db.service().await;
    let one = ["petition_received_count"];
    set(
        &service,
        vec![entry(Some(&one), "2026-01-10"), entry(Some(&one), "2026-01-11")],
    )
    .await;
    set(&service, vec![entry(Some(&one), "2026-01-20")]).await;
    let told = service.calendar("2025".parse().unwrap()).await.unwrap();
    let days: Vec<&str> = told.iter().map(|row| row.deadline.as_str()).collect();
    assert_eq!(days, ["2026-01-20"]);
    assert_eq!(
        db.contents().await["reporting_calendar"].len(),
        3,
        "nothing is overwritten"
    );
    assert!(service.calendar("2024".parse().unwrap()).await.unwrap().is_empty());
    let calendar = NewCalendar {
        period: "2025".parse().unwrap(),
        entries: vec![entry(None, "2026-02-30")],
        actor: Actor::named("区法治办").unwrap(),
        now: NEW_YEAR,
    };
    assert_eq!(code(service.set_calendar(&calendar).await), "BAD_USER_INPUT");
    assert_eq!(service.calendar("2025".parse().unwrap()).await.unwrap(), told);
}

async fn what_was_published_and_taken_back_is_owed_again(db: TestDb) {
    let service = db.service().await;
    set(&service, vec![entry(Some(&["petition_received_count"]), "2026-01-10")]).await;
    let draft = open(&service, STREET, "2025", NEW_YEAR).await;
    let filled = fill(&service, &draft, &[("petition_received_count", "720")], NEW_YEAR).await;
    let approved = approved(&service, &filled, NEW_YEAR).await;
    let (published, report) = publish(&service, &approved, NEW_YEAR).await;
    assert!(owing(&service, STREET, at(2)).await[0].missing.is_empty());
    let undo = UndoOptions {
        batch: report.batch.unwrap(),
        commit: true,
        caller: api::service::access::Caller::operator("tester"),
        reason: RevisionReason::Error,
    };
    service.undo(&undo).await.unwrap();
    assert_eq!(
        owing(&service, STREET, at(2)).await[0].missing,
        ["petition_received_count"]
    );
    let missing = missing_of(&service, &published, at(2)).await;
    assert_eq!(missing, ["petition_received_count"]);
}
