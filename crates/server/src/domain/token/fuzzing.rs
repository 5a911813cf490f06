//! See [`crate::fuzzing`].

use jsonwebtoken::Validation;
use openline_protocol::{ResourceId, Timestamp};

use super::{
    SigningKey, TokenRefused, VerifiedToken, VerifyingKey,
    service::{claims_of, key_id_of, validation},
};
use crate::storage::SigningKeyRow;

const KEY_ID: &str = "key";

/// Reads tokens of one resource, whose key nobody else has.
#[derive(Debug)]
pub struct TokenReader {
    signing: SigningKey,
    verifying: VerifyingKey,
    validation: Validation,
}

impl TokenReader {
    /// With a new key.
    ///
    /// # Panics
    ///
    /// Where there is no randomness.
    #[must_use]
    pub fn new(resource_id: ResourceId) -> Self {
        let row = SigningKeyRow {
            resource_id,
            key_id: KEY_ID.to_owned(),
            private_key: SigningKey::generate_pkcs8(),
            created_on: Timestamp::default(),
        };
        let drawn = "a key that was drawn is one";
        Self {
            signing: SigningKey::from_row(&row).expect(drawn),
            verifying: VerifyingKey::from_row(&row).expect(drawn),
            validation: validation(),
        }
    }

    /// What a token says, whether or not it expired or was revoked.
    ///
    /// # Errors
    ///
    /// [`TokenRefused::Unknown`], [`TokenRefused::Forged`].
    pub fn read(&self, token: &str) -> Result<VerifiedToken, TokenRefused> {
        if key_id_of(token)? != KEY_ID {
            return Err(TokenRefused::Unknown);
        }
        let claims = claims_of(token, &self.verifying, &self.validation)?;
        Ok(VerifiedToken::from(&claims))
    }

    /// The token with this payload.
    #[must_use]
    pub fn sign(&self, payload: &str) -> Option<String> {
        self.signing.sign(payload).ok()
    }
}
