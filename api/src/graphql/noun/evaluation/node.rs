//! The points of one node, and what they rest on.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use super::shared::{Shared, moment};
use crate::error::Error;
use crate::export::evaluation::report::{self, NodeResult};
use crate::graphql::noun::figure::{number, pick};
use crate::graphql::noun::framework_node::FrameworkNode;
use crate::graphql::scalar::choice::Locale;
use crate::graphql::scalar::evaluation_choice::{EvaluationOutcome, MarkStage, named};
use crate::graphql::scalar::global_id::GlobalId;
use crate::graphql::scalar::time::DateTime;

pub(crate) struct EvaluationNode {
    pub(crate) shared: Arc<Shared>,
    pub(crate) unit: usize,
    pub(crate) node: usize,
}

impl EvaluationNode {
    fn result(&self) -> Result<&NodeResult, Error> {
        let unit = self.shared.dossier.evaluation.units.get(self.unit);
        let node = unit.and_then(|unit| unit.nodes.get(self.node));
        node.ok_or_else(|| Error::internal("a result without this node"))
    }
}

/// Points of an organisation in one node: points, by a rule, from a value, from its parts, from the lines of their sources.
#[Object]
impl EvaluationNode {
    /// Dimension, criterion or adjustment.
    async fn node(&self) -> Option<FrameworkNode> {
        self.shared.node(self.node)
    }

    /// How the points came to be; null for a dimension.
    async fn outcome(&self) -> Result<Option<EvaluationOutcome>, Error> {
        let outcome = self.result()?.outcome.as_deref();
        let outcome = outcome.map(named::<analytics::score::sheet::Outcome>).transpose()?;
        Ok(outcome.map(Into::into))
    }

    /// Full marks as the framework says; of a bonus or penalty its cap.
    async fn full(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.full))
    }

    /// Full marks after the weight of what is left out went to its neighbours; null where this is left out.
    async fn weight(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.weight))
    }

    /// Points, unrounded; of a penalty they are negative; null where it is left out.
    async fn points(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.points))
    }

    /// Points of a year earlier under the same framework.
    async fn previous_points(&self) -> Result<Option<f64>, Error> {
        Ok(number(
            self.result()?.previous.as_ref().and_then(|previous| previous.points),
        ))
    }

    /// Points less those of a year earlier; null where either is left out.
    async fn change(&self) -> Result<Option<f64>, Error> {
        let result = self.result()?;
        let before = result.previous.as_ref().and_then(|previous| previous.points);
        Ok(number(result.points.zip(before).map(|(now, before)| now - before)))
    }

    /// Value that the rule looked at, in the unit of the indicator.
    async fn value(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.used))
    }

    /// Target set for the organisation, where the rule takes it.
    async fn target(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.known.target))
    }

    /// Numerator of a ratio, in its own unit.
    async fn numerator(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.known.numerator))
    }

    /// Denominator of a ratio, in its own unit.
    async fn denominator(&self) -> Result<Option<f64>, Error> {
        Ok(number(self.result()?.known.denominator))
    }

    /// Status of the value, as ObservationStatus names it; null where there is no indicator.
    async fn status(&self) -> Result<Option<&str>, Error> {
        Ok(self.result()?.known.status.as_deref())
    }

    /// Flags of the value, as Flag names them.
    async fn flags(&self) -> Result<&[String], Error> {
        Ok(&self.result()?.known.flags)
    }

    /// Why there is no value, as ReasonCode names it; `INCOMPLETE` for a sum that lacks some of its parts and so cannot stand beside whole ones.
    async fn reason(&self) -> Result<Option<&str>, Error> {
        Ok(self.result()?.known.reason.as_deref())
    }

    /// Self-score, review and final score, as far as they were given.
    async fn marks(&self) -> Result<Vec<EvaluationMark>, Error> {
        self.result()?.marks.iter().map(EvaluationMark::new).collect()
    }

    /// The points in a sentence; empty for a dimension.
    async fn sentence(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> String {
        let reading = self.shared.dossier.readings.get(self.unit);
        let sentence = reading.and_then(|reading| reading.sentences.get(self.node));
        sentence.map(|text| pick(text, locale)).unwrap_or_default()
    }

    /// Stored figures under the value, down to the line of the document.
    async fn sources(&self) -> Result<Vec<EvaluationSource>, Error> {
        let sources = self.result()?.known.sources.iter();
        Ok(sources.map(EvaluationSource::new).collect())
    }
}

/// What somebody said of a criterion.
#[derive(SimpleObject)]
pub(crate) struct EvaluationMark {
    /// Who speaks.
    stage: MarkStage,
    /// Points.
    points: Option<f64>,
    /// Who gave them.
    author: String,
    /// When.
    recorded_at: Option<DateTime>,
    /// Evidence or reason given.
    evidence: Option<String>,
}

impl EvaluationMark {
    fn new(mark: &report::Mark) -> Result<Self, Error> {
        let stage = match mark.stage.as_str() {
            "SELF_SCORE" => MarkStage::SelfScore,
            "REVIEW" => MarkStage::Review,
            "FINAL" => MarkStage::Final,
            other => return Err(Error::internal(format!("a result with the unknown stage {other}"))),
        };
        Ok(Self {
            stage,
            points: number(Some(mark.points)),
            author: mark.author.clone(),
            recorded_at: moment(&mark.at),
            evidence: mark.evidence.clone(),
        })
    }
}

/// A stored figure under a value.
#[derive(SimpleObject)]
pub(crate) struct EvaluationSource {
    /// Identifier of the observation, for `node`.
    observation_id: ID,
    /// Code of its indicator.
    indicator: String,
    /// Code of the organisation that reports it.
    org: String,
    /// Code of its period.
    period: String,
    /// Figure as printed, or as stored where no text was printed.
    printed: String,
    /// Title of the document.
    document: Option<String>,
    /// Place in the document.
    locator: Option<String>,
}

impl EvaluationSource {
    fn new(source: &report::Citation) -> Self {
        Self {
            observation_id: GlobalId::Observation(source.observation).encode(),
            indicator: source.indicator.clone(),
            org: source.org.clone(),
            period: source.period.clone(),
            printed: source.printed.clone(),
            document: source.document.clone(),
            locator: source.locator.clone(),
        }
    }
}
