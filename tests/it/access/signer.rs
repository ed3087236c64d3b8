//! Signs tokens as an issuer does: by ring itself, not by what checks them.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// A key of an issuer, and what it is called there.
pub(super) struct Key {
    pub(super) id: &'static str,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    /// A secret that both sides would have to know.
    Shared(hmac::Key),
}

impl Key {
    /// The one of the fixtures: ring makes none.
    pub(super) fn rsa(id: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/access/rsa.pem");
        let der = PrivateKeyDer::from_pem_file(path).unwrap();
        let pair = RsaKeyPair::from_pkcs8(der.secret_der()).unwrap();
        let pair = Pair::Rsa(Box::new(pair));
        Self { id, pair }
    }

    /// A new one.
    pub(super) fn p256(id: &'static str) -> Self {
        let (alg, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let der = EcdsaKeyPair::generate_pkcs8(alg, &random).unwrap();
        let pair = Pair::P256(EcdsaKeyPair::from_pkcs8(alg, der.as_ref(), &random).unwrap());
        Self { id, pair }
    }

    /// A new one.
    pub(super) fn ed25519(id: &'static str) -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Pair::Ed25519(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap());
        Self { id, pair }
    }

    pub(super) fn shared(id: &'static str, secret: &[u8]) -> Self {
        let pair = Pair::Shared(hmac::Key::new(hmac::HMAC_SHA256, secret));
        Self { id, pair }
    }

    fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::P256(_) => "ES256",
            Pair::Ed25519(_) => "EdDSA",
            Pair::Shared(_) => "HS256",
        }
    }

    /// Its public part as a JSON web key.
    pub(super) fn public(&self) -> Value {
        let mut key = match &self.pair {
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": encoded(&n), "e": encoded(&e) })
            }
            Pair::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key().as_ref()) })
            }
            Pair::Shared(_) => unreachable!("it has no public part"),
        };
        key["kid"] = json!(self.id);
        key["alg"] = json!(self.alg());
        key["use"] = json!("sig");
        key
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        self.sign_as(json!({ "typ": "JWT", "alg": self.alg(), "kid": self.id }), claims)
    }

    /// A token with another head.
    pub(super) fn sign_as(&self, head: Value, claims: &Value) -> String {
        let text = format!(
            "{}.{}",
            encoded(head.to_string().as_bytes()),
            encoded(claims.to_string().as_bytes())
        );
        let (random, message) = (SystemRandom::new(), text.as_bytes());
        let signed = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signed = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signed).unwrap();
                signed
            }
            Pair::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Shared(key) => hmac::sign(key, message).as_ref().to_vec(),
        };
        format!("{text}.{}", encoded(&signed))
    }
}

pub(super) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
