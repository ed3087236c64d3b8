//! An operation as it runs: what the specification calls collecting fields, done once for all of it. Each key stands once, with all that is asked for under it;
//! fragments and directives are worked out, with the defaults of variables. So written the library answers as the specification has it, where it would
//!
//! - take a variable that was left out for null, where a default holds;
//! - take a variable of `@skip` and `@include` that was left out for null, though it has a default, and not look at directives of `__typename`;
//! - resolve a field as often as it is asked for, and lose all but the first of rows that are text already;
//! - give null for an object of which nothing is selected. A field that is taken out of the answer again shows that it is there.

use std::collections::{HashMap, HashSet};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment, OperationDefinition,
    OperationType, Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Pos, Positioned, Value, Variables};

use super::given::given;
use super::nulls::Nulls;
use super::order::{MARK, Order, Part};
use super::types::Types;

const TYPE_NAME: &str = "__typename";

/// A valid operation alone, collected, and the order of its answer. `variables` have their defaults.
pub(super) fn collect(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
    types: &Types,
) -> (ExecutableDocument, Order) {
    let mut collector = Collector {
        fragments: &document.fragments,
        variables,
        types,
        used: HashSet::new(),
    };
    let OperationDefinition { ty, selection_set, .. } = &operation.node;
    let (set, order) = collector.selection(&[selection_set], root(*ty));
    let mut alone = OperationDefinition {
        ty: *ty,
        variable_definitions: operation.node.variable_definitions.clone(),
        directives: Vec::new(),
        selection_set: set,
    };
    // The library refuses those that nothing asks for any more.
    let used = &collector.used;
    alone
        .variable_definitions
        .retain(|definition| used.contains(&definition.node.name.node));
    let document = ExecutableDocument {
        operations: DocumentOperations::Single(Positioned::new(alone, operation.pos)),
        fragments: HashMap::new(),
    };
    (document, order)
}

fn root(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// Sets of the same object, to be put together.
type Sets<'a> = [&'a Positioned<SelectionSet>];
/// Fields by their keys.
type Found<'a> = IndexMap<Name, Vec<&'a Positioned<Field>>>;

struct Collector<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    types: &'a Types,
    /// Variables in the arguments of what is left.
    used: HashSet<Name>,
}

impl<'a> Collector<'a> {
    /// What is selected of an object of `of`, and in which order.
    fn selection(&mut self, sets: &Sets<'a>, of: &str) -> (Positioned<SelectionSet>, Order) {
        let at = sets.first().map(|set| set.pos).unwrap_or_default();
        let Some(several) = self.types.possible(of) else {
            let (mut items, order) = self.fields(sets, of);
            if items.is_empty() && of != root(OperationType::Subscription) {
                items.push(mark(at));
            }
            return (Positioned::new(SelectionSet { items }, at), order);
        };
        // The mark tells of which type the object is.
        let (mut items, mut orders) = (vec![mark(at)], HashMap::new());
        for own in several {
            let (fields, order) = self.fields(sets, own);
            orders.insert(own.clone(), order);
            if !fields.is_empty() {
                items.push(on(own, fields, at));
            }
        }
        (Positioned::new(SelectionSet { items }, at), Order::Types(orders))
    }

    fn fields(&mut self, sets: &Sets<'a>, of: &str) -> (Vec<Positioned<Selection>>, Order) {
        let (mut found, mut entered) = (Found::new(), HashSet::new());
        for set in sets {
            self.gather(&set.node, of, &mut found, &mut entered);
        }
        let (mut items, mut orders) = (Vec::with_capacity(found.len()), IndexMap::with_capacity(found.len()));
        for (key, asked) in found {
            let Some(first) = asked.first() else {
                continue;
            };
            let arguments = given(&first.node.arguments, self.variables, &mut self.used);
            let sets: Vec<_> = asked.iter().map(|field| &field.node.selection_set).collect();
            let given = self.types.field(of, &first.node.name.node);
            let nulls = match first.node.name.node.as_str() {
                TYPE_NAME => Nulls::NONE,
                _ => given.map_or_else(Nulls::default, |given| given.nulls),
            };
            let (selection_set, order) = if first.node.selection_set.node.items.is_empty() {
                Default::default()
            } else {
                self.selection(&sets, given.map_or("", |given| given.name.as_str()))
            };
            let field = Field {
                alias: first.node.alias.clone(),
                name: first.node.name.clone(),
                arguments,
                directives: Vec::new(),
                selection_set,
            };
            items.push(Positioned::new(
                Selection::Field(Positioned::new(field, first.pos)),
                first.pos,
            ));
            orders.insert(key.to_string(), Part { nulls, order });
        }
        (items, Order::Keys(orders))
    }

    /// The fields of a set in the order in which they are met, each fragment entered once.
    fn gather(&self, set: &'a SelectionSet, of: &str, found: &mut Found<'a>, entered: &mut HashSet<&'a str>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if self.is_taken(&field.node.directives) => {
                    let key = field.node.response_key().node.clone();
                    found.entry(key).or_default().push(field);
                }
                Selection::InlineFragment(fragment) if self.is_taken(&fragment.node.directives) => {
                    let on = fragment.node.type_condition.as_ref();
                    if on.is_none_or(|on| self.types.is_of(of, &on.node.on.node)) {
                        self.gather(&fragment.node.selection_set.node, of, found, entered);
                    }
                }
                Selection::FragmentSpread(spread) if self.is_taken(&spread.node.directives) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.fragments.get(name)
                        && entered.insert(name)
                        && self.types.is_of(of, &fragment.node.type_condition.node.on.node)
                    {
                        self.gather(&fragment.node.selection_set.node, of, found, entered);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether directives let be what they stand at.
    fn is_taken(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().all(|directive| {
            let wanted = match directive.node.name.node.as_str() {
                "skip" => false,
                "include" => true,
                _ => return true,
            };
            let value = directive.node.get_argument("if").map(|value| value.node.clone());
            let value = value.and_then(|value| {
                let value = value.into_const_with(|name| self.variables.get(&name).cloned().ok_or(()));
                value.ok()
            });
            (value == Some(Value::Boolean(true))) == wanted
        })
    }
}

/// The field that shows that an object is there, and its type.
fn mark(at: Pos) -> Positioned<Selection> {
    let field = Field {
        alias: Some(Positioned::new(Name::new(MARK), at)),
        name: Positioned::new(Name::new(TYPE_NAME), at),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::default(),
    };
    Positioned::new(Selection::Field(Positioned::new(field, at)), at)
}

/// Fields of objects of one type.
fn on(name: &str, items: Vec<Positioned<Selection>>, at: Pos) -> Positioned<Selection> {
    let condition = TypeCondition {
        on: Positioned::new(Name::new(name), at),
    };
    let fragment = InlineFragment {
        type_condition: Some(Positioned::new(condition, at)),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, at),
    };
    Positioned::new(Selection::InlineFragment(Positioned::new(fragment, at)), at)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::super::given::fill;
    use super::*;

    fn collected(query: &str, variables: Value) -> (ExecutableDocument, Order) {
        let document = async_graphql::parser::parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut variables = Variables::from_value(variables);
        fill(&operation.node, &mut variables);
        collect(&document, operation, &variables, &Types::default())
    }

    fn arranged(query: &str, mut value: Value) -> String {
        collected(query, value!({})).1.arrange(&mut value);
        value.to_string()
    }

    /// The keys of what is left, and of what is inside.
    fn keys(set: &SelectionSet) -> Vec<String> {
        let keys = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => {
                let inner = keys(&field.node.selection_set.node).join(" ");
                format!("{}{{{inner}}}", field.node.response_key().node).replace("{}", "")
            }
            other => panic!("{other:?}"),
        });
        keys.collect()
    }

    fn left(query: &str, variables: Value) -> String {
        let (document, _) = collected(query, variables);
        let (_, operation) = document.operations.iter().next().unwrap();
        let defined = operation.node.variable_definitions.iter();
        let defined: Vec<&str> = defined.map(|definition| definition.node.name.node.as_str()).collect();
        format!(
            "{} {}",
            defined.join(" "),
            keys(&operation.node.selection_set.node).join(" ")
        )
    }

    #[test]
    fn keys_follow_the_query_through_lists_aliases_and_fragments() {
        let query = "{ b: x a { ...f c } } fragment f on T { d e } ";
        let value = value!({ "a": [{ "c": 1, "e": 2, "d": 3 }, { "d": 1, "c": 2 }], "b": 0 });
        assert_eq!(arranged(query, value), "{b: 0, a: [{d: 3, e: 2, c: 1}, {d: 1, c: 2}]}");
    }

    #[test]
    fn a_field_that_is_asked_twice_stands_where_it_is_asked_first() {
        assert_eq!(
            arranged("{ a { x } b a { y } }", value!({ "b": 1, "a": { "y": 1, "x": 2 } })),
            "{a: {x: 2, y: 1}, b: 1}"
        );
    }

    #[test]
    fn a_field_is_asked_for_once_with_all_that_is_wanted_of_it() {
        let query = "{ a { x } ...f a { y ... { z x } } } fragment f on T { a { y w } b }";
        assert_eq!(left(query, value!({})), " a{x y w z} b");
    }

    #[test]
    fn directives_are_worked_out_with_the_defaults_of_variables() {
        let query =
            "query ($s: Boolean = true, $n: Int) { a @skip(if: $s) b @include(if: $s) c(n: [$n]) @skip(if: false) }";
        assert_eq!(left(query, value!({})), " b c");
        assert_eq!(left(query, value!({ "s": false, "n": 1 })), "n a c");
        let named = "query ($s: Boolean!) { __typename @skip(if: $s) ...f @include(if: $s) } fragment f on T { a }";
        assert_eq!(left(named, value!({ "s": true })), " a");
        assert_eq!(left(named, value!({ "s": false })), " __typename");
    }

    #[test]
    fn an_object_of_which_nothing_is_selected_is_there() {
        assert_eq!(left("{ a { b @skip(if: true) } }", value!({})), " a{ }");
        let nothing = value!({ "a": [{ " ": "T" }, null] });
        assert_eq!(arranged("{ a { b @skip(if: true) } }", nothing), "{a: [{}, null]}");
    }
}
