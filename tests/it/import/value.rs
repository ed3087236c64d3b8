//! What is stored of a row: the number in the base unit, everything that was printed, and no number where there is none.

use entity::choice::ObservationStatus;
use entity::observation::Model;
use entity::{source, unit};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, import, stored};

suite!(
    Catalog: whatever_was_printed_is_kept,
    zero_and_the_three_ways_of_having_none_stay_apart,
    units_are_converted_to_the_last_digit,
    a_period_has_one_name,
    one_document_is_one_source,
);

/// The only row that a file of one row leaves.
async fn only(db: &TestDb, row: Row) -> Model {
    let service = db.service().await;
    import(&service, &csv(&[row]), &commit()).await;
    let mut rows = stored(&service).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

async fn whatever_was_printed_is_kept(db: TestDb) {
    let row = Row::new("legal_advisor_budget", STREET, "2021", "9.80")
        .with("unit", "万元")
        .with("status", "LOWER_BOUND")
        .with("printed", "逾9.80万元，\"含\"税\n（概数）")
        .with("flags", "SCOPE_CHANGED| BREAK")
        .with("source_title", "年度报告, 2021")
        .with("source_url", "https://example.org/a?b=1&c=2")
        .with("published_on", "2021-12-27")
        .with("locator", "表1!C7")
        .with("note", "  含专项  ");
    let stored = only(&db, row).await;
    assert_eq!((stored.value, stored.decimals), (Some(98_000.0), 2));
    assert_eq!(stored.status, ObservationStatus::LowerBound);
    assert_eq!(stored.printed.as_deref(), Some("逾9.80万元，\"含\"税\n（概数）"));
    assert_eq!(stored.flags, "BREAK|SCOPE_CHANGED");
    assert_eq!(stored.locator.as_deref(), Some("表1!C7"));
    assert_eq!(stored.note.as_deref(), Some("含专项"));
    let pool = db.connect().await;
    let source = source::by_ids(&pool, &[stored.source_id.unwrap()])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (source.title.as_str(), source.address.as_str()),
        ("年度报告, 2021", "https://example.org/a?b=1&c=2")
    );
    assert_eq!(source.published_on.as_deref(), Some("2021-12-27"));
    let units = unit::all(&pool).await.unwrap();
    let unit = units.iter().find(|unit| Some(unit.id) == stored.unit_id).unwrap();
    assert_eq!(unit.code, "wan_yuan");
}

async fn zero_and_the_three_ways_of_having_none_stay_apart(db: TestDb) {
    use ObservationStatus::{Missing, Normal, NotApplicable, Suppressed};
    let year = |year: &str, value: &str, status: &str| {
        Row::new("normative_document_issued_count", STREET, year, value).with("status", status)
    };
    let rows = [
        year("2018", "0", ""),
        year("2019", "", "MISSING"),
        year("2020", "", "NOT_APPLICABLE"),
        year("2021", "", "SUPPRESSED"),
        year("2022", "-0", "NORMAL"),
    ];
    let service = db.service().await;
    import(&service, &csv(&rows), &commit()).await;
    let rows = stored(&service).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.value.map(f64::to_bits), row.status))
        .collect();
    let zero = Some(0.0f64.to_bits());
    let expected = [
        (zero, Normal),
        (None, Missing),
        (None, NotApplicable),
        (None, Suppressed),
        (zero, Normal),
    ];
    assert_eq!(told, expected, "also a zero written with a minus is plain zero");
    let printed: Vec<_> = rows.iter().map(|row| row.printed.as_deref()).collect();
    assert_eq!(printed, [Some("0"), None, None, None, Some("-0")]);
}

async fn units_are_converted_to_the_last_digit(db: TestDb) {
    let cases = [
        ("legal_advisor_budget", "9.8", "万元", 98_000.0),
        ("legal_advisor_budget", "1.1", "万元", 11_000.0),
        ("legal_advisor_budget", "0.07", "亿元", 7_000_000.0),
        ("legal_advisor_budget", "98000", "元", 98_000.0),
        ("public_legal_consultation_count", "1.5", "万人次", 15_000.0),
        ("public_legal_consultation_count", "0.0003", "万人次", 3.0),
        ("petition_resolution_rate", "97.5", "%", 0.975),
        ("petition_resolution_rate", "2.3", "%", 0.023),
        ("petition_resolution_rate", "33.33", "%", 0.3333),
        ("petition_resolution_rate", "57", "%", 0.57),
        ("petition_resolution_rate", "975", "‰", 0.975),
        ("petition_resolution_rate", "0.975", "比值", 0.975),
        ("petition_received_count", "720", "件", 720.0),
        ("petition_received_count", "720", "起", 720.0),
        ("petition_received_count", "720", "zong", 720.0),
    ];
    let rows: Vec<Row> = (1990..)
        .zip(&cases)
        .map(|(year, (indicator, value, unit, _))| {
            Row::new(indicator, STREET, &year.to_string(), value).with("unit", unit)
        })
        .collect();
    let service = db.service().await;
    import(&service, &csv(&rows), &commit()).await;
    let stored = stored(&service).await;
    for (year, (indicator, value, unit, expected)) in (1990..).zip(&cases) {
        let row = stored.iter().find(|row| row.start_month == year * 12).unwrap();
        assert_eq!(row.value, Some(*expected), "{value} {unit} of {indicator}");
        assert_eq!(row.printed.as_deref(), Some(*value));
        let decimals = value.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        assert_eq!(usize::try_from(row.decimals), Ok(decimals), "{value}");
    }
}

async fn a_period_has_one_name(db: TestDb) {
    let stored = only(
        &db,
        Row::new("petition_received_count", STREET, "2021-01/2021-09", "720"),
    )
    .await;
    assert_eq!((stored.start_month, stored.end_month), (2021 * 12, 2021 * 12 + 8));
    let service = db.service().await;
    let quarter = |period: &str| csv(&[Row::new("petition_received_count", STREET, period, "240")]);
    assert_eq!(import(&service, &quarter("2021-Q1"), &commit()).await.created, 1);
    assert_eq!(
        import(&service, &quarter("2021-01/2021-03"), &commit()).await.unchanged,
        1
    );
}

async fn one_document_is_one_source(db: TestDb) {
    let service = db.service().await;
    let year = |year: &str, title: &str, address: &str, day: &str| {
        Row::new("petition_received_count", STREET, year, "1")
            .with("source_title", title)
            .with("source_url", address)
            .with("published_on", day)
    };
    let first = [
        year("2019", "甲", "", "2020-01-10"),
        year("2020", "甲", "", ""),
        year("2021", "甲", "https://example.org", ""),
        year("2022", "甲", "", "2023-01-10"),
    ];
    import(&service, &csv(&first), &commit()).await;
    let second = [
        year("2023", "甲", "https://example.org", "2024-01-10"),
        year("2024", "乙", "", ""),
    ];
    import(&service, &csv(&second), &commit()).await;
    let sources = source::all(service.db()).await.unwrap();
    let told: Vec<_> = sources
        .iter()
        .map(|row| (row.title.as_str(), row.address.as_str(), row.published_on.as_deref()))
        .collect();
    let expected = [
        ("甲", "", Some("2020-01-10")),
        ("甲", "https://example.org", None),
        ("甲", "", Some("2023-01-10")),
        ("甲", "https://example.org", Some("2024-01-10")),
        ("乙", "", None),
    ];
    assert_eq!(
        told, expected,
        "another day, or one that is said for the first time, is another document"
    );
    let ids: Vec<_> = stored(&service)
        .await
        .iter()
        .map(|row| row.source_id.unwrap())
        .collect();
    let place = |place: usize| sources[place].id;
    assert_eq!(ids, [place(0), place(0), place(1), place(2), place(3), place(4)]);
}
