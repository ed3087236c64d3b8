//! The dry run's token: what was looked at is what is written, or nothing is.

use std::time::Duration;

use api::service::access::Caller;
use api::service::import::{ImportError, Options, Outcome, Phase};
use entity::choice::RevisionReason;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, dry, import, revise, stored};

suite!(
    Catalog: a_commit_with_its_token_writes_what_was_seen,
    a_figure_changed_meanwhile_is_a_conflict,
    a_token_belongs_to_its_file,
    a_changed_catalogue_is_looked_at_again,
    two_imports_of_the_same_cells_at_once_give_one_conflict,
    two_imports_without_a_look_at_once_give_one_conflict,
    every_figure_has_its_outcome,
    what_moves_besides_is_told,
);

fn received(year: &str, value: &str) -> Row {
    Row::new("petition_received_count", STREET, year, value)
}

fn with(token: &Option<String>) -> Options {
    assert!(token.is_some());
    Options {
        token: token.clone(),
        ..revise(RevisionReason::Late)
    }
}

async fn a_commit_with_its_token_writes_what_was_seen(db: TestDb) {
    let service = db.service().await;
    import(&service, &csv(&[received("2020", "600")]), &commit()).await;
    let file = csv(&[received("2020", "601"), received("2021", "720")]);
    let token = import(&service, &file, &dry()).await.token;
    // Something else that is none of the file's business.
    import(&service, &csv(&[received("2019", "1")]), &commit()).await;
    let report = import(&service, &file, &with(&token)).await;
    assert_eq!((report.created, report.revised), (1, 1));
}

async fn a_figure_changed_meanwhile_is_a_conflict(db: TestDb) {
    let service = db.service().await;
    import(&service, &csv(&[received("2020", "600")]), &commit()).await;
    let file = csv(&[received("2020", "601"), received("2021", "720")]);
    let token = import(&service, &file, &dry()).await.token;
    let other = csv(&[received("2020", "602"), received("2021", "721")]);
    import(&service, &other, &revise(RevisionReason::Error)).await;
    let before = db.contents().await;
    let refused = service.import("figures.csv", file.as_bytes(), &with(&token)).await;
    let Err(ImportError::Conflict { count, cells }) = refused else {
        panic!("{refused:?}")
    };
    let told: Vec<_> = cells
        .iter()
        .map(|cell| (cell.period.as_str(), cell.before.as_str(), cell.after.as_str()))
        .collect();
    assert_eq!((count, told.len()), (2, 2));
    assert!(
        told.contains(&("2020", "602 宗", "601 宗")) && told.contains(&("2021", "721 宗", "720 宗")),
        "{told:?}"
    );
    assert_eq!(db.contents().await, before);
    // Looked at again, it can be written.
    let token = import(&service, &file, &dry()).await.token;
    assert_eq!(import(&service, &file, &with(&token)).await.revised, 2);
}

async fn a_token_belongs_to_its_file(db: TestDb) {
    let service = db.service().await;
    let token = import(&service, &csv(&[received("2020", "600")]), &dry()).await.token;
    let other = csv(&[received("2020", "6000")]);
    for token in [token, Some("nonsense".to_owned())] {
        let refused = service.import("figures.csv", other.as_bytes(), &with(&token)).await;
        assert!(matches!(refused, Err(ImportError::Token)), "{refused:?}");
    }
    assert!(stored(&service).await.is_empty());
}

async fn a_changed_catalogue_is_looked_at_again(db: TestDb) {
    let service = db.service().await;
    let file = csv(&[received("2020", "600")]);
    let token = import(&service, &file, &dry()).await.token;
    let files = tests::fixture::CatalogFiles::embedded().replace(
        "organisations.toml",
        "code = \"shenzhen-luohu-sungang\"",
        "code = \"shenzhen-luohu-sungang\"\nfrom = \"1990-01\"",
    );
    let catalog = api::intake::catalog::read(&files.files()).unwrap();
    service
        .apply_catalog(&Caller::operator("tester"), &catalog)
        .await
        .unwrap();
    let refused = service.import("figures.csv", file.as_bytes(), &with(&token)).await;
    assert!(matches!(refused, Err(ImportError::CatalogChanged)), "{refused:?}");
}

/// Both looked at the same state. Whoever writes second is told which cells.
async fn two_imports_of_the_same_cells_at_once_give_one_conflict(db: TestDb) {
    let service = db.service().await;
    let files = ["720", "721"].map(|value| csv(&[received("2020", value), received("2021", value)]));
    let tokens = [
        import(&service, &files[0], &dry()).await.token,
        import(&service, &files[1], &dry()).await.token,
    ];
    let options = tokens.map(|token| with(&token));
    let (one, two) = tokio::join!(
        service.import("one.csv", files[0].as_bytes(), &options[0]),
        service.import("two.csv", files[1].as_bytes(), &options[1]),
    );
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(won.unwrap().created, 2);
    assert!(matches!(&lost, Err(ImportError::Conflict { count: 2, .. })), "{lost:?}");
    let values: Vec<_> = stored(&service).await.iter().map(|row| row.value).collect();
    assert_eq!(values[0], values[1], "one of the two files is stored, whole");
}

/// Without a token what was there when the import began is what it has seen: both begin before either writes.
async fn two_imports_without_a_look_at_once_give_one_conflict(db: TestDb) {
    let service = db.service().await;
    let turn = service.db().begin_write().await.unwrap();
    let begin = |value: &str| {
        let (service, options) = (service.clone(), revise(RevisionReason::Late));
        let progress = options.progress.clone();
        let file = csv(&[received("2020", value), received("2021", value)]);
        let task = tokio::spawn(async move { service.import("figures.csv", file.into_bytes(), &options).await });
        (task, progress)
    };
    let (one, two) = (begin("720"), begin("721"));
    for progress in [&one.1, &two.1] {
        while progress.told().0 != Phase::Checking {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    turn.rollback().await.unwrap();
    let (one, two) = (one.0.await.unwrap(), two.0.await.unwrap());
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(won.unwrap().created, 2);
    assert!(matches!(&lost, Err(ImportError::Conflict { count: 2, .. })), "{lost:?}");
    let values: Vec<_> = stored(&service).await.iter().map(|row| row.value).collect();
    assert_eq!(values[0], values[1], "one of the two files is stored, whole");
}

async fn every_figure_has_its_outcome(db: TestDb) {
    let service = db.service().await;
    import(
        &service,
        &csv(&[received("2019", "1"), received("2020", "2")]),
        &commit(),
    )
    .await;
    let file = csv(&[
        received("2019", "1"),
        received("2020", "22"),
        received("2021", "33"),
        received("2022", "?"),
    ]);
    let report = import(&service, &file, &dry()).await;
    let told: Vec<_> = report
        .outcomes
        .iter()
        .map(|(place, outcome)| (place.line, *outcome))
        .collect();
    let expected = [
        (2, Outcome::Unchanged),
        (3, Outcome::Revised),
        (4, Outcome::Created),
        (5, Outcome::Rejected),
    ];
    assert_eq!(told, expected);
    assert!(report.token.is_none(), "what has faults cannot be written");
}

async fn what_moves_besides_is_told(db: TestDb) {
    let service = db.service().await;
    let resolved = |value: &str| Row::new("petition_resolved_count", STREET, "2021", value);
    import(&service, &csv(&[received("2021", "720"), resolved("702")]), &commit()).await;
    let report = import(&service, &csv(&[resolved("711")]), &dry()).await;
    let snapshot = report.snapshot.clone().unwrap();
    let catalog = &snapshot.catalog;
    let mut told: Vec<String> = report
        .effects
        .iter()
        .map(|row| {
            let (indicator, org) = (catalog.indicator(row.indicator).unwrap(), catalog.org(row.org).unwrap());
            format!(
                "{} {} {:?} {:?}",
                indicator.code, org.code, row.before.value, row.after.value
            )
        })
        .collect();
    told.sort();
    let expected = [
        "petition_resolution_rate shenzhen Some(0.975) Some(0.9875)",
        "petition_resolution_rate shenzhen-luohu Some(0.975) Some(0.9875)",
        "petition_resolution_rate shenzhen-luohu-sungang Some(0.975) Some(0.9875)",
        "petition_resolved_count shenzhen Some(702.0) Some(711.0)",
        "petition_resolved_count shenzhen-luohu Some(702.0) Some(711.0)",
        "petition_unresolved_count shenzhen Some(18.0) Some(9.0)",
        "petition_unresolved_count shenzhen-luohu Some(18.0) Some(9.0)",
        "petition_unresolved_count shenzhen-luohu-sungang Some(18.0) Some(9.0)",
    ];
    assert_eq!(told, expected);
}
