//! A request before it runs: held against the limits, the rules of the language, and what the caller may do.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Value, value};

use super::collect::collect;
use super::failure::{self, error_response};
use super::kept::{self, Asked, field};
use super::order::Order;
use super::persisted::Store;
use super::schema::AppSchema;
use super::types::Types;
use super::validity::Validity;
use super::wording::worded;
use super::{gate, guard, root};
use crate::config;
use crate::service::Service;
use crate::service::access::Caller;
use crate::service::audit::Event;

/// What stands for the field of a query that is not valid: it may name whatever the caller likes.
pub(super) const INVALID: &str = "invalid";

/// A request that passed the guard.
pub struct Prepared {
    pub(super) request: Request,
    pub(super) order: Order,
    pub(super) kind: Option<OperationType>,
    pub(super) fields: u64,
    /// The root field, `several`, or `introspection`.
    pub(super) field: String,
    pub(super) cost: Value,
    pub(super) caller: Caller,
    /// Whether its answer stands on the version of the data alone.
    pub(super) is_pure: bool,
    /// The question, where its answer is kept.
    pub(super) asked: Option<Asked>,
    /// The fields of a mutation, by their keys in the answer.
    pub(super) tries: Vec<(String, String)>,
}

impl Prepared {
    /// What would run; none where the request does not say it clearly, and running it says why.
    #[must_use]
    pub fn kind(&self) -> Option<OperationType> {
        self.kind
    }

    /// Keeps the answer for whoever asks this again, if it may be kept.
    #[must_use]
    pub fn kept_as(mut self, asked: Option<Asked>) -> Self {
        self.asked = asked.filter(|_| self.is_pure);
        self
    }

    /// What it may cost at most, in fields.
    #[must_use]
    pub fn fields(&self) -> u64 {
        self.fields
    }
}

/// What a request is held against.
#[derive(Clone)]
pub(super) struct Preparer {
    schema: AppSchema,
    service: Service,
    persisted: Store,
    limits: config::Graphql,
    types: Arc<Types>,
    validity: Validity,
}

impl Preparer {
    /// Holds requests against `schema` and `limits`.
    pub(super) fn new(schema: AppSchema, service: Service, limits: config::Graphql) -> Self {
        Self {
            types: Arc::new(Types::of(&schema)),
            validity: Validity::of(&schema.sdl()),
            persisted: Store::new(limits.persisted_bytes),
            schema,
            service,
            limits,
        }
    }

    /// The fields of the schema's types.
    pub(super) fn types(&self) -> &Types {
        &self.types
    }

    /// Reads the text, holds it against the limits and against what `caller` may do; nothing runs yet.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub(super) fn prepare(
        &self,
        mut request: Request,
        caller: &Caller,
        request_id: &str,
    ) -> Result<Prepared, Box<Response>> {
        let started = Instant::now();
        let refuse = |response| Box::new(failure::finish(response, request_id));
        let offer = self.persisted.resolve(&mut request);
        let offer = offer.map_err(|error| refuse(error_response(error)))?;
        let checked = guard::check(&mut request, &self.limits).map_err(|error| refuse(error_response(error)))?;
        let checked = checked.map_err(refuse)?;
        let allowed = gate::check(&checked.document, request.operation_name.as_deref(), caller);
        let changes = checked.kind == Some(OperationType::Mutation);
        let fields = changes.then(|| gate::fields(&checked.document, request.operation_name.as_deref()));
        let tries = fields.unwrap_or_default();
        if let Err(error) = allowed {
            if changes {
                self.service.refused(caller, Event::new("mutation", tried(&tries)));
            }
            return Err(refuse(error_response(error)));
        }
        let faults = self.validity.faults(&request.query);
        if !faults.is_empty() {
            let response = refuse(Response::from_errors(worded(&self.schema, checked.document, faults)));
            let code = failure::first_code(&response);
            self.service.metrics().operation(INVALID, &code, started.elapsed());
            return Err(response);
        }
        let chosen = guard::chosen(&checked.document, request.operation_name.as_deref());
        if let Some(operation) = chosen {
            let values = self.validity.values(&operation.node, &request.variables);
            values.map_err(|error| refuse(error_response(error)))?;
        }
        // A text that is offered again is kept again: such a request is always read.
        let is_offer = offer.is_some();
        if let Some(offer) = offer {
            self.persisted.keep(offer);
        }
        let root = root::field(&checked.document, request.operation_name.as_deref());
        let cost = value!({ "fields": checked.fields, "limit": self.limits.max_complexity, "depth": checked.depth });
        let is_pure = !is_offer
            && chosen.is_some_and(|operation| field::is_pure(&self.types, &checked.document, &operation.node))
            && !kept::is_provisional(&request);
        let mut order = Order::default();
        if let Some(operation) = chosen {
            let (alone, answered) = collect(&checked.document, operation, &request.variables, &self.types);
            order = answered;
            request.operation_name = None;
            request.set_parsed_query(alone);
        } else {
            // The library says what is unclear.
            request.set_parsed_query(checked.document);
        }
        Ok(Prepared {
            request,
            order,
            kind: checked.kind,
            fields: checked.fields,
            field: root,
            cost,
            caller: caller.clone(),
            is_pure,
            asked: None,
            tries,
        })
    }
}

/// The first fields of a mutation, as far as they tell what was tried: names of the schema alone.
pub(super) fn tried(fields: &[(String, String)]) -> String {
    let known = fields.iter().map(|(_, name)| name.as_str());
    let known: Vec<&str> = known
        .filter(|name| gate::act(OperationType::Mutation, name).is_some())
        .collect();
    known.into_iter().take(5).collect::<Vec<_>>().join(", ")
}
