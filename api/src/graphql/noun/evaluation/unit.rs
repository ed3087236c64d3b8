//! One organisation of an evaluation.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use super::node::EvaluationNode;
use super::shared::Shared;
use crate::error::Error;
use crate::export::evaluation::dossier::{Reading, Waterfall};
use crate::export::evaluation::report::{Standing, UnitResult};
use crate::graphql::noun::figure::{number, pick};
use crate::graphql::noun::framework_node::FrameworkNode;
use crate::graphql::noun::org_unit::OrgUnit;
use crate::graphql::scalar::choice::Locale;

pub(crate) struct EvaluationUnit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) place: usize,
}

impl EvaluationUnit {
    fn unit(&self) -> Result<&UnitResult, Error> {
        let unit = self.shared.dossier.evaluation.units.get(self.place);
        unit.ok_or_else(|| Error::internal("a result without this organisation"))
    }

    fn reading(&self) -> Result<&Reading, Error> {
        let reading = self.shared.dossier.readings.get(self.place);
        reading.ok_or_else(|| Error::internal("a result without this reading"))
    }

    fn fall(&self, fall: Option<&Waterfall>) -> Option<EvaluationWaterfall> {
        fall.map(|fall| EvaluationWaterfall {
            shared: Arc::clone(&self.shared),
            fall: fall.clone(),
        })
    }
}

/// An organisation with its score and all that it opens down to.
#[Object]
impl EvaluationUnit {
    /// Organisation.
    async fn org_unit(&self) -> Result<OrgUnit, Error> {
        let code = &self.unit()?.org;
        let ordinal = self.shared.snapshot.catalog.org_by_code(code);
        OrgUnit::new(
            &self.shared.snapshot,
            ordinal.ok_or_else(|| Error::internal(format!("an organisation {code} that is gone")))?,
        )
    }

    /// Code of its track.
    async fn track(&self) -> Result<&str, Error> {
        Ok(&self.unit()?.track)
    }

    /// Where it stands.
    async fn standing(&self) -> Result<EvaluationStanding, Error> {
        Ok((&self.unit()?.now).into())
    }

    /// Where it stood a year earlier, under the same framework; null where the calendar has no such period.
    async fn previous(&self) -> Result<Option<EvaluationStanding>, Error> {
        Ok(self.unit()?.previous.as_ref().map(Into::into))
    }

    /// Published score less that of a year earlier; null where either is not there.
    async fn change(&self) -> Result<Option<f64>, Error> {
        let unit = self.unit()?;
        let before = unit.previous.as_ref().and_then(|previous| previous.published);
        Ok(number(unit.now.published.zip(before).map(|(now, before)| now - before)))
    }

    /// Places won since a year earlier, negative when lost; null where either rank is not there.
    async fn movement(&self) -> Result<Option<i64>, Error> {
        let unit = self.unit()?;
        let before = unit.previous.as_ref().and_then(|previous| previous.rank);
        Ok(unit
            .now
            .rank
            .zip(before)
            .map(|(now, before)| i64::from(before) - i64::from(now)))
    }

    /// Places it takes in nine of ten draws with every weight up to ten per cent off; the draws are seeded and always the same. Null without a total.
    async fn interval(&self) -> Result<Option<EvaluationInterval>, Error> {
        Ok(self.unit()?.interval.map(|interval| EvaluationInterval {
            best: interval.best,
            worst: interval.worst,
        }))
    }

    /// Points by node, parents before children.
    async fn nodes(
        &self,
        #[graphql(desc = "Only those of these codes.")] codes: Option<Vec<String>>,
    ) -> Result<Vec<EvaluationNode>, Error> {
        self.unit()?;
        let labels = self.shared.dossier.evaluation.nodes.iter().enumerate();
        Ok(labels
            .filter(|(_, label)| codes.as_ref().is_none_or(|codes| codes.contains(&label.code)))
            .map(|(node, _)| EvaluationNode {
                shared: Arc::clone(&self.shared),
                unit: self.place,
                node,
            })
            .collect())
    }

    /// Where the difference to the score of a year earlier comes from; null where either has no total.
    async fn since_previous_year(&self) -> Result<Option<EvaluationWaterfall>, Error> {
        Ok(self.fall(self.reading()?.since.as_ref()))
    }

    /// Where the difference comes from to an organisation with the track's median in every criterion; null without a total, and for who may not read the whole track.
    async fn against_median(&self) -> Result<Option<EvaluationWaterfall>, Error> {
        Ok(self.fall(self.reading()?.against_median.as_ref()))
    }

    /// The cheapest next points, the cheapest first; rules that compare with peers are left out, since what the others will do is not known.
    async fn advice(&self) -> Result<Vec<EvaluationAdvice>, Error> {
        let reading = self.reading()?;
        Ok(reading
            .advice
            .iter()
            .map(|advice| EvaluationAdvice {
                shared: Arc::clone(&self.shared),
                advice: advice.clone(),
            })
            .collect())
    }
}

/// Where an organisation stands.
#[derive(SimpleObject)]
pub(crate) struct EvaluationStanding {
    /// Score as published; null where something blocks or nothing is there.
    score: Option<f64>,
    /// Score before it is rounded.
    unrounded: Option<f64>,
    /// Place in its track by the published score, the best first; ties share one: 1, 2, 2, 4.
    rank: Option<u32>,
    /// Whether another has the same place.
    tied: bool,
    /// Code of the grade.
    grade: Option<String>,
    /// Points of the weighted criteria.
    base: Option<f64>,
    /// Points on top.
    bonus: f64,
    /// Points off, as a positive number.
    penalty: f64,
    /// Codes of the vetoes that happened.
    vetoes: Vec<String>,
    /// Share of the weights whose own value is there, of those that can be, 0 to 1.
    coverage: f64,
    /// Score if everything missing had no points.
    lowest: Option<f64>,
    /// Score if everything missing had full marks.
    highest: Option<f64>,
}

impl From<&Standing> for EvaluationStanding {
    fn from(standing: &Standing) -> Self {
        let told = |value| number(Some(value)).unwrap_or_default();
        Self {
            score: number(standing.published),
            unrounded: number(standing.total),
            rank: standing.rank,
            tied: standing.tied,
            grade: standing.grade.clone(),
            base: number(standing.base),
            bonus: told(standing.bonus),
            penalty: told(standing.penalty),
            vetoes: standing.vetoes.clone(),
            coverage: told(standing.coverage),
            lowest: number(standing.lowest),
            highest: number(standing.highest),
        }
    }
}

/// Places an organisation takes in nine draws of ten.
#[derive(SimpleObject)]
pub(crate) struct EvaluationInterval {
    /// The better end.
    best: u32,
    /// The worse end.
    worst: u32,
}

pub(crate) struct EvaluationWaterfall {
    shared: Arc<Shared>,
    fall: Waterfall,
}

/// Where a difference of scores comes from: the steps sum to it exactly.
#[Object]
impl EvaluationWaterfall {
    /// Score of the reference, unrounded.
    async fn from(&self) -> Option<f64> {
        number(Some(self.fall.from))
    }

    /// Score, unrounded.
    async fn to(&self) -> Option<f64> {
        number(Some(self.fall.to))
    }

    /// One step a criterion that differs, in the order of the framework.
    async fn steps(&self) -> Vec<EvaluationStep> {
        let steps = self.fall.steps.iter();
        steps
            .map(|step| EvaluationStep {
                node: step.node.and_then(|node| self.shared.node(node)),
                from: number(Some(step.from)),
                to: number(Some(step.to)),
                difference: number(Some(step.to - step.from)),
            })
            .collect()
    }
}

/// One step of a waterfall.
#[derive(SimpleObject)]
pub(crate) struct EvaluationStep {
    /// Criterion; null for what bounds and vetoes took off the sum.
    node: Option<FrameworkNode>,
    /// Points of the reference.
    from: Option<f64>,
    /// Points of the organisation.
    to: Option<f64>,
    /// Points gained, negative when lost.
    difference: Option<f64>,
}

pub(crate) struct EvaluationAdvice {
    shared: Arc<Shared>,
    advice: crate::export::evaluation::dossier::Advice,
}

/// A step of one value that gains points.
#[Object]
impl EvaluationAdvice {
    /// Criterion.
    async fn node(&self) -> Option<FrameworkNode> {
        self.shared.node(self.advice.node)
    }

    /// Points gained.
    async fn gain(&self) -> Option<f64> {
        number(Some(self.advice.gain))
    }

    /// Value now; null where it is missing.
    async fn from(&self) -> Option<f64> {
        number(self.advice.from)
    }

    /// Value to reach; null where it is only to be reported.
    async fn to(&self) -> Option<f64> {
        number(self.advice.to)
    }

    /// How far that is for each point, as a share of the way from no points to full marks.
    async fn effort(&self) -> Option<f64> {
        number(Some(self.advice.effort))
    }

    /// How many more cases of a ratio's numerator that is at the same denominator, negative for fewer; null for what is no ratio with both parts.
    async fn cases(&self) -> Option<f64> {
        number(self.advice.cases)
    }

    /// The advice in a sentence.
    async fn text(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> String {
        pick(&self.advice.text, locale)
    }
}
