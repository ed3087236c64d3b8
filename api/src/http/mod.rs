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
mod remainder;
mod request_id;
mod security;
mod sign_in;
mod socket;
mod spool;
mod state;
mod stored_query;
mod upload;

use poem::{Endpoint, EndpointExt, Response, Route, get, post};

pub use self::state::State;

/// All addresses, and around them what every request gets.
pub fn routes(state: State) -> impl Endpoint<Output = Response> + use<> {
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
        .around(move |next, request| layer::surround(next, request, state.clone()))
}
