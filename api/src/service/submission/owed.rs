//! What is owed, by whom, since when.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::slice;
use std::sync::Arc;

use analytics::period::Period;
use chrono::NaiveDate;
use entity::choice::SubmissionState;
use entity::reporting_calendar;
use entity::submission::{self, Filter, Model};
use entity::submission_figure;

use super::deadline::{self, day, days_late};
use super::turn::settled;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::catalog::Catalog;
use crate::service::selector::{IndicatorSelector, OrgSelector};
use crate::service::template::TemplateQuery;

/// Whose debts.
#[derive(Clone, Debug)]
pub struct OwingQuery {
    /// For which period.
    pub period: Period,
    /// Of which organisations.
    pub orgs: OrgSelector,
    /// At which moment, in µs since the epoch.
    pub at: i64,
}

/// What one organisation owes by one deadline.
#[derive(Clone, Debug)]
pub struct Owing {
    /// Ordinal of the organisation.
    pub org: u32,
    /// Its submission, where one is open for this.
    pub submission: Option<Model>,
    /// Figures owed.
    pub owed: usize,
    /// Codes of those that are neither published nor entered.
    pub missing: Vec<String>,
    /// The last day; none where the calendar says none.
    pub deadline: Option<NaiveDate>,
    /// Days after it, until it was handed in or until now.
    pub days_late: i32,
}

/// What is owed under one entry of the calendar, or without one.
struct Demand {
    orgs: OrgSelector,
    indicators: IndicatorSelector,
    /// Named indicators are owed by everybody; others by those who reported them in earlier years.
    all: bool,
    theme_id: Option<i64>,
    deadline: Option<NaiveDate>,
}

impl Service {
    /// What is owed for a period, by organisation in the order of the tree and by entry of the calendar.
    ///
    /// Where the calendar says nothing of the period, each organisation owes what it reported for the same period of earlier years, without a deadline.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes.
    pub async fn owing(&self, sight: &Sight, query: &OwingQuery) -> Result<Vec<Owing>, Error> {
        let catalog = &sight.snapshot.catalog;
        let chosen = query.orgs.resolve(sight, &[], Some(query.period))?;
        let id = |org: &u32| catalog.tree().id(*org);
        let entered = self
            .entered(query.period, chosen.iter().filter_map(id).collect(), query.at)
            .await?;
        let mut owings = Vec::new();
        for demand in self.demands(catalog, query.period).await? {
            let among: BTreeSet<u32> = demand.orgs.defined(catalog, Some(query.period))?.into_iter().collect();
            let codes = chosen
                .iter()
                .filter(|org| among.contains(org))
                .filter_map(|org| catalog.org(*org))
                .map(|org| org.code.clone());
            let orgs = OrgSelector {
                codes: Some(codes.collect()),
                ..OrgSelector::default()
            };
            owings.extend(self.owing_of(sight, query, &demand, orgs, &entered).await?);
        }
        owings.sort_by_key(|owing| (owing.org, owing.deadline));
        Ok(owings)
    }

    /// By submission the codes of what it owes at `now`, in µs since the epoch, and neither it nor the observations hold.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn submissions_missing(
        &self,
        sight: &Sight,
        submissions: &[Model],
        now: i64,
    ) -> Result<HashMap<i64, BTreeSet<String>>, Error> {
        let catalog = &sight.snapshot.catalog;
        let mut missing = HashMap::new();
        for (period, rows) in by_period(submissions)? {
            let ordinal = |row: &Model| catalog.tree().ordinal(row.org_id);
            let orgs: BTreeSet<u32> = rows.iter().copied().filter_map(ordinal).collect();
            let codes = orgs.iter().filter_map(|org| catalog.org(*org));
            let query = OwingQuery {
                period,
                orgs: OrgSelector {
                    codes: Some(codes.map(|org| org.code.clone()).collect()),
                    ..OrgSelector::default()
                },
                at: now,
            };
            let mut by_org: HashMap<u32, BTreeSet<String>> = HashMap::new();
            for owing in self.owing(sight, &query).await? {
                by_org.entry(owing.org).or_default().extend(owing.missing);
            }
            for row in rows {
                let owed = ordinal(row).and_then(|org| by_org.get(&org)).cloned();
                let mut codes = owed.unwrap_or_default();
                codes.retain(|code| {
                    let indicator = catalog.indicator_by_code(code);
                    row.theme_id == 0 || indicator.is_some_and(|indicator| indicator.theme_id == row.theme_id)
                });
                missing.insert(row.id, codes);
            }
        }
        Ok(missing)
    }

    /// The codes of what one submission owes.
    pub(super) async fn missing(&self, submission: &Model, now: i64) -> Result<Vec<String>, Error> {
        let whole = Sight::whole(self.snapshot().await?);
        let one = slice::from_ref(submission);
        let mut missing = self.submissions_missing(&whole, one, now).await?;
        Ok(missing.remove(&submission.id).into_iter().flatten().collect())
    }

    async fn demands(&self, catalog: &Catalog, period: Period) -> Result<Vec<Demand>, Error> {
        let entries = self.calendar(period).await?;
        if entries.is_empty() {
            return Ok(vec![Demand {
                orgs: OrgSelector::default(),
                indicators: IndicatorSelector::default(),
                all: false,
                theme_id: None,
                deadline: None,
            }]);
        }
        entries.iter().map(|entry| demand(catalog, entry)).collect()
    }

    async fn owing_of(
        &self,
        sight: &Sight,
        query: &OwingQuery,
        demand: &Demand,
        orgs: OrgSelector,
        entered: &Entered,
    ) -> Result<Vec<Owing>, Error> {
        let catalog = &sight.snapshot.catalog;
        let whole = Sight::whole(Arc::clone(&sight.snapshot));
        let template = TemplateQuery {
            orgs,
            indicators: demand.indicators.clone(),
            period: query.period,
            all: demand.all,
        };
        let mut by_org: HashMap<u32, (usize, Vec<String>)> = HashMap::new();
        for figure in self.template_of(&whole, &template).await? {
            let Some(org) = catalog.org_by_code(&figure.org) else {
                continue;
            };
            let indicator = catalog
                .indicator_by_code(&figure.indicator)
                .map(|indicator| indicator.id);
            if !indicator.is_some_and(|indicator| sight.sees(indicator, org)) {
                continue;
            }
            let (owed, missing) = by_org.entry(org).or_default();
            *owed += 1;
            let key = catalog.tree().id(org).zip(indicator);
            if figure.revision == 0 && !key.is_some_and(|key| entered.figures.contains(&key)) {
                missing.push(figure.indicator);
            }
        }
        let owing = |(org, (owed, missing)): (u32, (usize, Vec<String>))| {
            let submission = entered.submission(catalog.tree().id(org), demand.theme_id).cloned();
            let is_seen = submission
                .as_ref()
                .is_some_and(|submission| sight.sees_submission(submission));
            let own = submission
                .as_ref()
                .and_then(|submission| submission.deadline.as_deref());
            let deadline = own.and_then(|own| deadline::parse(own).ok()).or(demand.deadline);
            Owing {
                org,
                owed,
                days_late: late(submission.as_ref(), deadline, missing.is_empty(), query.at),
                missing,
                deadline,
                submission: submission.filter(|_| is_seen),
            }
        };
        Ok(by_org.into_iter().map(owing).collect())
    }

    /// What was entered for a period, whether or not it is handed in.
    async fn entered(&self, period: Period, orgs: Vec<i64>, now: i64) -> Result<Entered, Error> {
        let filter = Filter {
            orgs: Some(orgs),
            period: Some((period.start_month(), period.end_month())),
            ..Filter::default()
        };
        let view = self.db.begin_read().await?;
        let rows = submission::some(&view, &filter, 0, u64::from(u32::MAX)).await?;
        let submissions: Vec<Model> = rows.into_iter().map(|row| settled(row, now).0).collect();
        let ids: Vec<i64> = submissions.iter().map(|submission| submission.id).collect();
        // What is published is told by the observations, also where its batch was undone since; what is locked belongs to them, or to a correction given up.
        let closed = [SubmissionState::Published, SubmissionState::Locked];
        let open = submissions.iter().filter(|row| !closed.contains(&row.state));
        let rounds: HashMap<i64, i32> = open.map(|row| (row.id, row.round)).collect();
        let figures = submission_figure::current(&view, &ids).await?.into_iter();
        let counts = |figure: &submission_figure::Model| {
            rounds.get(&figure.submission_id) == Some(&figure.round)
                && !figure.withdrawn
                && figure.breakdown_item_id == 0
        };
        Ok(Entered {
            figures: figures
                .filter(counts)
                .map(|figure| (figure.org_id, figure.indicator_id))
                .collect(),
            submissions,
        })
    }
}

/// Submissions of one period together.
fn by_period(submissions: &[Model]) -> Result<Vec<(Period, Vec<&Model>)>, Error> {
    let mut periods: BTreeMap<(i32, i32), Vec<&Model>> = BTreeMap::new();
    for submission in submissions {
        let months = (submission.start_month, submission.end_month);
        periods.entry(months).or_default().push(submission);
    }
    let period =
        |(start, end)| Period::from_months(start, end).ok_or_else(|| Error::internal("a submission without period"));
    periods
        .into_iter()
        .map(|(months, rows)| Ok((period(months)?, rows)))
        .collect()
}

/// What was entered for a period.
struct Entered {
    submissions: Vec<Model>,
    /// Organisation and indicator of each figure.
    figures: BTreeSet<(i64, i64)>,
}

impl Entered {
    /// The submission of an organisation for a theme, or for all of them.
    fn submission(&self, org: Option<i64>, theme: Option<i64>) -> Option<&Model> {
        self.submissions.iter().find(|submission| {
            Some(submission.org_id) == org && (submission.theme_id == 0 || Some(submission.theme_id) == theme)
        })
    }
}

/// Days after the deadline until the hand-in, or until now while something is still owed. A correction is late for nothing.
fn late(submission: Option<&Model>, deadline: Option<NaiveDate>, is_complete: bool, at: i64) -> i32 {
    let Some(deadline) = deadline else { return 0 };
    let until = match submission {
        Some(submission)
            if submission.round > 1 || submission.published_at.is_some() && submission.submitted_at.is_none() =>
        {
            return 0;
        }
        Some(submission) => submission.submitted_at.unwrap_or(at),
        None if is_complete => return 0,
        None => at,
    };
    days_late(deadline, day(until))
}

fn demand(catalog: &Catalog, entry: &reporting_calendar::Model) -> Result<Demand, Error> {
    let within = entry
        .within_id
        .and_then(|id| catalog.tree().ordinal(id))
        .and_then(|org| catalog.org(org))
        .map(|org| org.code.clone());
    let theme = entry.theme_id.and_then(|id| catalog.theme(id));
    let codes: Option<Vec<String>> = entry
        .codes()
        .map(|codes| codes.into_iter().map(str::to_owned).collect());
    Ok(Demand {
        orgs: OrgSelector {
            with_self: true,
            within,
            level: entry.level,
            codes: None,
        },
        all: codes.is_some(),
        indicators: IndicatorSelector {
            codes,
            theme: theme.map(|theme| theme.code.clone()),
        },
        theme_id: entry.theme_id,
        deadline: Some(deadline::parse(&entry.deadline)?),
    })
}
