//! From a request to its answers: guard, pinned snapshot, time limit, coded errors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use async_graphql::{PathSegment, Request, Response, Value, value};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::budget::Budget;
use super::context::Check;
use super::failure::{self, error_response};
use super::gate;
use super::guard;
use super::kept::{self, Answer, Asked, Kept, field};
use super::loader;
use super::order::Order;
use super::persisted::Store;
use super::root;
use super::schema::AppSchema;
use super::stored::Plan;
use super::text::{is_refusal, text};
use super::types::Types;
use crate::config;
use crate::error::{Error, ErrorCode};
use crate::service::Service;
use crate::service::access::{Act, Caller, Sight};
use crate::service::audit::Event;
use crate::telemetry::trace;

/// The operation that runs while another is checked.
const BESIDE: &str = "plumblineBeside";

/// Runs requests.
#[derive(Clone)]
pub struct Executor {
    schema: AppSchema,
    service: Service,
    persisted: Store,
    kept: Kept,
    limits: config::Graphql,
    imports: config::Import,
    timeout: Duration,
    types: Arc<Types>,
}

/// A request that passed the guard.
pub struct Prepared {
    request: Request,
    order: Order,
    kind: Option<OperationType>,
    fields: u64,
    /// The root field, `several`, or `introspection`.
    field: String,
    cost: Value,
    caller: Caller,
    /// Whether its answer stands on the version of the data alone.
    is_pure: bool,
    /// The question, where its answer is kept.
    asked: Option<Asked>,
    /// The fields of a mutation, by their keys in the answer.
    tries: Vec<(String, String)>,
}

/// What is told to a caller.
#[derive(Debug)]
pub struct Told {
    /// The response.
    pub response: Response,
    /// Its text, where that is made already.
    pub text: Option<Bytes>,
}

impl Told {
    pub(crate) fn of(response: Response) -> Self {
        Self { response, text: None }
    }
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

impl Executor {
    /// Runs requests of `schema` over `service`.
    #[must_use]
    pub fn new(
        schema: AppSchema,
        service: Service,
        limits: config::Graphql,
        imports: config::Import,
        timeout: Duration,
    ) -> Self {
        Self {
            types: Arc::new(Types::of(&schema)),
            schema,
            service,
            persisted: Store::new(limits.persisted_bytes),
            kept: Kept::new(limits.kept_bytes),
            limits,
            imports,
            timeout,
        }
    }

    /// Reads the text, holds it against the limits and against what `caller` may do; nothing runs yet.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub fn prepare(&self, mut request: Request, caller: &Caller, request_id: &str) -> Result<Prepared, Box<Response>> {
        let refuse = |response| Box::new(failure::finish(response, request_id));
        let offer = self.persisted.resolve(&mut request);
        let offer = offer.map_err(|error| refuse(error_response(error)))?;
        let checked = guard::check(&request, &self.limits).map_err(|error| refuse(error_response(error)))?;
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
        // A text that is offered again is kept again: such a request is always read.
        let is_offer = offer.is_some();
        if let Some(offer) = offer {
            self.persisted.keep(offer);
        }
        let root = root::field(&checked.document, request.operation_name.as_deref());
        let order = Order::of(&checked.document, request.operation_name.as_deref());
        let cost = value!({ "fields": checked.fields, "limit": self.limits.max_complexity, "depth": checked.depth });
        let chosen = guard::chosen(&checked.document, request.operation_name.as_deref());
        let is_pure = !is_offer
            && chosen.is_some_and(|operation| field::is_pure(&self.types, &checked.document, &operation.node))
            && !kept::is_provisional(&request);
        request.set_parsed_query(checked.document);
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

    /// The answer that somebody who may read the same was given to the same question, if the data is the same since. None also where that cannot be known: then
    /// the question goes the long way, which tells what is wrong.
    pub async fn again(&self, asked: &Asked, caller: &Caller) -> Option<Arc<Answer>> {
        let started = Instant::now();
        if !self.kept.knows(asked) {
            return None;
        }
        caller.may(Act::Read).ok()?;
        let mut span = trace::child(|| "graphql".to_owned());
        let sight = trace::within(span.as_ref(), self.service.sight(caller)).await.ok()?;
        let answer = self.kept.answer(asked, &sight)?;
        if let Some(span) = &mut span {
            span.rename(format!("graphql {}", answer.field));
            span.attribute("plumbline.kept", "true");
        }
        self.service.metrics().operation(&answer.field, "OK", started.elapsed());
        Some(answer)
    }

    /// The answer to a query or a mutation, always a GraphQL response.
    pub async fn execute(&self, prepared: Prepared, request_id: &str) -> Told {
        let (field, started) = (prepared.field.clone(), Instant::now());
        // What writes may take long, and ends itself when it is given up.
        let patience = match prepared.kind {
            Some(OperationType::Mutation) => self.imports.timeout.max(self.timeout),
            _ => self.timeout,
        };
        let mut span = trace::child(|| "graphql".to_owned());
        let told = match tokio::time::timeout(patience, trace::within(span.as_ref(), self.run(prepared))).await {
            Ok(Ok(told)) => told,
            Ok(Err(error)) => Told::of(error_response(error)),
            Err(_) => Told::of(error_response(Error::Timeout {
                seconds: patience.as_secs(),
            })),
        };
        let response = failure::finish(told.response, request_id);
        let code = failure::first_code(&response);
        // A name that is not in the schema is whatever the caller likes.
        let field = if code == ErrorCode::GraphqlValidationFailed.to_string() {
            "invalid"
        } else {
            &field
        };
        if let Some(span) = &mut span {
            span.rename(format!("graphql {field}"));
            span.attribute("plumbline.code", code.as_str());
        }
        self.service.metrics().operation(field, &code, started.elapsed());
        Told {
            response,
            text: told.text,
        }
    }

    async fn run(&self, prepared: Prepared) -> Result<Told, Error> {
        let sight = self.service.sight(&prepared.caller).await?;
        let request = self
            .with_data(prepared.request, &prepared.caller)
            .data(Arc::clone(&sight.snapshot))
            .data::<Sight>(sight.clone())
            .data(Budget::new(self.limits.max_complexity));
        let mut response = self.schema.execute(request).await;
        if prepared.kind == Some(OperationType::Mutation) {
            self.note_refusals(&response, &prepared.tries, &prepared.caller);
        }
        prepared.order.arrange(&mut response.data);
        let response = response.extension("cost", prepared.cost);
        let text = match prepared.asked {
            Some(asked) if response.errors.is_empty() => {
                let text = Bytes::from(text(&response).map_err(Error::internal)?);
                let answer = Answer {
                    text: text.clone(),
                    fields: prepared.fields,
                    field: prepared.field,
                };
                self.kept.keep(asked, &sight, answer);
                Some(text)
            }
            _ => None,
        };
        Ok(Told { response, text })
    }

    /// The answers to an operation of any kind, one after the other. A response without data is the last one.
    #[must_use]
    pub fn follow(&self, prepared: Prepared, request_id: &str) -> BoxStream<'static, Response> {
        let (executor, id) = (self.clone(), request_id.to_owned());
        if prepared.kind != Some(OperationType::Subscription) {
            let once = async move { executor.execute(prepared, &id).await.response };
            return futures_util::stream::once(once).boxed();
        }
        // No snapshot is pinned: it would be kept as long as somebody listens. Every event brings its own.
        let responses = self
            .schema
            .execute_stream(self.with_data(prepared.request, &prepared.caller));
        let order = prepared.order;
        let finished = responses.map(move |mut response| {
            order.arrange(&mut response.data);
            failure::finish(response, &id)
        });
        finished
            .scan(false, |over, response| {
                let next = (!*over).then_some(response);
                *over = next.as_ref().is_some_and(is_refusal);
                std::future::ready(next)
            })
            .boxed()
    }

    /// Writes down which parts of a mutation were refused because of who asked.
    fn note_refusals(&self, response: &Response, tries: &[(String, String)], caller: &Caller) {
        for error in &response.errors {
            if error
                .source::<Error>()
                .is_some_and(|error| matches!(error, Error::Forbidden { .. }))
                && let Some(PathSegment::Field(key)) = error.path.first()
                && let Some(tries) = tries.iter().find(|(known, _)| known == key)
            {
                let event = Event::new("mutation", tried(std::slice::from_ref(tries)));
                self.service.refused(caller, event);
            }
        }
    }

    /// The table that a text becomes, if it passes the guard and fits the schema.
    ///
    /// # Errors
    /// [`Error::Input`] that says what does not.
    pub async fn plan(&self, caller: &Caller, document: &str, path: Option<&str>) -> Result<Plan, Error> {
        // The whole document is checked, and only the operation beside it runs.
        let beside = format!("{document}\nquery {BESIDE} {{ __typename }}");
        let checked = self.prepare(Request::new(beside).operation_name(BESIDE), caller, "");
        let response = match checked {
            Ok(prepared) => self.schema.execute(prepared.request).await,
            Err(refused) => *refused,
        };
        // Only what passed the guard is walked: fragments without a circle, and not too many.
        match response.errors.first() {
            Some(_) if document.trim_start().starts_with('{') => Err(Error::input(
                "the query has no name",
                "give it one, as query Board($period: Period!) { … }",
            )),
            Some(error) => Err(Error::input(error.message.clone(), "try it at /graphql first")),
            None => Plan::of(&self.types, document, path),
        }
    }

    /// The data of a query that is answered without an error, as JSON.
    ///
    /// # Errors
    /// The first error of the answer.
    pub async fn rows(&self, caller: &Caller, request: Request, request_id: &str) -> Result<serde_json::Value, Error> {
        let response = match self.prepare(request, caller, request_id) {
            Ok(prepared) if prepared.kind == Some(OperationType::Query) => {
                self.execute(prepared, request_id).await.response
            }
            Ok(_) => return Err(Error::input("only queries are stored", "store a query")),
            Err(refused) => *refused,
        };
        if let Some(error) = response.errors.first() {
            return Err(failure::told(error));
        }
        let text = text(&response).map_err(Error::internal)?;
        let mut answer: serde_json::Value = serde_json::from_str(&text).map_err(Error::internal)?;
        Ok(answer["data"].take())
    }

    fn with_data(&self, request: Request, caller: &Caller) -> Request {
        let db = self.service.db();
        request
            .data(caller.clone())
            .data(self.service.clone())
            .data(self.imports.clone())
            .data(self.check(caller.clone()))
            .data(loader::observations(db.clone()))
            .data(loader::targets(db.clone()))
            .data(loader::sources(db.clone()))
            .data(loader::histories(db.clone()))
            .data(loader::batches(db.clone()))
            .data(loader::principals(db.clone()))
    }
}

/// The first fields of a mutation, as far as they tell what was tried: names of the schema alone.
fn tried(fields: &[(String, String)]) -> String {
    let known = fields.iter().map(|(_, name)| name.as_str());
    let known: Vec<&str> = known
        .filter(|name| gate::act(OperationType::Mutation, name).is_some())
        .collect();
    known.into_iter().take(5).collect::<Vec<_>>().join(", ")
}

impl Executor {
    fn check(&self, caller: Caller) -> Check {
        let executor = self.clone();
        Arc::new(move |document, path| {
            let (executor, caller) = (executor.clone(), caller.clone());
            Box::pin(async move {
                let plan = executor.plan(&caller, &document, path.as_deref()).await?;
                Ok(plan.columns.into_iter().map(|column| column.name).collect())
            })
        })
    }
}
