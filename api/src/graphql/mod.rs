//! The GraphQL schema, and the way from a request to a response with coded errors.

mod budget;
mod context;
mod evidence;
mod executor;
mod failure;
mod gate;
mod guard;
mod loader;
mod mutation;
mod noun;
mod order;
mod page;
mod persisted;
mod query;
mod registry;
mod root;
mod scalar;
mod schema;
mod shape;
pub mod stored;
mod subscription;
mod text;

pub use async_graphql::parser::types::OperationType;
pub use executor::{Executor, Prepared};
pub use failure::{REQUEST_ID, error_response};
pub use gate::rules;
pub use scalar::upload::{Upload, UploadedFile, Uploads};
pub use schema::{AppSchema, schema, sdl};
pub use text::{is_refusal, refused, text};
