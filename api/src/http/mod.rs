//! The server's addresses on one screen, and the layers around them.

mod admission;
mod answer;
mod body;
mod client;
mod conditional;
mod evaluation;
mod event_stream;
mod explorer;
mod export;
mod fault;
mod graphql;
mod health;
mod import;
mod layer;
mod limit;
mod media;
mod metrics;
mod origin;
mod parameters;
mod problem;
mod security;
mod sign_in;
mod socket;
mod spool;
mod state;
mod stored_query;
mod upload;

use poem::middleware::{AddData, CatchPanic, RequestId};
use poem::{Endpoint, EndpointExt, Response, Route, get, post};

pub use self::state::State;

/// All addresses. From the outside in: a request id first, so that every answer has one; then the log line; then panics, so that they are logged.
pub fn routes(state: State) -> impl Endpoint<Output = Response> + use<> {
    let encrypted = state.encrypted;
    let (measured, tracer) = (state.service.metrics().clone(), state.tracer.clone());
    Route::new()
        .at(
            "/graphql",
            get(graphql::get)
                .post(graphql::post)
                .around(sign_in::required)
                .around(origin::share),
        )
        .at("/import", post(import::post).around(sign_in::required))
        .at(
            "/export/evaluation/:framework/*file",
            get(evaluation::get).around(sign_in::required),
        )
        .at("/graphiql", get(explorer::page))
        .at("/graphiql/:name", get(explorer::asset))
        .at("/metrics", get(metrics::get))
        .at(
            "/q/:file",
            get(stored_query::get).head(stored_query::get).around(sign_in::required),
        )
        .at(
            "/export/:file",
            get(export::get).head(export::get).around(sign_in::required),
        )
        .at("/health/live", get(health::live))
        .at("/health/ready", get(health::ready))
        .around(admission::admit)
        .with(AddData::new(state))
        .catch_all_error(problem::respond)
        .with(CatchPanic::new().with_handler(problem::Panicked))
        .around(move |next, request| layer::log(next, request, measured.clone(), tracer.clone()))
        .around(move |next, request| security::protect(next, request, encrypted))
        .with(RequestId::default())
}
