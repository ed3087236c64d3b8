//! Whether variables may stand where they stand ("all variable usages are allowed"). The library of the rules does not look into lists and objects, and takes a
//! default of null for one that gives a value.

use std::collections::HashSet;

use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Type, Value, VariableDefinition};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::{Pos, ServerError};

/// The variables of a document that is valid otherwise which may not stand where they do; in the order of the text.
pub(super) fn faults(schema: &Valid<Schema>, document: &Valid<ExecutableDocument>) -> Vec<ServerError> {
    let mut faults = Vec::new();
    for operation in document.operations.iter() {
        let mut usages = Usages {
            schema,
            document,
            operation,
            entered: HashSet::new(),
            faults: Vec::new(),
        };
        usages.directives(&operation.directives);
        usages.selections(&operation.selection_set);
        faults.extend(usages.faults);
    }
    faults.sort_by_key(|fault: &ServerError| fault.locations.first().map(|at| (at.line, at.column)));
    faults
}

struct Usages<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    operation: &'a Operation,
    /// Fragments that were looked at: they say the same wherever they are spread.
    entered: HashSet<&'a Name>,
    faults: Vec<ServerError>,
}

impl<'a> Usages<'a> {
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
                for (name, value) in fields {
                    if let Some(place) = object.fields.get(name) {
                        self.value(&place.ty, place.default_value.is_some(), value);
                    }
                }
            }
            _ => {}
        }
    }

    fn told(&self, fault: String, value: &Node<Value>) -> ServerError {
        let at = value.line_column_range(&self.document.sources);
        let pos = at.map(|at| Pos {
            line: at.start.line,
            column: at.start.column,
        });
        ServerError::new(fault, pos)
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
    fn each_operation_and_each_place_is_looked_at() {
        let found = found(
            "query a ($n: Int) { all(of: [$n]) ...f }\nquery b ($n: Int!) { ...f }\nfragment f on Query { x: all(of: [$n]) ...g }\nfragment g on Query { y: all(of: [$n]) }",
        );
        assert_eq!(found.iter().map(|fault| fault.1).collect::<Vec<_>>(), [1, 3, 4]);
    }
}
