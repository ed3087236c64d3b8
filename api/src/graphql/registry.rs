//! Object types that are made from data instead of a struct.

use std::any::type_name;

use async_graphql::OutputType;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{MetaField, MetaType, MetaTypeId, Registry};

/// A field with its type as the schema writes it.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) description: String,
}

/// Registers an object type, and gives its name as the schema writes it.
pub(super) fn object<T: OutputType>(
    registry: &mut Registry,
    name: &str,
    description: &str,
    mut fields: impl FnMut(&mut Registry) -> Vec<Described>,
) -> String {
    registry.create_output_type::<T, _>(MetaTypeId::Object, |registry| {
        let described = fields(registry)
            .into_iter()
            .map(|field| (field.name.clone(), meta(field)));
        MetaType::Object {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            fields: described.collect(),
            cache_control: async_graphql::CacheControl::default(),
            extends: false,
            shareable: false,
            resolvable: true,
            inaccessible: false,
            interface_object: false,
            tags: Vec::new(),
            keys: None,
            visible: None,
            is_subscription: false,
            rust_typename: Some(type_name::<T>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    })
}

fn meta(field: Described) -> MetaField {
    MetaField {
        name: field.name,
        description: Some(field.description),
        args: IndexMap::new(),
        ty: field.kind,
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        cache_control: async_graphql::CacheControl::default(),
        external: false,
        provides: None,
        requires: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        visible: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}
