//! Signatures of tokens, checked by ring: RS256, ES256 and `EdDSA`. Nothing is signed here, and a shared secret checks nothing.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has every token of this process checked by ring.
pub(super) fn install() {
    // The second time it is there already.
    let _already = RING.install_default();
}

/// A public key and what it is for.
struct Checker {
    alg: Algorithm,
    key: DecodingKey,
}

fn verifier(alg: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let family = match alg {
        Algorithm::RS256 => AlgorithmFamily::Rsa,
        Algorithm::ES256 => AlgorithmFamily::Ec,
        Algorithm::EdDSA => AlgorithmFamily::Ed,
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    if key.family() != family {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(Checker {
        alg: *alg,
        key: key.clone(),
    }))
}

impl Verifier<Vec<u8>> for Checker {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        let found = match (self.key.kind(), self.alg) {
            (DecodingKeyKind::RsaModulusExponent { n, e }, Algorithm::RS256) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signed)
            }
            (DecodingKeyKind::SecretOrDer(key), Algorithm::ES256) => {
                plain(&ECDSA_P256_SHA256_FIXED, key).verify(message, signed)
            }
            (DecodingKeyKind::SecretOrDer(key), Algorithm::EdDSA) => plain(&ED25519, key).verify(message, signed),
            _ => return Err(signature::Error::new()),
        };
        // Which part of it was wrong is nobody's business.
        found.map_err(|_| signature::Error::new())
    }
}

fn plain<'a>(alg: &'static dyn VerificationAlgorithm, key: &'a [u8]) -> UnparsedPublicKey<&'a [u8]> {
    UnparsedPublicKey::new(alg, key)
}

impl JwtVerifier for Checker {
    fn algorithm(&self) -> Algorithm {
        self.alg
    }
}
