//! A ranking of organisations by one indicator, with everything that keeps it honest: ties, who is left out and why, bands that cannot be told apart.

use std::cmp::Ordering;
use std::collections::HashMap;

use strum::{Display, EnumIter};

use super::band::{Bands, Share};
use super::data::Data;
use super::lineage::Cited;
use super::recipe::Recipe;
use super::window::Window;
use crate::decimal::clean;
use crate::error::Error;
use crate::flag::Flag;
use crate::indicator::{OverOrgs, Polarity};
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::trend::median;

/// What is to be ranked.
#[derive(Clone, Debug)]
pub struct RankingRequest {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinals of the organisations.
    pub orgs: Vec<u32>,
    /// The period.
    pub period: Period,
    /// Ratios over a smaller denominator are not ranked; in the base unit of its quantity.
    pub minimum_denominator: Option<f64>,
}

/// Why an organisation is not ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Exclusion {
    /// It reported nothing.
    Missing,
    /// Its figure is withheld.
    Suppressed,
    /// It cannot have a figure.
    NotApplicable,
    /// It has figures, but for other months.
    PeriodMismatch,
    /// Its total lacks some of the organisations below it.
    Incomplete,
    /// Its denominator is 0.
    DenominatorZero,
    /// Its denominator is not there.
    DenominatorMissing,
    /// Only printed rates exist below it.
    NotAggregable,
    /// Its denominator is smaller than asked for.
    BelowMinimum,
}

/// An organisation in its place.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Its ordinal.
    pub org: u32,
    /// Its value.
    pub measure: Measure,
    /// 1 is the best, or for a neutral indicator the largest; ties share it.
    pub rank: u32,
    /// Whether another has the same rank.
    pub tied: bool,
    /// Of the others ranked, how many per hundred are worse, as spreadsheets count it (PERCENTRANK); `None` when it stands alone.
    pub percentile: Option<f64>,
    /// 1 for the best quarter, 4 for the last; `None` when it stands alone.
    pub quartile: Option<u8>,
    /// Organisations of one band cannot be told apart: its leader and none of this value differ at 5 %. The leader has the best value, and of those the largest
    /// denominator of a share whose parts are known.
    pub band: u32,
    /// Its rank a year earlier among the same organisations.
    pub previous_rank: Option<u32>,
}

impl Ranked {
    /// Places won since a year earlier; negative when lost.
    #[must_use]
    pub fn movement(&self) -> Option<i64> {
        self.previous_rank
            .map(|before| i64::from(before) - i64::from(self.rank))
    }
}

/// An organisation that is not ranked.
#[derive(Clone, Debug)]
pub struct Excluded {
    /// Its ordinal.
    pub org: u32,
    /// Its value, as far as there is one.
    pub measure: Measure,
    /// Why.
    pub reason: Exclusion,
}

/// The ranking.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// In the order of ranks; of one rank in the order asked for.
    pub rows: Vec<Ranked>,
    /// In the order asked for.
    pub excluded: Vec<Excluded>,
    /// The median of those ranked.
    pub median: Option<f64>,
    /// The organisation directly above all of them, if it is one, and its value.
    pub parent: Option<(u32, Measure)>,
    /// Whether a good rank is good: a neutral indicator is ranked by size alone.
    pub judged: bool,
}

/// Ranks as asked.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn ranking(data: Data<'_>, request: &RankingRequest) -> Result<Option<Ranking>, Error> {
    let Some(indicator) = data.indicators.get(request.indicator) else {
        return Ok(None);
    };
    let recipe = Recipe::of(&data, indicator)?;
    let window = Window::current(&data, request.period);
    let field = Field {
        recipe: &recipe,
        request,
    };
    let (mut rows, excluded) = field.split(&window);
    let before = request
        .period
        .previous_year()
        .map(|period| field.ranks(&window.of(period)));
    field.place(&mut rows, before.as_ref());
    let mut values: Vec<f64> = rows.iter().filter_map(|row| row.measure.value).collect();
    Ok(Some(Ranking {
        median: median(&mut values),
        parent: parent(&data, request).map(|parent| (parent, window.measure(&recipe, parent))),
        judged: indicator.polarity != Polarity::Neutral,
        rows,
        excluded,
    }))
}

/// The stored figures under the value of each of `orgs`.
///
/// # Errors
/// As [`ranking`].
pub fn lineage_of(data: Data<'_>, indicator: i64, cells: &[(u32, Period)]) -> Result<Vec<Vec<Cited>>, Error> {
    let Some(indicator) = data.indicators.get(indicator) else {
        return Ok(vec![Vec::new(); cells.len()]);
    };
    let recipe = Recipe::of(&data, indicator)?;
    let cited = |(org, period): &(u32, Period)| Window::current(&data, *period).lineage(&recipe, *org);
    Ok(cells.iter().map(cited).collect())
}

/// The organisation directly above all that are asked for.
fn parent(data: &Data<'_>, request: &RankingRequest) -> Option<u32> {
    let mut parents = request
        .orgs
        .iter()
        .map(|org| data.tree.parent(*org, Some(request.period)));
    let first = parents.next()??;
    parents.all(|parent| parent == Some(first)).then_some(first)
}

/// Those who stand for a ranking.
struct Field<'a> {
    recipe: &'a Recipe<'a>,
    request: &'a RankingRequest,
}

impl Field<'_> {
    /// Those with a comparable value, best first, and the others.
    fn split(&self, window: &Window<'_>) -> (Vec<Ranked>, Vec<Excluded>) {
        let (mut rows, mut excluded) = (Vec::with_capacity(self.request.orgs.len()), Vec::new());
        for org in &self.request.orgs {
            let measure = window.measure(self.recipe, *org);
            match self.exclusion(&measure) {
                Some(reason) => excluded.push(Excluded {
                    org: *org,
                    measure,
                    reason,
                }),
                None => rows.push(Ranked {
                    org: *org,
                    measure,
                    rank: 0,
                    tied: false,
                    percentile: None,
                    quartile: None,
                    band: 0,
                    previous_rank: None,
                }),
            }
        }
        rows.sort_by(|one, other| self.order(value(&one.measure), value(&other.measure)));
        (rows, excluded)
    }

    /// The better value first.
    fn order(&self, one: f64, other: f64) -> Ordering {
        match self.recipe.indicator.polarity {
            Polarity::LowerBetter => one.total_cmp(&other),
            Polarity::HigherBetter | Polarity::Neutral => other.total_cmp(&one),
        }
    }

    fn exclusion(&self, measure: &Measure) -> Option<Exclusion> {
        if measure.value.is_none() {
            return Some(match (measure.reason, measure.status) {
                (Some(Reason::DenominatorZero), _) => Exclusion::DenominatorZero,
                (_, Status::Suppressed) => Exclusion::Suppressed,
                (_, Status::NotApplicable) => Exclusion::NotApplicable,
                (Some(Reason::PeriodMismatch), _) => Exclusion::PeriodMismatch,
                (Some(Reason::DenominatorMissing), _) => Exclusion::DenominatorMissing,
                (Some(Reason::NotAggregable), _) => Exclusion::NotAggregable,
                _ => Exclusion::Missing,
            });
        }
        // A sum that lacks some is too small to stand beside whole ones; a mean or a rate may.
        let is_sum = self.recipe.indicator.over_orgs == OverOrgs::Sum;
        if is_sum && measure.flags.contains(Flag::Incomplete) {
            return Some(Exclusion::Incomplete);
        }
        let minimum = self.request.minimum_denominator?;
        let is_small = measure.denominator.is_none_or(|denominator| denominator < minimum);
        is_small.then_some(Exclusion::BelowMinimum)
    }

    /// The rank of each organisation in another period.
    fn ranks(&self, window: &Window<'_>) -> HashMap<u32, u32> {
        let mut values: Vec<(u32, f64)> = Vec::with_capacity(self.request.orgs.len());
        for org in &self.request.orgs {
            let measure = window.measure(self.recipe, *org);
            if self.exclusion(&measure).is_none() {
                values.push((*org, value(&measure)));
            }
        }
        values.sort_by(|one, other| self.order(one.1, other.1));
        let mut ranks = HashMap::with_capacity(values.len());
        let mut rank = 1;
        for tied in values.chunk_by(|one, other| one.1 == other.1) {
            ranks.extend(tied.iter().map(|(org, _)| (*org, rank)));
            rank += count(tied.len());
        }
        ranks
    }

    /// Gives each row its place.
    fn place(&self, rows: &mut [Ranked], before: Option<&HashMap<u32, u32>>) {
        let all = rows.len();
        let is_rate = self.recipe.indicator.is_rate;
        let (mut done, mut bands) = (0, Bands::default());
        for tied in rows.chunk_by_mut(|one, other| value(&one.measure) == value(&other.measure)) {
            let (rank, length) = (count(done + 1), tied.len());
            let worse = all - done - length;
            let percentile = (all > 1).then(|| 100.0 * f64::from(count(worse)) / f64::from(count(all - 1)));
            let shares = tied.iter().map(|row| Share::of(&row.measure).filter(|_| is_rate));
            let band = bands.next(&shares.collect::<Vec<_>>());
            for row in tied {
                row.rank = rank;
                row.band = band;
                row.tied = length > 1;
                row.percentile = percentile;
                row.quartile = percentile.map(quartile);
                row.previous_rank = before.and_then(|ranks| ranks.get(&row.org).copied());
            }
            done += length;
        }
    }
}

/// A ranked value without binary dust, so that what reads the same ranks the same.
fn value(measure: &Measure) -> f64 {
    measure.value.map_or(f64::NAN, clean)
}

fn quartile(percentile: f64) -> u8 {
    match percentile {
        at if at >= 75.0 => 1,
        at if at >= 50.0 => 2,
        at if at >= 25.0 => 3,
        _ => 4,
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
