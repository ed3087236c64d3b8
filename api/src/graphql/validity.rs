//! Whether a document is valid, by all rules of the specification: the library that answers leaves some out, and takes two fields of one key for one, or a text
//! where a number belongs.

use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ast::{DirectiveList, FieldDefinition};
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema, name, ty};
use async_graphql::parser::types::OperationDefinition;
use async_graphql::{Pos, ServerError, Variables};
use sha2::{Digest, Sha256};

use super::argument;
use super::bounded::Bounded;
use crate::error::Error;

/// Bytes of hashes of valid texts that are kept.
const MOST_KEPT: usize = 1024 * 1024;

/// The rules over one schema. Clones share what they know.
#[derive(Clone)]
pub(super) struct Validity {
    /// Or why the schema's own text is not valid: then nothing is.
    schema: Arc<Result<Valid<Schema>, String>>,
    valid: Arc<Mutex<Bounded<[u8; 32], ()>>>,
}

impl Validity {
    /// The rules over the schema of a text.
    pub(super) fn of(sdl: &str) -> Self {
        Self {
            schema: Arc::new(schema(sdl).map_err(|broken| broken.to_string())),
            valid: Arc::new(Mutex::new(Bounded::new(MOST_KEPT))),
        }
    }

    /// Checks the periods and times in the values of an operation's variables.
    ///
    /// # Errors
    /// [`Error::Input`] names the first that is none.
    pub(super) fn values(&self, operation: &OperationDefinition, variables: &Variables) -> Result<(), Error> {
        match self.schema.as_ref() {
            Ok(schema) => argument::values(schema, operation, variables),
            // Told of the document.
            Err(_) => Ok(()),
        }
    }

    /// What is wrong with a document; nothing where it is valid. It was measured before: it is neither long nor deep.
    pub(super) fn faults(&self, text: &str) -> Vec<ServerError> {
        let schema = match self.schema.as_ref() {
            Ok(schema) => schema,
            Err(broken) => {
                let error = async_graphql::Error::from(Error::internal(broken.clone()));
                return vec![error.into_server_error(Pos::default())];
            }
        };
        let key = <[u8; 32]>::from(Sha256::digest(text));
        let valid = || self.valid.lock().unwrap_or_else(PoisonError::into_inner);
        if valid().get(&key).is_some() {
            return Vec::new();
        }
        match read(schema, text) {
            Ok(()) => {
                valid().put(key, (), 0);
                Vec::new()
            }
            Err(faults) => faults,
        }
    }
}

/// The schema of a text. What it says of itself has a field that the library of the rules does not know yet, and the one that answers does.
fn schema(sdl: &str) -> Result<Valid<Schema>, DiagnosticList> {
    let mut schema = Schema::parse(sdl, "schema.graphql").map_err(|broken| broken.errors)?;
    if let Some(ExtendedType::Object(kind)) = schema.types.get_mut("__Type") {
        let field = FieldDefinition {
            description: None,
            name: name!("isOneOf"),
            arguments: Vec::new(),
            ty: ty!(Boolean),
            directives: DirectiveList::new(),
        };
        kind.make_mut()
            .fields
            .entry(name!("isOneOf"))
            .or_insert_with(|| Component::new(field));
    }
    schema.validate().map_err(|broken| broken.errors)
}

fn read(schema: &Valid<Schema>, text: &str) -> Result<(), Vec<ServerError>> {
    let faults = |found: DiagnosticList| found.iter().map(|fault| told(&fault.to_json())).collect::<Vec<_>>();
    let parsed = Parser::new().parse_executable(schema, text, "query");
    let document: ExecutableDocument = parsed.map_err(|broken| faults(broken.errors))?;
    let document = document.validate(schema).map_err(|broken| faults(broken.errors))?;
    let misused = argument::faults(schema, &document);
    if misused.is_empty() { Ok(()) } else { Err(misused) }
}

fn told(fault: &apollo_compiler::response::GraphQLError) -> ServerError {
    let mut error = ServerError::new(fault.message.clone(), None);
    error.locations = fault
        .locations
        .iter()
        .map(|place| Pos {
            line: place.line,
            column: place.column,
        })
        .collect();
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Validity {
        Validity::of(
            "type Query { a(n: Int): A b: [A!]! } type A { x: Int! y: String } type Subscription { s: Int t: Int }",
        )
    }

    #[test]
    fn what_the_library_lets_through_is_refused() {
        let rules = rules();
        for query in [
            "{ b { k: x } b { k: y } }",
            "query ($n: String) { a(n: $n) { x } }",
            "{ __typename @skip }",
            "subscription { s t }",
            "subscription { ...f } fragment f on Subscription { s t }",
        ] {
            let faults = rules.faults(query);
            assert!(
                faults.iter().any(|fault| !fault.locations.is_empty()),
                "{query}: {faults:?}"
            );
            // The same the second time.
            assert_eq!(rules.faults(query), faults);
        }
        for query in [
            "{ b { k: x } b { k: x y } }",
            "query ($n: Int = 7, $s: Boolean!) { a(n: $n) { x @skip(if: $s) } }",
            "subscription { ...f } fragment f on Subscription { s }",
        ] {
            assert_eq!(rules.faults(query), [], "{query}");
            assert_eq!(rules.faults(query), [], "{query}");
        }
    }
}
