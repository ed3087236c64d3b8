//! The document guard: depth, cost and aliases of a query before it runs, every fragment counted once.
//!
//! A fragment that spreads another twice, 25 levels deep, is a kilobyte of text and 2²⁵ fields: whoever walks the spreads is lost, so costs are kept by
//! fragment and multiplied.

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Request, Response, Value, Variables};

use super::failure;
use crate::config::Graphql;
use crate::error::Error;

/// Brackets inside each other at most: the parser must not run out of stack before the depth can be counted.
const MOST_BRACKETS: u64 = 200;

/// Fields that give a page.
const PAGES: [&str; 4] = ["children", "indicators", "observations", "orgUnits"];

/// What a selection costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    depth: u64,
    fields: u64,
    aliases: u64,
}

impl Cost {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
        }
    }
}

/// The parsed document of a query that is neither too deep nor too dear; a response for what is not GraphQL.
pub(super) fn check(request: &Request, limits: &Graphql) -> Result<Result<ExecutableDocument, Response>, Error> {
    let brackets = nesting(&request.query);
    if brackets > MOST_BRACKETS {
        return Err(Error::Limit {
            what: "nesting",
            asked: brackets,
            allowed: MOST_BRACKETS,
            hint: "ask for less at a time",
        });
    }
    let document = match async_graphql::parser::parse_query(&request.query) {
        Ok(document) => document,
        Err(error) => return Ok(Err(failure::parse_error(error))),
    };
    let mut meter = Meter {
        fragments: &document.fragments,
        variables: &request.variables,
        page: limits.default_page,
        largest: limits.max_page,
        known: HashMap::new(),
    };
    let mut cost = Cost::default();
    for selection in operations(&document, request.operation_name.as_deref()) {
        cost = cost.beside(meter.selection_set(selection)?);
    }
    for (what, asked, allowed, hint) in [
        ("depth", cost.depth, limits.max_depth, "ask for fewer levels at a time"),
        (
            "cost",
            cost.fields,
            limits.max_complexity,
            "ask for fewer fields or smaller pages",
        ),
        (
            "number of aliases",
            cost.aliases,
            limits.max_aliases,
            "send several queries, or select by a list of codes",
        ),
    ] {
        if asked > allowed {
            return Err(Error::Limit {
                what,
                asked,
                allowed,
                hint,
            });
        }
    }
    Ok(Ok(document))
}

/// The operation that would run; all of them where that is not clear, which the library then refuses.
fn operations<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Vec<&'a Positioned<SelectionSet>> {
    match &document.operations {
        DocumentOperations::Single(operation) => vec![&operation.node.selection_set],
        DocumentOperations::Multiple(operations) => operations
            .iter()
            .filter(|(operation, _)| name.is_none_or(|name| operation.as_str() == name))
            .map(|(_, operation)| &operation.node.selection_set)
            .collect(),
    }
}

/// Brackets inside each other, strings and comments left out.
fn nesting(query: &str) -> u64 {
    let (mut depth, mut deepest) = (0u64, 0u64);
    let mut bytes = query.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => while bytes.next_if(|byte| *byte != b'\n').is_some() {},
            _ => {}
        }
    }
    deepest
}

/// Adds up costs, each fragment once.
struct Meter<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    page: u64,
    /// A larger page is refused where it is read, with a better word than its cost.
    largest: u64,
    /// `None` while a fragment is being counted: meeting it then is a circle.
    known: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Meter<'a> {
    fn selection_set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Cost, Error> {
        let mut cost = Cost::default();
        for selection in &set.node.items {
            cost = cost.beside(match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set)?,
                Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str())?,
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
        let cost = self.selection_set(&fragment.node.selection_set)?;
        self.known.insert(name.as_str(), Some(cost));
        Ok(cost)
    }

    fn field(&mut self, field: &'a Field) -> Result<Cost, Error> {
        let inside = self.selection_set(&field.selection_set)?;
        let rows = self.rows(field);
        Ok(Cost {
            depth: inside.depth.saturating_add(1),
            fields: inside.fields.saturating_mul(rows).saturating_add(1),
            aliases: inside.aliases.saturating_add(u64::from(field.alias.is_some())),
        })
    }

    /// How often a field's inside is repeated, as far as the query tells.
    fn rows(&self, field: &Field) -> u64 {
        if !PAGES.contains(&field.name.node.as_str()) {
            return 1;
        }
        let size = |name: &str| {
            let argument = field.get_argument(name)?.node.clone();
            let value = argument
                .into_const_with(|variable| self.variables.get(&variable).cloned().ok_or(()))
                .ok()?;
            if let Value::Number(number) = value {
                number.as_u64()
            } else {
                None
            }
        };
        size("first")
            .or_else(|| size("last"))
            .unwrap_or(self.page)
            .clamp(1, self.largest.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Graphql {
        Graphql {
            max_depth: 10,
            max_complexity: 1000,
            max_aliases: 5,
            default_page: 50,
            max_page: 500,
            max_cells: 100,
            max_search: 1,
            introspection: true,
        }
    }

    fn refused(query: &str) -> Option<Error> {
        check(&Request::new(query), &limits()).err()
    }

    fn is_limit(query: &str, limit: &str) -> bool {
        matches!(refused(query), Some(Error::Limit { what, .. }) if what == limit)
    }

    #[test]
    fn ordinary_queries_pass() {
        assert!(refused("{ indicators(first: 10) { nodes { code name } } }").is_none());
        assert!(refused("query ($n: Int) { indicators(first: $n) { nodes { code } } }").is_none());
    }

    #[test]
    fn deep_dear_and_aliased_queries_are_refused() {
        assert!(is_limit(&format!("{}a{}", "{a".repeat(20), "}".repeat(20)), "depth"));
        assert!(is_limit("{ observations(first: 500) { nodes { a b c } } }", "cost"));
        assert!(is_limit("{ a: x b: x c: x d: x e: x f: x }", "number of aliases"));
        assert!(is_limit(&"{a".repeat(10_000), "nesting"));
        assert!(is_limit(
            &format!("{{ a(b: {}1{}) }}", "[".repeat(300), "]".repeat(300)),
            "nesting"
        ));
    }

    #[test]
    fn doubling_fragments_are_counted_once_and_refused_at_once() {
        let mut query = "{ ...f0 }".to_owned();
        for level in 0..25 {
            query.push_str(&format!(
                " fragment f{level} on Query {{ ...f{next} ...f{next} }}",
                next = level + 1
            ));
        }
        query.push_str(" fragment f25 on Query { x }");
        assert!(is_limit(&query, "cost"));
    }

    #[test]
    fn circles_are_refused() {
        assert!(matches!(
            refused("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
            Some(Error::Input { .. })
        ));
    }

    #[test]
    fn a_text_that_is_not_graphql_is_a_parse_error() {
        assert!(matches!(check(&Request::new("{ a "), &limits()), Ok(Err(_))));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[{}()\\[\\]a-c.:\"# ]{0,200}") {
            let _ = check(&Request::new(text), &limits());
        }
    }
}
