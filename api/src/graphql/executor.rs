//! From a request to its answers: guard, pinned snapshot, time limit, coded errors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use async_graphql::{PathSegment, Request, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::budget::Budget;
use super::context::Check;
use super::failure::{self, error_response};
use super::kept::{Answer, Asked, Kept};
use super::loader;
use super::prepared::{INVALID, Prepared, Preparer, tried};
use super::schema::AppSchema;
use super::stored::Plan;
use super::text::{is_refusal, text};
use super::wording::BESIDE;
use crate::config;
use crate::error::{Error, ErrorCode};
use crate::service::Service;
use crate::service::access::{Act, Caller, Sight};
use crate::service::audit::Event;
use crate::telemetry::trace;

/// Runs requests.
#[derive(Clone)]
pub struct Executor {
    schema: AppSchema,
    service: Service,
    preparer: Preparer,
    kept: Kept,
    limits: config::Graphql,
    imports: config::Import,
    timeout: Duration,
}

/// What is told to a caller.
#[derive(Debug)]
pub struct Told {
    /// The response.
    pub response: Response,
    /// Its text, where that is made already.
    pub text: Option<Bytes>,
    /// The recording time of the state that was asked, in µs since the epoch.
    pub recorded_at: Option<i64>,
}

impl Told {
    pub(crate) fn of(response: Response) -> Self {
        Self {
            response,
            text: None,
            recorded_at: None,
        }
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
            preparer: Preparer::new(schema.clone(), service.clone(), limits.clone()),
            schema,
            service,
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
    pub fn prepare(&self, request: Request, caller: &Caller, request_id: &str) -> Result<Prepared, Box<Response>> {
        self.preparer.prepare(request, caller, request_id)
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
        let field = if code == ErrorCode::GraphqlValidationFailed.to_string() {
            INVALID
        } else {
            &field
        };
        if let Some(span) = &mut span {
            span.rename(format!("graphql {field}"));
            span.attribute("plumbline.code", code.as_str());
        }
        self.service.metrics().operation(field, &code, started.elapsed());
        Told { response, ..told }
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
        prepared.order.finish(&mut response);
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
        Ok(Told {
            response,
            text,
            recorded_at: sight.snapshot.recorded_at,
        })
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
            order.finish(&mut response);
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
    pub fn plan(&self, caller: &Caller, document: &str, path: Option<&str>) -> Result<Plan, Error> {
        // All of the document is checked, and none of its variables has a value: the operation beside it would run.
        let beside = format!("{document}\nquery {BESIDE} {{ __typename }}");
        let refused = self
            .prepare(Request::new(beside).operation_name(BESIDE), caller, "")
            .err();
        // Only what passed the guard is walked: fragments without a circle, and not too many.
        match refused.as_ref().and_then(|refused| refused.errors.first()) {
            Some(_) if document.trim_start().starts_with('{') => Err(Error::input(
                "the query has no name",
                "give it one, as query Board($period: Period!) { … }",
            )),
            Some(error) => Err(match failure::told(error) {
                Error::Input { message, .. } => Error::input(message, "try it at /graphql first"),
                other => other,
            }),
            None => Plan::of(self.preparer.types(), document, path),
        }
    }

    /// The data of a query that is answered without an error, as JSON, and the recording time of the state that was asked.
    ///
    /// # Errors
    /// The first error of the answer.
    pub async fn rows(
        &self,
        caller: &Caller,
        request: Request,
        request_id: &str,
    ) -> Result<(Option<i64>, serde_json::Value), Error> {
        let told = match self.prepare(request, caller, request_id) {
            Ok(prepared) if prepared.kind == Some(OperationType::Query) => self.execute(prepared, request_id).await,
            Ok(_) => return Err(Error::input("only queries are stored", "store a query")),
            Err(refused) => Told::of(*refused),
        };
        let Told {
            response, recorded_at, ..
        } = told;
        if let Some(error) = response.errors.first() {
            return Err(failure::told(error));
        }
        let text = text(&response).map_err(Error::internal)?;
        let mut answer: serde_json::Value = serde_json::from_str(&text).map_err(Error::internal)?;
        Ok((recorded_at, answer["data"].take()))
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

impl Executor {
    fn check(&self, caller: Caller) -> Check {
        let executor = self.clone();
        Arc::new(move |document, path| {
            let (executor, caller) = (executor.clone(), caller.clone());
            Box::pin(async move {
                let plan = executor.plan(&caller, &document, path.as_deref())?;
                Ok(plan.columns.into_iter().map(|column| column.name).collect())
            })
        })
    }
}
