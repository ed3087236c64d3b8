//! The GraphQL schema, and the way from a request to a response with coded errors.

mod bounded;
mod budget;
mod context;
mod evidence;
mod executor;
mod failure;
mod gate;
mod guard;
mod kept;
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
mod types;

pub use async_graphql::parser::types::OperationType;
pub use executor::{Executor, Prepared, Told};
pub use failure::{REQUEST_ID, error_response};
pub use gate::rules;
pub use kept::{Answer, Asked, PURE};
pub use scalar::upload::{Upload, UploadedFile, Uploads};
pub use schema::{AppSchema, schema, sdl};
pub use text::{is_refusal, refused, text};
