//! The schema: types that wrap the nouns.

use async_graphql::{SDLExportOptions, Schema};

use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;
use crate::config;

/// The schema. It holds no connection: what a request needs comes with the request.
pub type AppSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema without any input or output.
#[must_use]
pub fn schema(limits: &config::Graphql) -> AppSchema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default()).data(limits.clone());
    // Depth and cost are held by the guard, which counts a fragment once; the library's own limits walk it at every spread.
    if limits.introspection {
        builder.finish()
    } else {
        // A proposal of near names would tell what may not be asked.
        builder.disable_introspection().disable_suggestions().finish()
    }
}

/// The schema as text, sorted, so that a change of order is no change.
#[must_use]
pub fn sdl(schema: &AppSchema) -> String {
    let text = schema.sdl_with_options(
        SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items(),
    );
    format!("{}\n", text.trim())
}
