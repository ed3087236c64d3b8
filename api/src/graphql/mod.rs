//! The GraphQL schema: types that wrap the nouns, and the way from a request to a response with coded errors.

mod context;
mod evidence;
mod failure;
mod guard;
mod loader;
mod noun;
mod order;
mod page;
mod query;
mod scalar;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, SDLExportOptions, Schema};

use crate::config;
use crate::error::Error;
use crate::service::Service;
use order::Order;

pub use failure::{REQUEST_ID, error_response};

/// The schema. It holds no connection: what a request needs comes with the request.
pub type AppSchema = Schema<query::Query, EmptyMutation, EmptySubscription>;

/// Builds the schema without any input or output.
#[must_use]
pub fn schema(limits: &config::Graphql) -> AppSchema {
    let builder = Schema::build(query::Query::default(), EmptyMutation, EmptySubscription).data(limits.clone());
    // Depth and cost are held by the guard, which counts a fragment once; the library's own limits walk it at every spread.
    if limits.introspection {
        builder.finish()
    } else {
        builder.disable_introspection().finish()
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

/// Runs requests: guard, pinned snapshot, time limit, coded errors.
#[derive(Clone)]
pub struct Executor {
    schema: AppSchema,
    service: Service,
    limits: config::Graphql,
    timeout: Duration,
}

impl Executor {
    /// Runs requests of `schema` over `service`.
    #[must_use]
    pub fn new(schema: AppSchema, service: Service, limits: config::Graphql, timeout: Duration) -> Self {
        Self {
            schema,
            service,
            limits,
            timeout,
        }
    }

    /// The answer to `request`, always a GraphQL response.
    pub async fn execute(&self, request: Request, request_id: &str) -> Response {
        let response = match tokio::time::timeout(self.timeout, self.run(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => error_response(error),
            Err(_) => error_response(Error::Timeout {
                seconds: self.timeout.as_secs(),
            }),
        };
        failure::finish(response, request_id)
    }

    async fn run(&self, mut request: Request) -> Result<Response, Error> {
        let document = match guard::check(&request, &self.limits)? {
            Ok(document) => document,
            Err(refused) => return Ok(refused),
        };
        let order = Order::of(&document, request.operation_name.as_deref());
        request.set_parsed_query(document);
        let snapshot = self.service.snapshot().await?;
        let observations = loader::observations(self.service.db().clone());
        let targets = loader::targets(self.service.db().clone());
        let sources = loader::sources(self.service.db().clone());
        let request = request
            .data(self.service.clone())
            .data(Arc::clone(&snapshot))
            .data(observations)
            .data(targets)
            .data(sources);
        let mut response = self.schema.execute(request).await;
        order.arrange(&mut response.data);
        Ok(response)
    }
}
