//! Values of arguments, as far as the library of the rules lets them through: variables that may not stand where they stand ("all variable usages are allowed";
//! it does not look into lists and objects, and takes a default of null for one that gives a value), fields of an object that stand twice, and periods and times
//! that are none. What is wrong here is told before anything runs.

use std::collections::HashSet;

use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Type, Value, VariableDefinition};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::parser::types::{self as parser, BaseType, OperationDefinition};
use async_graphql::{Pos, ServerError, Value as ConstValue, Variables};

use super::scalar;
use crate::error::Error;

/// What is wrong with the arguments of a document that is valid otherwise; in the order of the text.
pub(super) fn faults(schema: &Valid<Schema>, document: &Valid<ExecutableDocument>) -> Vec<ServerError> {
    let mut faults = Vec::new();
    for operation in document.operations.iter() {
        let mut arguments = Arguments {
            schema,
            document,
            operation,
            entered: HashSet::new(),
            faults: Vec::new(),
        };
        arguments.directives(&operation.directives);
        arguments.selections(&operation.selection_set);
        faults.extend(arguments.faults);
    }
    faults.sort_by_key(|fault: &ServerError| fault.locations.first().map(|at| (at.line, at.column)));
    faults
}

struct Arguments<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    operation: &'a Operation,
    /// Fragments that were looked at: they say the same wherever they are spread.
    entered: HashSet<&'a Name>,
    faults: Vec<ServerError>,
}

impl<'a> Arguments<'a> {
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|_| self.entered.insert(&spread.fragment_name)) {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        let schema = self.schema;
        for directive in directives.iter() {
            if let Some(definition) = schema.directive_definitions.get(&directive.name) {
                self.arguments(&definition.arguments, &directive.arguments);
            }
        }
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>], arguments: &[Node<Argument>]) {
        for argument in arguments {
            if let Some(place) = definitions.iter().find(|place| place.name == argument.name) {
                self.value(&place.ty, place.default_value.is_some(), &argument.value);
            }
        }
    }

    /// A value where `ty` belongs.
    fn value(&mut self, ty: &Type, has_default: bool, value: &Node<Value>) {
        match &**value {
            Value::Variable(name) => {
                let variable = self.operation.variables.iter().find(|variable| variable.name == *name);
                if let Some(variable) = variable.filter(|variable| !may_stand(variable, ty, has_default)) {
                    let fault = format!(
                        "Variable \"${name}\" of type \"{}\" used in position expecting type \"{ty}\".",
                        variable.ty
                    );
                    self.faults.push(self.told(fault, value));
                }
            }
            Value::List(items) => {
                // A scalar of ours may take a list.
                let of = if ty.is_list() {
                    ty.item_type().clone()
                } else {
                    ty.clone().nullable()
                };
                for item in items {
                    self.value(&of, false, item);
                }
            }
            Value::Object(fields) => {
                let schema = self.schema;
                let Some(object) = schema.get_input_object(ty.inner_named_type()) else {
                    return;
                };
                let mut names = HashSet::new();
                for (name, value) in fields {
                    if !names.insert(name) {
                        let fault = format!("There can be only one input field named \"{name}\".");
                        self.faults.push(self.told(fault, value));
                    }
                    if let Some(place) = object.fields.get(name) {
                        self.value(&place.ty, place.default_value.is_some(), value);
                    }
                }
            }
            literal => {
                if let Err(error) = scalar::check(ty.inner_named_type(), &plain(literal)) {
                    let at = self.at(value).unwrap_or_default();
                    self.faults
                        .push(async_graphql::Error::from(error).into_server_error(at));
                }
            }
        }
    }

    fn told(&self, fault: String, value: &Node<Value>) -> ServerError {
        ServerError::new(fault, self.at(value))
    }

    fn at(&self, value: &Node<Value>) -> Option<Pos> {
        let at = value.line_column_range(&self.document.sources)?;
        Some(Pos {
            line: at.start.line,
            column: at.start.column,
        })
    }
}

/// A literal as a value; of what is no text its kind alone.
fn plain(literal: &Value) -> ConstValue {
    match literal {
        Value::Null => ConstValue::Null,
        Value::String(text) => ConstValue::String(text.clone()),
        Value::Boolean(value) => ConstValue::Boolean(*value),
        Value::Enum(name) => ConstValue::Enum(async_graphql::Name::new(name)),
        _ => ConstValue::from(0),
    }
}

/// Checks the periods and times in the values of an operation's variables, however deep.
///
/// # Errors
/// [`Error::Input`] names the first that is none.
pub(super) fn values(schema: &Schema, operation: &OperationDefinition, variables: &Variables) -> Result<(), Error> {
    for definition in &operation.variable_definitions {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        let Some(value) = variables.get(name) else { continue };
        within(schema, named(kind), value).map_err(|error| match error {
            Error::Input { message, hint } => Error::Input {
                message: format!("the variable `${name}`: {message}"),
                hint,
            },
            other => other,
        })?;
    }
    Ok(())
}

/// A type without its lists.
fn named(kind: &parser::Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// A value of a type, or a list of them.
fn within(schema: &Schema, named: &str, value: &ConstValue) -> Result<(), Error> {
    match value {
        ConstValue::List(items) => items.iter().try_for_each(|item| within(schema, named, item)),
        ConstValue::Object(fields) => {
            let Some(object) = schema.get_input_object(named) else {
                return scalar::check(named, value);
            };
            for (name, field) in fields {
                if let Some(place) = object.fields.get(name.as_str()) {
                    within(schema, place.ty.inner_named_type(), field)?;
                }
            }
            Ok(())
        }
        single => scalar::check(named, single),
    }
}

/// Null in the variable is no null in the place: it is refused, or a default stands in for what was left out.
fn may_stand(variable: &VariableDefinition, place: &Type, has_default: bool) -> bool {
    let gives_value = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
    if place.is_non_null() && !variable.ty.is_non_null() && (gives_value || has_default) {
        return variable.ty.is_assignable_to(&place.clone().nullable());
    }
    variable.ty.is_assignable_to(place)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    const SCHEMA: &str = "type Query { one(n: Int!): Int all(of: [Int!], from: Place, far: [[Place!]]): Int }
        input Place { code: String! at: [Int!] within: Place kind: Int! = 1 }";

    fn found(query: &str) -> Vec<(String, usize, usize)> {
        let schema = Schema::parse_and_validate(SCHEMA, "schema").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, query, "query").unwrap();
        let told = |fault: ServerError| (fault.message, fault.locations[0].line, fault.locations[0].column);
        faults(&schema, &document).into_iter().map(told).collect()
    }

    #[test]
    fn a_variable_that_may_be_null_stands_nowhere_where_null_may_not() {
        for (query, column) in [
            ("query ($n: Int) { all(of: [1, $n]) }", 31),
            ("query ($n: Int = null) { one(n: $n) }", 33),
            ("query ($c: String) { all(from: { code: $c }) }", 40),
            ("query ($c: String!, $n: Int) { all(from: { code: $c, at: [$n] }) }", 59),
            (
                "query ($c: Int) { all(from: { code: \"\", within: { code: \"\", at: [0, $c] } }) }",
                69,
            ),
            ("query ($p: Place) { all(far: [[$p]]) }", 32),
            ("query ($n: [Int]) { all(from: { code: \"\", at: $n }) }", 47),
            ("query ($n: Int) { ...f } fragment f on Query { all(of: [$n]) }", 57),
            ("query ($b: Boolean = null) { one(n: 1) @skip(if: $b) }", 50),
            ("query ($b: Boolean = null) { ... @skip(if: $b) { one(n: 1) } }", 44),
        ] {
            let found = found(query);
            assert_eq!(
                found.iter().map(|fault| (fault.1, fault.2)).collect::<Vec<_>>(),
                [(1, column)],
                "{query}"
            );
        }
        let told = "Variable \"$n\" of type \"[Int]\" used in position expecting type \"[Int!]\".";
        assert_eq!(
            found("query ($n: [Int]) { all(from: { code: \"\", at: $n }) }")[0].0,
            told
        );
    }

    #[test]
    fn what_cannot_be_null_there_stands() {
        for query in [
            "query ($n: Int!) { all(of: [1, $n]) }",
            "query ($n: Int = 2) { all(of: [$n]) one(n: $n) }",
            "query ($n: [Int!]) { all(of: $n, from: { code: \"\", at: $n }) }",
            "query ($k: Int) { all(from: { code: \"\", kind: $k }) }",
            "query ($p: Place!, $q: [Place!]) { all(far: [[$p], $q]) }",
        ] {
            assert_eq!(found(query), [], "{query}");
        }
    }

    #[test]
    fn a_field_of_an_object_stands_once() {
        let found = found("{ all(from: { code: \"\", at: [1], at: [2] }) }");
        let told = "There can be only one input field named \"at\".";
        assert_eq!(found, [(told.to_owned(), 1, 38)]);
    }

    #[test]
    fn periods_and_times_are_read_before_anything_runs() {
        const OF: &str =
            "scalar Period scalar DateTime type Query { a(at: Period, of: [Place!], all: [[Period!]!]): Int }
            input Place { from: Period! asOf: DateTime within: [Place!] }";
        let schema = Schema::parse_and_validate(OF, "schema").unwrap();
        let literal = |query: &str| {
            let document = ExecutableDocument::parse_and_validate(&schema, query, "query").unwrap();
            faults(&schema, &document).len()
        };
        assert_eq!(literal("{ a(at: \"2021-Q3\", all: [\"2021\", [\"2021-09\"]]) }"), 0);
        assert_eq!(
            literal("{ a(at: null, of: { from: \"2021\", asOf: \"2026-01-31T08:30:00Z\" }) }"),
            0
        );
        assert_eq!(
            literal("{ a(at: \"zz\", of: [{ from: 2021, asOf: \"today\" }], all: [[\"2021-13\"]]) }"),
            4
        );
        let variable = |query: &str, sent: ConstValue| {
            let document = async_graphql::parser::parse_query(query).unwrap();
            let (_, operation) = document.operations.iter().next().unwrap();
            values(&schema, &operation.node, &Variables::from_value(sent)).map_err(|error| error.to_string())
        };
        let query = "query ($at: Period, $of: [Place!], $all: [[Period!]!]) { a(at: $at, of: $of, all: $all) }";
        let good =
            value!({ "at": "2021", "of": [{ "from": "2021", "within": [{ "from": "2022" }] }], "all": ["2021"] });
        assert_eq!(variable(query, good), Ok(()));
        for bad in [
            value!({ "at": "zz" }),
            value!({ "at": 2021 }),
            value!({ "of": { "from": "2021", "within": { "from": "2022", "asOf": "x" } } }),
            value!({ "all": [["2021"], ["x"]] }),
        ] {
            let told = variable(query, bad).unwrap_err();
            assert!(told.contains("the variable `$"), "{told}");
        }
    }

    #[test]
    fn each_operation_and_each_place_is_looked_at() {
        let found = found(
            "query a ($n: Int) { all(of: [$n]) ...f }\nquery b ($n: Int!) { ...f }\nfragment f on Query { x: all(of: [$n]) ...g }\nfragment g on Query { y: all(of: [$n]) }",
        );
        assert_eq!(found.iter().map(|fault| fault.1).collect::<Vec<_>>(), [1, 3, 4]);
    }
}
