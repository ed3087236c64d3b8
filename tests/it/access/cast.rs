//! Who plays: principals with a role, a part and a token.

use api::config::Public;
use api::service::Service;
use api::service::access::{Caller, NewGrant, NewToken, Scopes};
use entity::choice::Role;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;
use tests::db::TestDb;

/// The part of most of them.
pub(super) const DISTRICT: &str = "shenzhen-luohu";
/// A street in it.
pub(super) const INSIDE: &str = "shenzhen-luohu-sungang";
/// A street of another district.
pub(super) const OUTSIDE: &str = "shenzhen-longhua-guanhu";

/// Whoever stands at the machine.
pub(crate) fn operator() -> Caller {
    Caller::operator("operator")
}

/// A server whose strangers read nothing.
pub(super) async fn closed(db: &TestDb) -> TestApp {
    TestApp::start_with(db, |config| config.public = Public::Nothing).await
}

/// A principal that holds a role, and its token for everything that the role may.
pub(crate) async fn hire(service: &Service, name: &str, role: Role, org: Option<&str>, theme: Option<&str>) -> String {
    service.create_principal(&operator(), name, None, None).await.unwrap();
    let grant = NewGrant {
        principal: name.to_owned(),
        role,
        org: org.map(str::to_owned),
        theme: theme.map(str::to_owned),
        valid_from: None,
        valid_to: None,
    };
    service.grant_role(&operator(), &grant).await.unwrap();
    token(service, name, Scopes::ALL).await
}

/// A token of a principal.
pub(super) async fn token(service: &Service, name: &str, scopes: Scopes) -> String {
    let new = NewToken {
        principal: name.to_owned(),
        label: None,
        scopes,
        expires_at: None,
    };
    service.create_token(&operator(), &new).await.unwrap().secret
}

/// The header of a token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Asks GraphQL with a token, or without.
pub(super) async fn ask(app: &TestApp, token: Option<&str>, query: &str) -> Answer {
    let header = token.map(bearer);
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(header.as_deref().map(|header| ("authorization", header)));
    app.raw_post(&headers, json!({ "query": query }).to_string()).await
}

/// The code of the first error; null where there is none.
pub(super) fn code(answer: &Value) -> &Value {
    &answer["errors"][0]["extensions"]["code"]
}
