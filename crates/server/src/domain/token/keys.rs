//! Keys that sign and verify tokens.

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use openline_protocol::ResourceId;

use crate::storage::{SigningKeyRow, StorageError};

/// The private half: signs.
pub struct SigningKey {
    key_id: String,
    /// The encoded header, the same in every token.
    header: String,
    key: EncodingKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new P-256 key, as PKCS#8. Secret.
    ///
    /// # Panics
    ///
    /// If the machine has no randomness, in which case nothing can go on.
    #[must_use]
    pub fn generate_pkcs8() -> Vec<u8> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .expect("a P-256 key can be drawn wherever there is randomness");
        document.as_ref().to_vec()
    }

    /// Reads a stored key.
    ///
    /// # Errors
    ///
    /// [`StorageError::Corrupt`] if it is no P-256 key.
    pub fn from_row(row: &SigningKeyRow) -> Result<Self, StorageError> {
        key_pair(row)?;
        let header = serde_json::json!({ "alg": "ES256", "typ": "JWT", "kid": row.key_id }).to_string();
        Ok(Self {
            key_id: row.key_id.clone(),
            header: BASE64_URL_SAFE_NO_PAD.encode(header),
            key: EncodingKey::from_ec_der(&row.private_key),
        })
    }

    /// The token whose payload is `json`.
    pub(super) fn sign(&self, json: &str) -> jsonwebtoken::errors::Result<String> {
        let message = format!("{}.{}", self.header, BASE64_URL_SAFE_NO_PAD.encode(json));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::ES256)?;
        Ok(format!("{message}.{signature}"))
    }
}

/// The public half: verifies, and says for which resource.
#[derive(Clone)]
pub struct VerifyingKey {
    /// The resource whose tokens it verifies.
    pub resource_id: ResourceId,
    key: DecodingKey,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("resource_id", &self.resource_id)
            .finish_non_exhaustive()
    }
}

impl VerifyingKey {
    /// The public half of a stored key.
    ///
    /// # Errors
    ///
    /// [`StorageError::Corrupt`] if it is no P-256 key.
    pub fn from_row(row: &SigningKeyRow) -> Result<Self, StorageError> {
        let pair = key_pair(row)?;
        let key = DecodingKey::from_ec_der(pair.public_key().as_ref());
        Ok(Self {
            resource_id: row.resource_id.clone(),
            key,
        })
    }

    pub(super) fn key(&self) -> &DecodingKey {
        &self.key
    }
}

fn key_pair(row: &SigningKeyRow) -> Result<EcdsaKeyPair, StorageError> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &row.private_key)
        .map_err(|_rejected| StorageError::Corrupt { what: "signing key" })
}
