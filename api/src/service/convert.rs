//! The enums that stand in both leaves, mapped by exhaustive matches; rows become columns.

use analytics::fact::{Columns, State};
use analytics::flag::Flags;
use analytics::indicator as pure;
use analytics::period::Period;
use analytics::status::Status;
use entity::choice;
use entity::observation::Fact;

/// A stored kind for a calculation.
#[must_use]
pub fn kind(kind: choice::IndicatorKind) -> pure::IndicatorKind {
    match kind {
        choice::IndicatorKind::Count => pure::IndicatorKind::Count,
        choice::IndicatorKind::Amount => pure::IndicatorKind::Amount,
        choice::IndicatorKind::Ratio => pure::IndicatorKind::Ratio,
        choice::IndicatorKind::Derived => pure::IndicatorKind::Derived,
        choice::IndicatorKind::Score => pure::IndicatorKind::Score,
        choice::IndicatorKind::YesNo => pure::IndicatorKind::YesNo,
    }
}

/// A kind to be stored.
#[must_use]
pub fn stored_kind(kind: pure::IndicatorKind) -> choice::IndicatorKind {
    match kind {
        pure::IndicatorKind::Count => choice::IndicatorKind::Count,
        pure::IndicatorKind::Amount => choice::IndicatorKind::Amount,
        pure::IndicatorKind::Ratio => choice::IndicatorKind::Ratio,
        pure::IndicatorKind::Derived => choice::IndicatorKind::Derived,
        pure::IndicatorKind::Score => choice::IndicatorKind::Score,
        pure::IndicatorKind::YesNo => choice::IndicatorKind::YesNo,
    }
}

/// A stored rule over organisations for a calculation.
#[must_use]
pub fn over_orgs(rule: choice::OverOrgs) -> pure::OverOrgs {
    match rule {
        choice::OverOrgs::Sum => pure::OverOrgs::Sum,
        choice::OverOrgs::RatioOfSums => pure::OverOrgs::RatioOfSums,
        choice::OverOrgs::Mean => pure::OverOrgs::Mean,
        choice::OverOrgs::Max => pure::OverOrgs::Max,
        choice::OverOrgs::None => pure::OverOrgs::None,
    }
}

/// A rule over organisations to be stored.
#[must_use]
pub fn stored_over_orgs(rule: pure::OverOrgs) -> choice::OverOrgs {
    match rule {
        pure::OverOrgs::Sum => choice::OverOrgs::Sum,
        pure::OverOrgs::RatioOfSums => choice::OverOrgs::RatioOfSums,
        pure::OverOrgs::Mean => choice::OverOrgs::Mean,
        pure::OverOrgs::Max => choice::OverOrgs::Max,
        pure::OverOrgs::None => choice::OverOrgs::None,
    }
}

/// A stored rule over time for a calculation.
#[must_use]
pub fn over_time(rule: choice::OverTime) -> pure::OverTime {
    match rule {
        choice::OverTime::Sum => pure::OverTime::Sum,
        choice::OverTime::Last => pure::OverTime::Last,
        choice::OverTime::Mean => pure::OverTime::Mean,
        choice::OverTime::None => pure::OverTime::None,
    }
}

/// A rule over time to be stored.
#[must_use]
pub fn stored_over_time(rule: pure::OverTime) -> choice::OverTime {
    match rule {
        pure::OverTime::Sum => choice::OverTime::Sum,
        pure::OverTime::Last => choice::OverTime::Last,
        pure::OverTime::Mean => choice::OverTime::Mean,
        pure::OverTime::None => choice::OverTime::None,
    }
}

/// A stored polarity for a calculation.
#[must_use]
pub fn polarity(polarity: choice::Polarity) -> pure::Polarity {
    match polarity {
        choice::Polarity::HigherBetter => pure::Polarity::HigherBetter,
        choice::Polarity::LowerBetter => pure::Polarity::LowerBetter,
        choice::Polarity::Neutral => pure::Polarity::Neutral,
    }
}

/// A polarity to be stored.
#[must_use]
pub fn stored_polarity(polarity: pure::Polarity) -> choice::Polarity {
    match polarity {
        pure::Polarity::HigherBetter => choice::Polarity::HigherBetter,
        pure::Polarity::LowerBetter => choice::Polarity::LowerBetter,
        pure::Polarity::Neutral => choice::Polarity::Neutral,
    }
}

/// A stored status for a calculation.
#[must_use]
pub fn status(status: choice::ObservationStatus) -> Status {
    match status {
        choice::ObservationStatus::Normal => Status::Normal,
        choice::ObservationStatus::Provisional => Status::Provisional,
        choice::ObservationStatus::Estimated => Status::Estimated,
        choice::ObservationStatus::LowerBound => Status::LowerBound,
        choice::ObservationStatus::Missing => Status::Missing,
        choice::ObservationStatus::NotApplicable => Status::NotApplicable,
        choice::ObservationStatus::Suppressed => Status::Suppressed,
    }
}

/// A status to be stored.
#[must_use]
pub fn stored_status(status: Status) -> choice::ObservationStatus {
    match status {
        Status::Normal => choice::ObservationStatus::Normal,
        Status::Provisional => choice::ObservationStatus::Provisional,
        Status::Estimated => choice::ObservationStatus::Estimated,
        Status::LowerBound => choice::ObservationStatus::LowerBound,
        Status::Missing => choice::ObservationStatus::Missing,
        Status::NotApplicable => choice::ObservationStatus::NotApplicable,
        Status::Suppressed => choice::ObservationStatus::Suppressed,
    }
}

/// Stored flags for a calculation; a name that this version does not know is left out.
#[must_use]
pub fn flags(text: &str) -> Flags {
    text.split('|').filter_map(|name| name.parse().ok()).collect()
}

/// Adds a stored figure to a chunk's columns; `false` when its organisation or period cannot be placed.
pub fn push(columns: &mut Columns, fact: &Fact, org: Option<u32>) -> bool {
    let period = Period::from_months(fact.start_month, fact.end_month);
    let breakdown = u32::try_from(fact.breakdown_item_id).ok();
    let (Some(org), Some(period), Some(breakdown)) = (org, period, breakdown) else {
        return false;
    };
    if fact.withdrawn {
        columns.withdraw(org, breakdown, period);
        return true;
    }
    let state = State {
        status: status(fact.status),
        flags: flags(&fact.flags),
        decimals: u32::try_from(fact.decimals).unwrap_or(0),
    };
    columns.push(org, breakdown, period, fact.value, state, fact.id);
    true
}
