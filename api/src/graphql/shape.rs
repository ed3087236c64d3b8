//! Which parts of a row a selection asks for: aliases, fragments, `@skip`, `@include` and `__typename` as the specification has them, worked out once for
//! all rows.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Directive, Field, Selection, SelectionSet};
use async_graphql::{ContextBase, Positioned, Value};

use crate::export::json::Shape;

/// A type of rows, as far as it can be written from columns.
pub(super) struct RowType {
    /// Its name.
    pub(super) name: &'static str,
    /// Its fields.
    pub(super) field: fn(&str) -> Option<Part>,
}

/// What a field of a row is.
pub(super) enum Part {
    /// The cell of a column.
    Cell(usize),
    /// A row inside the row.
    Row(&'static RowType),
}

/// What is asked for of each row. The query was checked before: what does not fit the type cannot occur and is left out.
pub(super) fn shape<T>(ctx: &ContextBase<'_, T>, sets: &[&SelectionSet], of: &RowType) -> Shape {
    let mut fields: IndexMap<String, Vec<&Field>> = IndexMap::new();
    for set in sets {
        gather(ctx, set, of.name, &mut fields);
    }
    let parts = fields.into_iter().filter_map(|(key, asked)| {
        let first = asked.first()?;
        let name = first.name.node.as_str();
        if name == "__typename" {
            return Some((key, Shape::Same(of.name.to_owned())));
        }
        let part = match (of.field)(name)? {
            Part::Cell(place) => Shape::Cell(place),
            Part::Row(inner) => {
                let sets: Vec<&SelectionSet> = asked.iter().map(|field| &field.selection_set.node).collect();
                shape(ctx, &sets, inner)
            }
        };
        Some((key, part))
    });
    Shape::Object(parts.collect())
}

/// The fields of a set by the key under which they answer; one that stands twice answers once.
fn gather<'a, T>(
    ctx: &'a ContextBase<'_, T>,
    set: &'a SelectionSet,
    name: &str,
    fields: &mut IndexMap<String, Vec<&'a Field>>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) if is_taken(ctx, &field.node.directives) => {
                let key = field.node.response_key().node.to_string();
                fields.entry(key).or_default().push(&field.node);
            }
            Selection::InlineFragment(fragment) if is_taken(ctx, &fragment.node.directives) => {
                let condition = fragment.node.type_condition.as_ref();
                if condition.is_none_or(|condition| condition.node.on.node.as_str() == name) {
                    gather(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
            Selection::FragmentSpread(spread) if is_taken(ctx, &spread.node.directives) => {
                let found = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                if let Some(fragment) = found
                    && fragment.node.type_condition.node.on.node.as_str() == name
                {
                    gather(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
            _ => {}
        }
    }
}

fn is_taken<T>(ctx: &ContextBase<'_, T>, directives: &[Positioned<Directive>]) -> bool {
    directives.iter().all(|directive| {
        let given = directive.node.get_argument("if").map(|value| value.node.clone());
        let variables = &ctx.query_env.variables;
        let value = given.and_then(|value| {
            value
                .into_const_with(|name| {
                    let definition = ctx.query_env.operation.node.variable_definitions.iter();
                    let mut definition = definition.filter(|definition| definition.node.name.node == name);
                    let default = || definition.next()?.node.default_value().cloned();
                    variables.get(&name).cloned().or_else(default).ok_or(())
                })
                .ok()
        });
        let is_true = value == Some(Value::Boolean(true));
        match directive.node.name.node.as_str() {
            "skip" => !is_true,
            "include" => is_true,
            _ => true,
        }
    })
}
