//! Tokens between JavaScript and the core.

use std::fmt::Display;

use openline_identity::{AccessToken, GetTokenError, SuppliedToken};
use openline_protocol::Timestamp;
use wasm_bindgen::JsValue;

use super::claims::claims;
use crate::js::{
    error::{ErrorBuilder, abort_error},
    object::{self, Plain},
};

/// A token as applications supply it: text, or an object with its expiry.
pub(super) fn supplied_token(value: &JsValue) -> Option<SuppliedToken> {
    if let Some(token) = value.as_string() {
        let expires_on = claims(&token).map(|claims| claims.expires_on());
        return Some(SuppliedToken::Text { token, expires_on });
    }
    access_token(value).map(SuppliedToken::Token)
}

/// An object `{ token, expiresOnTimestamp }`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is meant"
)]
pub(super) fn access_token(value: &JsValue) -> Option<AccessToken> {
    let token = object::get_string(value, "token")?;
    let expires_on = object::get(value, "expiresOnTimestamp")?.as_f64()?;
    Some(AccessToken {
        token,
        expires_on: Timestamp::from_millis(expires_on as u64),
    })
}

#[expect(clippy::cast_precision_loss, reason = "exact for any date")]
pub(super) fn access_token_to_js(token: &AccessToken) -> JsValue {
    Plain::new()
        .with("token", token.token.as_str())
        .with("expiresOnTimestamp", token.expires_on.as_millis() as f64)
        .build()
}

pub(super) fn credential_error(code: &str, error: &impl Display) -> JsValue {
    ErrorBuilder::new("CredentialError", &error.to_string())
        .with("code", code)
        .build()
}

pub(super) fn get_token_error(error: GetTokenError<JsValue>) -> JsValue {
    match error {
        GetTokenError::Refresher(error) => error,
        GetTokenError::Aborted => abort_error(),
        GetTokenError::Expired => credential_error("expired", &error),
        GetTokenError::Invalid(invalid) => credential_error("invalid", &invalid),
        // Includes what may be added: the credential is of no use.
        GetTokenError::Disposed | _ => credential_error("disposed", &error),
    }
}
