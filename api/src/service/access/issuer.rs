//! Signed sign-ins of an issuer (OpenID Connect): which tokens are good, and whom they name.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value as Json};

use super::key_set::KeySet;
use super::signature;
use crate::config::Oidc;
use crate::error::Error;

/// Groups of a token that are looked at.
const MOST_GROUPS: usize = 100;

/// An issuer and what is known of its keys. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    settings: Arc<Oidc>,
    keys: KeySet,
}

/// Who a good token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Who it is at the issuer.
    pub(super) subject: String,
    /// The groups it names, if the settings say where.
    pub(super) groups: Vec<String>,
    /// When it ends, in µs since the epoch.
    pub(super) until: i64,
}

impl Issuer {
    pub(super) fn new(settings: Oidc) -> Self {
        signature::install();
        let settings = Arc::new(settings);
        Self {
            keys: KeySet::new(Arc::clone(&settings)),
            settings,
        }
    }

    /// Who `token` names; none where it is not good, for whatever reason.
    ///
    /// # Errors
    /// [`Error::NoIssuer`] when the issuer's keys were never read.
    pub(super) async fn named(&self, token: &str) -> Result<Option<Named>, Error> {
        // `none` and all that is not a known algorithm fail here.
        let Ok(header) = decode_header(token) else {
            return Ok(None);
        };
        let mut allowed = self.settings.algorithms.iter().filter_map(|name| algorithm(name));
        if !allowed.any(|allowed| allowed == header.alg) {
            return Ok(None);
        }
        let Some(key) = self.keys.key(header.kid.as_deref(), header.alg).await? else {
            return Ok(None);
        };
        let Ok(key) = DecodingKey::from_jwk(&key) else {
            return Ok(None);
        };
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        validation.leeway = self.settings.leeway.as_secs();
        validation.validate_nbf = true;
        let Ok(token) = decode::<Map<String, Json>>(token, &key, &validation) else {
            return Ok(None);
        };
        Ok(self.read(&token.claims))
    }

    fn read(&self, claims: &Map<String, Json>) -> Option<Named> {
        let subject = claims.get(&self.settings.subject_claim)?.as_str()?;
        let groups = self.settings.groups_claim.as_ref().and_then(|name| claims.get(name));
        let groups = groups.and_then(Json::as_array).into_iter().flatten();
        let leeway = i64::try_from(self.settings.leeway.as_secs()).unwrap_or(0);
        let end = claims.get("exp")?.as_f64()? as i64;
        Some(Named {
            subject: subject.to_owned(),
            groups: groups
                .filter_map(Json::as_str)
                .take(MOST_GROUPS)
                .map(str::to_owned)
                .collect(),
            until: end.saturating_add(leeway).saturating_mul(1_000_000),
        })
    }
}

/// An algorithm that the settings may name: those with a public key alone.
fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}
