//! Signed sign-ins: what a good token opens, and everything that is not one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use api::config::{Oidc, OidcKeys, Public};
use api::service::access::{NewToken, Origin, Scopes};
use entity::choice::Role;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::socket::Socket;
use tests::suite;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::cast::{INSIDE, OUTSIDE, ask, bearer, code, operator};
use super::signer::{Key, encoded};

suite!(
    Figures: signed_tokens_open_what_their_subject_may,
    tokens_that_are_not_good_are_refused,
    keys_are_rotated_and_outlive_the_issuer_for_a_time,
    keys_of_an_address_are_asked_for_once,
);

const COUNT: &str = "{ observations { totalCount } me { name } }";

/// A key of each kind, the same for a whole test.
fn all() -> &'static [Key; 3] {
    static KEYS: LazyLock<[Key; 3]> = LazyLock::new(|| [Key::rsa("rsa"), Key::p256("p256"), Key::ed25519("ed")]);
    &KEYS
}

/// The public keys of an issuer, with some that are for others: of a kind that nobody here knows, for encryption, and of another curve.
fn key_set(keys: &[Key]) -> Value {
    let mut public: Vec<Value> = keys.iter().map(Key::public).collect();
    public.push(json!({ "kty": "EC", "crv": "SM2", "kid": "sm2", "x": "AA", "y": "AA" }));
    public.push(json!({ "kty": "unheard of", "kid": "p256", "z": [1] }));
    public.push(json!({ "kty": "RSA", "use": "enc", "kid": "rsa", "n": "AQAB", "e": "AQAB" }));
    json!({ "keys": public })
}

/// Writes the public keys of an issuer.
fn publish(path: &Path, keys: &[Key]) {
    std::fs::write(path, key_set(keys).to_string()).unwrap();
}

fn settings(path: PathBuf) -> Oidc {
    Oidc {
        issuer: "https://sso.example.gov.cn".to_owned(),
        audience: "plumbline".to_owned(),
        keys: OidcKeys::File(path),
        algorithms: ["RS256", "ES256", "EdDSA"].map(str::to_owned).into(),
        leeway: Duration::from_secs(60),
        refresh: Duration::from_secs(3600),
        retry: Duration::ZERO,
        stale: Duration::from_secs(3600),
        subject_claim: "sub".to_owned(),
        groups_claim: Some("groups".to_owned()),
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn claims() -> Value {
    json!({ "iss": "https://sso.example.gov.cn", "aud": "plumbline", "sub": "u-17", "exp": now() + 300, "groups": ["streets"] })
}

/// The claims with another one.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

async fn app(db: &TestDb, oidc: Oidc) -> TestApp {
    let app = TestApp::start_with(db, |config| {
        config.public = Public::Published;
        config.oidc = Some(oidc);
    })
    .await;
    let service = app.service();
    for (name, subject, org) in [("li.wei", "u-17", INSIDE), ("streets", "group:streets", OUTSIDE)] {
        service
            .create_principal(&operator(), name, None, Some(subject.to_owned()))
            .await
            .unwrap();
        let grant = api::service::access::NewGrant {
            principal: name.to_owned(),
            role: Role::Viewer,
            org: Some(org.to_owned()),
            theme: None,
            valid_from: None,
            valid_to: None,
        };
        service.grant_role(&operator(), &grant).await.unwrap();
    }
    app
}

async fn signed_tokens_open_what_their_subject_may(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    publish(&path, all());
    let app = app(&db, settings(path)).await;
    for key in all() {
        let told = ask(&app, Some(&key.sign(&claims())), COUNT).await.json();
        assert_eq!(
            told["data"]["observations"]["totalCount"],
            51 + 26,
            "{}: {told:#}",
            key.id
        );
        assert_eq!(told["data"]["me"]["name"], "li.wei");
        let alone = ask(&app, Some(&key.sign(&with("groups", json!([])))), COUNT)
            .await
            .json();
        assert_eq!(alone["data"]["observations"]["totalCount"], 51);
        let several = key.sign(&with("aud", json!(["other", "plumbline"])));
        assert_eq!(ask(&app, Some(&several), COUNT).await.status, 200);
        let late = key.sign(&with("exp", json!(now() - 30)));
        assert_eq!(
            ask(&app, Some(&late), COUNT).await.status,
            200,
            "clocks may be off a little"
        );
    }
    groups_cost_no_queries(&app).await;
    groups_and_tokens(&app).await;
    app.service()
        .set_principal_enabled(&operator(), "li.wei", false)
        .await
        .unwrap();
    assert_eq!(ask(&app, Some(&all()[0].sign(&claims())), COUNT).await.status, 401);
}

/// A sign-in asks no more of the database for many groups than for one.
async fn groups_cost_no_queries(app: &TestApp) {
    let service = app.service();
    let mut sent = Vec::new();
    let mut many = vec!["streets".to_owned()];
    for at in 0..20 {
        let (name, subject) = (format!("desk-{at}"), format!("group:desk-{at}"));
        service
            .create_principal(&operator(), &name, None, Some(subject))
            .await
            .unwrap();
        many.push(format!("desk-{at}"));
    }
    for groups in [json!(["streets"]), json!(many)] {
        let header = bearer(&all()[0].sign(&with("groups", groups)));
        let before = service.db().queries();
        let caller = service
            .sign_in(Some(header.as_bytes()), Origin::default())
            .await
            .unwrap();
        let signed_in = service.db().queries();
        service.still(&caller).await.unwrap();
        sent.push((signed_in - before, service.db().queries() - signed_in));
        assert_eq!(caller.held().len(), 2);
    }
    // One of the server's own may come between.
    assert!(sent.iter().all(|(first, again)| *first <= 4 && *again <= 5), "{sent:?}");
}

/// What such a caller makes ends in time, and a group that is gone gives an open socket nothing more.
async fn groups_and_tokens(app: &TestApp) {
    let signed = all()[0].sign(&claims());
    let header = bearer(&signed);
    let caller = app
        .service()
        .sign_in(Some(header.as_bytes()), Origin::default())
        .await
        .unwrap();
    for (days, is_good) in [(None, false), (Some(91), false), (Some(89), true)] {
        let new = NewToken {
            principal: "li.wei".to_owned(),
            label: None,
            scopes: Scopes::ALL,
            expires_at: days.map(|days: i64| (now() + days * 24 * 3600) * 1_000_000),
        };
        assert_eq!(
            app.service().create_token(&caller, &new).await.is_ok(),
            is_good,
            "{days:?}"
        );
    }
    let mut socket = Socket::speaking(app.url()).await;
    socket
        .send(&json!({ "type": "connection_init", "payload": { "authorization": header } }))
        .await;
    assert_eq!(socket.next().await.unwrap()["type"], "connection_ack");
    for (id, is_enabled, count) in [("a", true, 51 + 26), ("b", false, 51), ("c", true, 51 + 26)] {
        app.service()
            .set_principal_enabled(&operator(), "streets", is_enabled)
            .await
            .unwrap();
        socket.subscribe(id, "{ observations { totalCount } }").await;
        let told = socket.next().await.unwrap();
        assert_eq!(told["payload"]["data"]["observations"]["totalCount"], count, "{told}");
        assert_eq!(socket.next().await.unwrap()["type"], "complete");
    }
}

async fn tokens_that_are_not_good_are_refused(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    publish(&path, all());
    let mut only = settings(path);
    only.algorithms = vec!["ES256".to_owned(), "EdDSA".to_owned()];
    let app = app(&db, only).await;
    let [rsa, p256, ed] = all();
    let good = ed.sign(&claims());
    assert_eq!(ask(&app, Some(&good), COUNT).await.status, 200);
    let part = |token: &str, at: usize| token.split('.').nth(at).unwrap().to_owned();
    let other = Key::ed25519("ed");
    let hmac = |secret: &[u8]| Key::shared("ed", secret).sign(&claims());
    let public = ed.public()["x"].as_str().unwrap().to_owned();
    let pem = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/access/rsa.pem")).unwrap();
    let admin = p256.sign(&with("sub", json!("u-18")));
    let none = encoded(br#"{"alg":"none"}"#);
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        ed.sign(&claims)
    };
    let bad = [
        ("expired", ed.sign(&with("exp", json!(now() - 120)))),
        ("not yet", ed.sign(&with("nbf", json!(now() + 120)))),
        ("another audience", ed.sign(&with("aud", json!("other")))),
        ("another issuer", ed.sign(&with("iss", json!("https://evil.example")))),
        ("without end", without("exp")),
        ("without audience", without("aud")),
        ("without issuer", without("iss")),
        ("without subject", without("sub")),
        ("an unknown subject", admin.clone()),
        ("the subject of a group", ed.sign(&with("sub", json!("group:streets")))),
        ("an algorithm that is not listed", rsa.sign(&claims())),
        ("another's key under the same id", other.sign(&claims())),
        (
            "an unknown id",
            ed.sign_as(json!({ "alg": "EdDSA", "kid": "nobody" }), &claims()),
        ),
        (
            "the id of another key",
            ed.sign_as(json!({ "alg": "EdDSA", "kid": "p256" }), &claims()),
        ),
        (
            "claims of another token",
            format!("{}.{}.{}", part(&good, 0), part(&admin, 1), part(&good, 2)),
        ),
        ("no signature", format!("{}.{}.", part(&good, 0), part(&good, 1))),
        ("alg none", format!("{none}.{}.", part(&good, 1))),
        (
            "alg none, signed",
            format!("{none}.{}.{}", part(&good, 1), part(&good, 2)),
        ),
        ("HS256 with the public key", hmac(public.as_bytes())),
        ("HS256 with a file", hmac(&pem)),
        (
            "a key of its own in the head",
            other.sign_as(json!({ "alg": "EdDSA", "kid": "ed", "jwk": other.public() }), &claims()),
        ),
        (
            "another algorithm in the head",
            ed.sign_as(json!({ "alg": "ES256", "kid": "ed" }), &claims()),
        ),
        ("oversized", format!("{good}{}", "A".repeat(20_000))),
        ("cut", good[..good.len() - 4].to_owned()),
    ];
    for (what, token) in bad {
        let refused = ask(&app, Some(&token), COUNT).await;
        assert_eq!(
            (refused.status, code(&refused.json())),
            (401, &json!("UNAUTHENTICATED")),
            "{what}: {}",
            refused.text()
        );
    }
}

async fn keys_are_rotated_and_outlive_the_issuer_for_a_time(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let app = app(&db, settings(path.clone())).await;
    let [rsa, p256, ed] = all();
    let status = async |key: &Key| ask(&app, Some(&key.sign(&claims())), COUNT).await.status;
    let told = ask(&app, Some(&rsa.sign(&claims())), COUNT).await;
    assert_eq!(
        (told.status, code(&told.json())),
        (503, &json!("UNAVAILABLE")),
        "the keys were never there"
    );
    assert!(told.text().contains("sign-ins of the issuer"), "{}", told.text());
    publish(&path, std::slice::from_ref(rsa));
    assert_eq!(status(rsa).await, 200);
    assert_eq!(status(p256).await, 401);
    // A new key is known by the first token that it signed; the old one goes with the same look.
    publish(&path, std::slice::from_ref(p256));
    assert_eq!(status(p256).await, 200);
    assert_eq!(status(rsa).await, 401);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(status(ed).await, 401);
    assert_eq!(status(p256).await, 200, "known keys are good while the issuer is down");
    drop(app);
    publish(&path, std::slice::from_ref(p256));
    let mut patient = settings(path.clone());
    (patient.retry, patient.stale) = (Duration::from_secs(3600), Duration::ZERO);
    let other = TestApp::start_with(&db, |config| config.oidc = Some(patient)).await;
    // Nothing is good any longer than `stale`, and an unknown key does not have the issuer asked again and again.
    assert_eq!(ask(&other, Some(&p256.sign(&claims())), COUNT).await.status, 401);
    publish(&path, std::slice::from_ref(ed));
    assert_eq!(ask(&other, Some(&ed.sign(&claims())), COUNT).await.status, 401);
}

/// An issuer that counts how often it is asked for its keys.
async fn issuer(keys: Value) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/keys", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        let body = keys.to_string();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"\r\n\r\n") {
                heard.push(stream.read_u8().await.unwrap());
            }
            count.fetch_add(1, Ordering::SeqCst);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, asked)
}

async fn keys_of_an_address_are_asked_for_once(db: TestDb) {
    let [rsa, p256, ed] = all();
    let (address, asked) = issuer(key_set(std::slice::from_ref(ed))).await;
    let mut settings = settings(PathBuf::new());
    settings.keys = OidcKeys::Address(address);
    settings.retry = Duration::from_secs(3600);
    let app = app(&db, settings).await;
    for _ in 0..3 {
        assert_eq!(ask(&app, Some(&ed.sign(&claims())), COUNT).await.status, 200);
    }
    // Keys that it does not have, and others under the name of one that it has, are no reason to ask it again and again.
    for key in [rsa, p256, &Key::ed25519("ed")] {
        assert_eq!(ask(&app, Some(&key.sign(&claims())), COUNT).await.status, 401);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
