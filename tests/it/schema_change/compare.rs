//! What in a schema would break clients that were written for an earlier one.

use std::collections::BTreeMap;

use async_graphql_parser::types::{
    BaseType, ConstDirective, DirectiveDefinition, FieldDefinition, InputValueDefinition, ServiceDocument, Type,
    TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql_parser::{Positioned, parse_schema};

type Named<'a, T> = BTreeMap<&'a str, &'a T>;

/// Every breaking change from one schema to the next, one line each, sorted; what the earlier one had deprecated may go.
///
/// # Panics
/// When one of them is no schema.
pub(super) fn breaking_changes(earlier: &str, later: &str) -> Vec<String> {
    let (earlier, later) = (parse_schema(earlier).unwrap(), parse_schema(later).unwrap());
    let mut found = Found::default();
    let (types, later_types) = (types(&earlier), types(&later));
    for (name, before) in &types {
        match later_types.get(name) {
            Some(after) => found.kind(name, before, after),
            None => found.tell(format!("{name}: the type is gone")),
        }
    }
    let (directives, later_directives) = (directives(&earlier), directives(&later));
    for (name, before) in &directives {
        match later_directives.get(name) {
            Some(after) => found.directive(name, before, after),
            None => found.tell(format!("@{name}: the directive is gone")),
        }
    }
    found.lines.sort();
    found.lines
}

fn types(document: &ServiceDocument) -> Named<'_, TypeDefinition> {
    let definitions = document.definitions.iter();
    definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(it) => Some((it.node.name.node.as_str(), &it.node)),
            _ => None,
        })
        .collect()
}

fn directives(document: &ServiceDocument) -> Named<'_, DirectiveDefinition> {
    let definitions = document.definitions.iter();
    definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Directive(it) => Some((it.node.name.node.as_str(), &it.node)),
            _ => None,
        })
        .collect()
}

fn fields(fields: &[Positioned<FieldDefinition>]) -> Named<'_, FieldDefinition> {
    fields.iter().map(|it| (it.node.name.node.as_str(), &it.node)).collect()
}

fn inputs(inputs: &[Positioned<InputValueDefinition>]) -> Named<'_, InputValueDefinition> {
    inputs.iter().map(|it| (it.node.name.node.as_str(), &it.node)).collect()
}

fn is_deprecated(directives: &[Positioned<ConstDirective>]) -> bool {
    directives
        .iter()
        .any(|directive| directive.node.name.node == "deprecated")
}

fn is_required(input: &InputValueDefinition) -> bool {
    !input.ty.node.nullable && input.default_value.is_none()
}

/// Whether what was answered as `before` is still understood when it is answered as `after`: null may become impossible, never possible.
fn is_narrower(before: &Type, after: &Type) -> bool {
    let same = match (&before.base, &after.base) {
        (BaseType::Named(before), BaseType::Named(after)) => before == after,
        (BaseType::List(before), BaseType::List(after)) => is_narrower(before, after),
        _ => false,
    };
    same && (before.nullable || !after.nullable)
}

#[derive(Default)]
struct Found {
    lines: Vec<String>,
}

impl Found {
    fn tell(&mut self, line: String) {
        self.lines.push(line);
    }

    fn kind(&mut self, name: &str, before: &TypeDefinition, after: &TypeDefinition) {
        match (&before.kind, &after.kind) {
            (TypeKind::Scalar, TypeKind::Scalar) => {}
            (TypeKind::Object(one), TypeKind::Object(other)) => {
                self.members(name, "interface", &one.implements, &other.implements);
                self.fields(name, &one.fields, &other.fields);
            }
            (TypeKind::Interface(one), TypeKind::Interface(other)) => {
                self.members(name, "interface", &one.implements, &other.implements);
                self.fields(name, &one.fields, &other.fields);
            }
            (TypeKind::Union(one), TypeKind::Union(other)) => {
                self.members(name, "member", &one.members, &other.members)
            }
            (TypeKind::Enum(one), TypeKind::Enum(other)) => {
                for value in one.values.iter().map(|value| &value.node) {
                    let stays = other.values.iter().any(|it| it.node.value.node == value.value.node);
                    if !stays && !is_deprecated(&value.directives) {
                        self.tell(format!("{name}.{}: the value is gone", value.value.node));
                    }
                }
            }
            (TypeKind::InputObject(one), TypeKind::InputObject(other)) => {
                self.inputs(name, &inputs(&one.fields), &inputs(&other.fields));
            }
            _ => self.tell(format!("{name}: it is another kind of type")),
        }
    }

    fn members<T: PartialEq + std::fmt::Display>(
        &mut self,
        name: &str,
        what: &str,
        before: &[Positioned<T>],
        after: &[Positioned<T>],
    ) {
        for member in before {
            if !after.iter().any(|it| it.node == member.node) {
                self.tell(format!("{name}: the {what} {} is gone", member.node));
            }
        }
    }

    fn fields(&mut self, name: &str, before: &[Positioned<FieldDefinition>], after: &[Positioned<FieldDefinition>]) {
        let (before, after) = (fields(before), fields(after));
        for (field, before) in before {
            let place = format!("{name}.{field}");
            let Some(after) = after.get(field) else {
                if !is_deprecated(&before.directives) {
                    self.tell(format!("{place}: the field is gone"));
                }
                continue;
            };
            if !is_narrower(&before.ty.node, &after.ty.node) {
                self.tell(format!("{place}: it was {} and is {}", before.ty.node, after.ty.node));
            }
            self.inputs(&place, &inputs(&before.arguments), &inputs(&after.arguments));
        }
    }

    /// Arguments, or fields of an input: what was sent must still be taken, and mean the same.
    fn inputs(
        &mut self,
        place: &str,
        before: &Named<'_, InputValueDefinition>,
        after: &Named<'_, InputValueDefinition>,
    ) {
        for (name, before) in before {
            let place = format!("{place}({name})");
            let Some(after) = after.get(name) else {
                if !is_deprecated(&before.directives) {
                    self.tell(format!("{place}: what is given here is gone"));
                }
                continue;
            };
            if !is_narrower(&after.ty.node, &before.ty.node) {
                self.tell(format!(
                    "{place}: it took {} and takes {}",
                    before.ty.node, after.ty.node
                ));
            }
            let default =
                |input: &InputValueDefinition| input.default_value.as_ref().map(|value| value.node.to_string());
            // Who leaves it out would get other numbers without being told.
            if default(before) != default(after) && !is_required(before) {
                self.tell(format!("{place}: left out, it means something else"));
            }
        }
        for (name, added) in after {
            if !before.contains_key(name) && is_required(added) {
                self.tell(format!("{place}({name}): it is new and must be given"));
            }
        }
    }

    fn directive(&mut self, name: &str, before: &DirectiveDefinition, after: &DirectiveDefinition) {
        let place = format!("@{name}");
        self.inputs(&place, &inputs(&before.arguments), &inputs(&after.arguments));
        for location in &before.locations {
            if !after.locations.iter().any(|it| it.node == location.node) {
                self.tell(format!("{place}: it may not stand at {:?} any more", location.node));
            }
        }
    }
}
