//! What an operation costs, every fragment counted once.
//!
//! A fragment that spreads another twice, 25 levels deep, is a kilobyte of text and 2²⁵ fields: whoever walks the spreads is lost, so costs are kept by
//! fragment and added.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value, Variables};

use crate::config::Graphql;
use crate::error::Error;

/// Fields that give a page, also where its size is left out.
const PAGES: &[&str] = &[
    "auditEvents",
    "children",
    "effects",
    "evaluationRuns",
    "importBatches",
    "indicators",
    "observations",
    "orgUnits",
    "problems",
    "submissions",
];
/// Fields that give rows written as text, and the argument that tells how many at most.
const TABLES: [(&str, &str, Option<u64>); 2] = [
    ("observationTable", "limit", None),
    ("observationRows", "first", Some(5000)),
];
/// Cells of such rows that cost as much as one field.
const CELLS_A_FIELD: u64 = 100;
/// Fields of one name in one place: all of them are one field of the answer, and each is checked alone.
const MOST_EQUAL: u64 = 100;
/// What a question about the whole schema costs, in fields: its answer is that long.
const SCHEMA: u64 = 4000;
/// What a question about one type of the schema costs, in fields.
const TYPE: u64 = 400;
/// Lists of types inside lists of types, in a question about the schema.
const LISTS_OF_TYPES: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// Directives of an operation: the library lets others pass.
const DIRECTIVES: [&str; 2] = ["include", "skip"];

/// What a selection costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Levels.
    pub(super) depth: u64,
    /// Fields, each as often as its page may repeat it.
    pub(super) fields: u64,
    /// Fields and spreads as often as they are walked when they are checked: once each, and again at each spread.
    pub(super) steps: u64,
    /// Fields under another name.
    pub(super) aliases: u64,
    /// Directives.
    pub(super) directives: u64,
    /// Lists of types of the schema inside each other.
    pub(super) types: u64,
}

impl Cost {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            steps: self.steps.saturating_add(other.steps),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            types: self.types.max(other.types),
        }
    }
}

/// Adds up costs, each fragment once.
pub(super) struct Meter<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    page: u64,
    /// A larger page is refused where it is read, with a better word than its cost.
    largest: u64,
    /// Rows of a table at most.
    table: u64,
    /// `None` while a fragment is being counted: meeting it then is a circle.
    known: HashMap<&'a str, Option<Cost>>,
    /// A directive that does not exist.
    strange: Option<&'a Positioned<Directive>>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(
        fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
        variables: &'a Variables,
        limits: &Graphql,
    ) -> Self {
        Self {
            fragments,
            variables,
            page: limits.default_page,
            largest: limits.max_page.max(1),
            table: limits.max_table_rows.max(1),
            known: HashMap::new(),
            strange: None,
        }
    }

    /// A directive that does not exist, of those that were counted.
    pub(super) fn strange(&self) -> Option<&'a Positioned<Directive>> {
        self.strange
    }

    /// One step and its directives.
    fn step(&mut self, directives: &'a [Positioned<Directive>]) -> Cost {
        Cost {
            steps: 1,
            directives: self.directives(directives),
            ..Cost::default()
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> u64 {
        let is_strange = |directive: &&Positioned<Directive>| !DIRECTIVES.contains(&directive.node.name.node.as_str());
        self.strange = self.strange.or_else(|| directives.iter().find(is_strange));
        directives.len() as u64
    }

    pub(super) fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Cost, Error> {
        let inside = self.selection_set(&operation.selection_set)?;
        let mut directives = self.directives(&operation.directives);
        for variable in &operation.variable_definitions {
            directives = directives.saturating_add(self.directives(&variable.node.directives));
        }
        Ok(Cost {
            directives: inside.directives.saturating_add(directives),
            ..inside
        })
    }

    /// Fragments that no operation spreads are walked as well when a document is checked.
    pub(super) fn rest(&mut self) -> Result<(), Error> {
        for name in self.fragments.keys() {
            self.fragment(name.as_str())?;
        }
        Ok(())
    }

    fn selection_set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Cost, Error> {
        let mut cost = Cost::default();
        let mut equal: HashMap<&str, u64> = HashMap::new();
        for selection in &set.node.items {
            if let Selection::Field(field) = &selection.node {
                let asked = equal.entry(field.node.response_key().node.as_str()).or_default();
                *asked += 1;
                if *asked > MOST_EQUAL {
                    return Err(Error::Limit {
                        what: "a number of fields of one name in one place",
                        asked: *asked,
                        allowed: MOST_EQUAL,
                        hint: "ask for it once: equal fields are one field of the answer",
                    });
                }
            }
            cost = cost.beside(match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => {
                    let inside = self.selection_set(&fragment.node.selection_set)?;
                    inside.beside(self.step(&fragment.node.directives))
                }
                Selection::FragmentSpread(spread) => {
                    let inside = self.fragment(spread.node.fragment_name.node.as_str())?;
                    inside.beside(self.step(&spread.node.directives))
                }
            });
        }
        Ok(cost)
    }

    fn fragment(&mut self, name: &str) -> Result<Cost, Error> {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Cost::default());
        };
        match self.known.get(name.as_str()) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                return Err(Error::input(
                    format!("fragment `{name}` spreads itself"),
                    "take the circle out of the fragments",
                ));
            }
            None => {}
        }
        self.known.insert(name.as_str(), None);
        let inside = self.selection_set(&fragment.node.selection_set)?;
        let cost = Cost {
            directives: inside
                .directives
                .saturating_add(self.directives(&fragment.node.directives)),
            ..inside
        };
        self.known.insert(name.as_str(), Some(cost));
        Ok(cost)
    }

    fn field(&mut self, field: &'a Field) -> Result<Cost, Error> {
        let inside = self.selection_set(&field.selection_set)?;
        let name = field.name.node.as_str();
        let itself = match name {
            "__schema" => SCHEMA,
            "__type" => TYPE,
            _ => 1,
        };
        Ok(Cost {
            depth: inside.depth.saturating_add(1),
            fields: self.repeated(field, inside.fields).saturating_add(itself),
            aliases: inside.aliases.saturating_add(u64::from(field.alias.is_some())),
            types: inside.types + u64::from(LISTS_OF_TYPES.contains(&name)),
            ..inside.beside(self.step(&field.directives))
        })
    }

    /// What a field's inside costs as often as it is repeated, as far as the query tells.
    fn repeated(&self, field: &Field, inside: u64) -> u64 {
        let name = field.name.node.as_str();
        if let Some((_, argument, usual)) = TABLES.iter().find(|(known, ..)| *known == name) {
            let rows = self
                .size(field, argument)
                .or(*usual)
                .unwrap_or(self.table)
                .clamp(1, self.table);
            return inside.saturating_mul(rows).div_ceil(CELLS_A_FIELD);
        }
        // Whatever takes a size gives a list of it.
        let is_page = PAGES.contains(&name);
        let rows = self.size(field, "first").or_else(|| self.size(field, "last"));
        let rows = rows.unwrap_or(if is_page { self.page } else { 1 });
        inside.saturating_mul(rows.clamp(1, self.largest))
    }

    /// The number that an argument gives.
    fn size(&self, field: &Field, name: &str) -> Option<u64> {
        let argument = field.get_argument(name)?.node.clone();
        let value = argument
            .into_const_with(|variable| self.variables.get(&variable).cloned().ok_or(()))
            .ok()?;
        if let Value::Number(number) = value {
            number.as_u64()
        } else {
            None
        }
    }
}
