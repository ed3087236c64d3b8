//! The catalogue in memory: units, themes, organisations, breakdowns and indicators of one version, by key and by code.

use std::collections::HashMap;
use std::sync::Arc;

use analytics::indicator::{Indicator, Indicators};
use analytics::tree::{Edge, Node, OrgTree, Succession};
use entity::choice::{OrgLevel, TotalRule};
use entity::db::Handle;
use entity::{
    breakdown, breakdown_item, indicator, indicator_version, org_parent, org_succession, org_unit, theme, unit,
};
use rust_decimal::Decimal;

use super::convert;
use crate::error::Error;

/// The quantity of shares: their differences are percentage points.
pub const SHARES: &str = "ratio";

/// One version of the catalogue.
#[derive(Debug, Default)]
pub struct Catalog {
    units: HashMap<i64, unit::Model>,
    unit_words: HashMap<String, i64>,
    themes: HashMap<i64, theme::Model>,
    /// By theme and code.
    indicators: Vec<indicator::Model>,
    indicator_places: HashMap<i64, usize>,
    indicator_codes: HashMap<String, i64>,
    versions: HashMap<i64, Vec<indicator_version::Model>>,
    /// By ordinal in the tree.
    orgs: Vec<org_unit::Model>,
    org_codes: HashMap<String, u32>,
    org_names: HashMap<String, Option<u32>>,
    tree: Arc<OrgTree>,
    /// By the key of either organisation.
    successors: HashMap<i64, Vec<org_succession::Model>>,
    predecessors: HashMap<i64, Vec<org_succession::Model>>,
    breakdowns: HashMap<i64, breakdown::Model>,
    items: HashMap<i64, breakdown_item::Model>,
    specs: Indicators,
}

impl Catalog {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked, [`Error::Internal`] when what it holds is not a catalogue.
    pub async fn load(handle: &impl Handle) -> Result<Self, Error> {
        let mut catalog = Self {
            units: unit::all(handle)
                .await?
                .into_iter()
                .map(|unit| (unit.id, unit))
                .collect(),
            themes: theme::all(handle)
                .await?
                .into_iter()
                .map(|theme| (theme.id, theme))
                .collect(),
            breakdowns: breakdown::all(handle)
                .await?
                .into_iter()
                .map(|breakdown| (breakdown.id, breakdown))
                .collect(),
            items: breakdown_item::all(handle)
                .await?
                .into_iter()
                .map(|item| (item.id, item))
                .collect(),
            ..Self::default()
        };
        let words = catalog.units.values().flat_map(|unit| {
            unit.words
                .split('|')
                .chain([unit.code.as_str()])
                .filter(|word| !word.is_empty())
                .map(|word| (word.to_owned(), unit.id))
        });
        catalog.unit_words = words.collect();
        for version in indicator_version::all(handle).await? {
            catalog.versions.entry(version.indicator_id).or_default().push(version);
        }
        for row in org_succession::all(handle).await? {
            let (before, after) = (row.predecessor_id, row.successor_id);
            catalog.successors.entry(before).or_default().push(row.clone());
            catalog.predecessors.entry(after).or_default().push(row);
        }
        catalog.place_orgs(org_unit::all(handle).await?, &org_parent::all(handle).await?)?;
        catalog.place_indicators(indicator::all(handle).await?)?;
        Ok(catalog)
    }

    fn place_orgs(&mut self, orgs: Vec<org_unit::Model>, parents: &[org_parent::Model]) -> Result<(), Error> {
        let nodes: Vec<Node> = orgs
            .iter()
            .map(|org| Node {
                id: org.id,
                valid_from: org.valid_from,
                valid_to: org.valid_to,
                level: org.level as u8,
                optional: org.level == OrgLevel::Department,
            })
            .collect();
        let edges: Vec<Edge> = parents
            .iter()
            .map(|link| Edge {
                child: link.org_id,
                parent: link.parent_id,
                valid_from: link.valid_from,
                valid_to: link.valid_to,
            })
            .collect();
        let successions = self.successors.values().flatten().map(|row| Succession {
            predecessor: row.predecessor_id,
            successor: row.successor_id,
        });
        let successions: Vec<Succession> = successions.collect();
        self.tree = Arc::new(OrgTree::build(&nodes, &edges)?.succeeded(&successions));
        let mut by_id: HashMap<i64, org_unit::Model> = orgs.into_iter().map(|org| (org.id, org)).collect();
        self.orgs = (0u32..)
            .map_while(|ordinal| self.tree.id(ordinal))
            .filter_map(|id| by_id.remove(&id))
            .collect();
        for (ordinal, org) in (0u32..).zip(&self.orgs) {
            self.org_codes.insert(org.code.clone(), ordinal);
            // A name that two organisations share names neither.
            self.org_names
                .entry(org.name_zh.clone())
                .and_modify(|known| *known = None)
                .or_insert(Some(ordinal));
        }
        Ok(())
    }

    fn place_indicators(&mut self, mut indicators: Vec<indicator::Model>) -> Result<(), Error> {
        let order = |indicator: &indicator::Model| {
            self.themes
                .get(&indicator.theme_id)
                .map_or(i32::MAX, |theme| theme.sort_order)
        };
        indicators.sort_by(|left, right| (order(left), &left.code).cmp(&(order(right), &right.code)));
        self.specs = indicators
            .iter()
            .map(|indicator| self.spec(indicator))
            .collect::<Result<_, _>>()?;
        self.indicator_places = indicators
            .iter()
            .enumerate()
            .map(|(place, indicator)| (indicator.id, place))
            .collect();
        self.indicator_codes = indicators
            .iter()
            .map(|indicator| (indicator.code.clone(), indicator.id))
            .collect();
        self.indicators = indicators;
        Ok(())
    }

    /// The indicator as calculations see it.
    fn spec(&self, indicator: &indicator::Model) -> Result<Indicator, Error> {
        let unit = self
            .units
            .get(&indicator.unit_id)
            .ok_or_else(|| Error::internal("an indicator without unit"))?;
        let versions = self.versions.get(&indicator.id);
        Ok(Indicator {
            id: indicator.id,
            code: indicator.code.clone(),
            kind: convert::kind(indicator.kind),
            over_orgs: convert::over_orgs(indicator.over_orgs),
            over_time: convert::over_time(indicator.over_time),
            summed: indicator.total == TotalRule::Summed,
            polarity: convert::polarity(indicator.polarity),
            unit_scale: scale(unit)?,
            is_rate: unit.quantity == SHARES,
            parts: indicator.numerator_id.zip(indicator.denominator_id),
            formula: indicator
                .formula
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(Error::internal)?,
            breaks: versions
                .into_iter()
                .flatten()
                .filter(|version| version.breaks_series)
                .filter_map(|version| version.valid_from)
                .collect(),
        })
    }

    /// All indicators, by theme and code.
    #[must_use]
    pub fn indicators(&self) -> &[indicator::Model] {
        &self.indicators
    }

    /// The indicator of a key.
    #[must_use]
    pub fn indicator(&self, id: i64) -> Option<&indicator::Model> {
        self.indicator_places
            .get(&id)
            .and_then(|place| self.indicators.get(*place))
    }

    /// The indicator of a code.
    #[must_use]
    pub fn indicator_by_code(&self, code: &str) -> Option<&indicator::Model> {
        self.indicator_codes.get(code).and_then(|id| self.indicator(*id))
    }

    /// The definitions of an indicator, oldest first.
    #[must_use]
    pub fn versions(&self, indicator: i64) -> &[indicator_version::Model] {
        self.versions.get(&indicator).map_or(&[], Vec::as_slice)
    }

    /// All organisations, in pre-order of the tree.
    #[must_use]
    pub fn orgs(&self) -> &[org_unit::Model] {
        &self.orgs
    }

    /// The organisation of an ordinal.
    #[must_use]
    pub fn org(&self, ordinal: u32) -> Option<&org_unit::Model> {
        self.orgs.get(ordinal as usize)
    }

    /// The ordinal of an organisation's code.
    #[must_use]
    pub fn org_by_code(&self, code: &str) -> Option<u32> {
        self.org_codes.get(code).copied()
    }

    /// The ordinal of an organisation's code or of its Chinese name, if no other has the same.
    #[must_use]
    pub fn org_by_code_or_name(&self, text: &str) -> Option<u32> {
        self.org_by_code(text)
            .or_else(|| self.org_names.get(text).copied().flatten())
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Arc<OrgTree> {
        &self.tree
    }

    /// What followed the organisation of a key.
    #[must_use]
    pub fn successors(&self, org: i64) -> &[org_succession::Model] {
        self.successors.get(&org).map_or(&[], Vec::as_slice)
    }

    /// What the organisation of a key followed.
    #[must_use]
    pub fn predecessors(&self, org: i64) -> &[org_succession::Model] {
        self.predecessors.get(&org).map_or(&[], Vec::as_slice)
    }

    /// The unit of a key.
    #[must_use]
    pub fn unit(&self, id: i64) -> Option<&unit::Model> {
        self.units.get(&id)
    }

    /// The unit that a sheet's word or a code means.
    #[must_use]
    pub fn unit_by_word(&self, word: &str) -> Option<&unit::Model> {
        self.unit_words.get(word).and_then(|id| self.units.get(id))
    }

    /// All units.
    pub fn units(&self) -> impl Iterator<Item = &unit::Model> {
        self.units.values()
    }

    /// The theme of a key.
    #[must_use]
    pub fn theme(&self, id: i64) -> Option<&theme::Model> {
        self.themes.get(&id)
    }

    /// All themes.
    pub fn themes(&self) -> impl Iterator<Item = &theme::Model> {
        self.themes.values()
    }

    /// The breakdown of a key.
    #[must_use]
    pub fn breakdown(&self, id: i64) -> Option<&breakdown::Model> {
        self.breakdowns.get(&id)
    }

    /// All breakdowns.
    pub fn breakdowns(&self) -> impl Iterator<Item = &breakdown::Model> {
        self.breakdowns.values()
    }

    /// The breakdown item of a key.
    #[must_use]
    pub fn item(&self, id: i64) -> Option<&breakdown_item::Model> {
        self.items.get(&id)
    }

    /// The code of an item, as `case_type=civil`.
    #[must_use]
    pub fn item_code(&self, id: i64) -> Option<String> {
        let item = self.item(id)?;
        Some(format!("{}={}", self.breakdown(item.breakdown_id)?.code, item.code))
    }

    /// The item of a code such as `case_type=civil`.
    #[must_use]
    pub fn item_by_code(&self, code: &str) -> Option<&breakdown_item::Model> {
        let (breakdown, item) = code.split_once('=')?;
        let breakdown = self.breakdowns().find(|row| row.code == breakdown)?;
        self.items()
            .find(|row| row.breakdown_id == breakdown.id && row.code == item)
    }

    /// All breakdown items.
    pub fn items(&self) -> impl Iterator<Item = &breakdown_item::Model> {
        self.items.values()
    }

    /// The indicators as calculations see them.
    #[must_use]
    pub fn specs(&self) -> &Indicators {
        &self.specs
    }
}

/// Base units in one of `unit`.
///
/// # Errors
/// [`Error::Internal`] when the stored text is not a number.
pub fn scale(unit: &unit::Model) -> Result<Decimal, Error> {
    unit.scale.parse().map_err(Error::internal)
}
