//! The fields of the schema's types, read from its text.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};

use super::nulls::Nulls;
use super::schema::AppSchema;

/// What a field gives.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its type without lists.
    pub(super) name: String,
    /// Whether it is a list.
    pub(super) is_list: bool,
    /// Where it may be null.
    pub(super) nulls: Nulls,
    /// Whether an argument says how many there are at most.
    pub(super) takes_first: bool,
}

/// The types with fields, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    fields: HashMap<String, HashMap<String, Given>>,
    /// Interfaces and unions with the types of their objects.
    abstracts: HashMap<String, Vec<String>>,
}

impl Types {
    /// Those of a schema.
    pub(super) fn of(schema: &AppSchema) -> Self {
        let mut types = Self::default();
        // Our own schema's text is always one.
        let Ok(document) = parse_schema(schema.sdl()) else {
            return types;
        };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let fields = match definition.node.kind {
                TypeKind::Object(object) => {
                    for interface in object.implements {
                        let of = types.abstracts.entry(interface.node.to_string()).or_default();
                        of.push(name.clone());
                    }
                    object.fields
                }
                TypeKind::Interface(interface) => interface.fields,
                TypeKind::Union(union) => {
                    let members = union.members.iter().map(|member| member.node.to_string());
                    types.abstracts.insert(name, members.collect());
                    continue;
                }
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
            };
            let given = fields.into_iter().map(|field| {
                let takes_first = field.node.arguments.iter().any(|one| one.node.name.node == "first");
                let given = Given {
                    takes_first,
                    ..given(&field.node.ty.node)
                };
                (field.node.name.node.to_string(), given)
            });
            types.fields.insert(name, given.collect());
        }
        types
    }

    /// What a field of a type gives.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&Given> {
        self.fields.get(of)?.get(name)
    }

    /// Whether a type has fields of its own.
    pub(super) fn is_object(&self, name: &str) -> bool {
        self.fields.contains_key(name) || self.abstracts.contains_key(name)
    }

    /// The types of the objects that are of this one, where there may be several.
    pub(super) fn possible(&self, name: &str) -> Option<&[String]> {
        self.abstracts.get(name).map(Vec::as_slice)
    }

    /// Whether an object of a type is of another as well. Types that tell of the schema itself are no part of its text: their objects are of what is asked.
    pub(super) fn is_of(&self, own: &str, other: &str) -> bool {
        let is_known = self.fields.contains_key(own);
        !is_known
            || self
                .possible(other)
                .map_or(own == other, |of| of.iter().any(|of| of == own))
    }

    /// Whether a type is a page of a longer list.
    pub(super) fn is_page(&self, name: &str) -> bool {
        self.field(name, "pageInfo").is_some()
    }
}

fn given(kind: &Type) -> Given {
    match &kind.base {
        BaseType::Named(name) => Given {
            name: name.to_string(),
            is_list: false,
            nulls: Nulls::of(kind),
            takes_first: false,
        },
        BaseType::List(inner) => Given {
            is_list: true,
            nulls: Nulls::of(kind),
            ..given(inner)
        },
    }
}
