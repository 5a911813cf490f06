//! Any credential, through its public interface: ours, a wrapper around it, or an application's own.

use openline_identity::AccessToken;
use wasm_bindgen::{JsCast as _, JsValue};

use super::supplied::access_token;
use crate::{
    js::{
        error::{plain_error, type_error},
        object::{self, Plain},
        promise::resolved,
    },
    text::contains,
};

/// No token is longer. A frame over the limit of the protocol would cost the client its connection.
const MAX_TOKEN_BYTES: usize = 32 * 1024;

/// A credential that an application passed in.
#[derive(Clone, PartialEq)]
pub(crate) struct CredentialHandle(JsValue);

/// Why a credential gave no token.
pub(crate) struct TokenUnavailable {
    /// Whether asking again cannot help.
    pub(crate) permanent: bool,
    /// What it rejected with.
    pub(crate) error: JsValue,
}

impl CredentialHandle {
    /// Takes anything that has `getToken` and `dispose`.
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, JsValue> {
        let usable = ["getToken", "dispose"]
            .iter()
            .all(|method| object::get_function(value, method).is_some());
        if usable {
            Ok(Self(value.clone()))
        } else {
            Err(type_error(
                "The credential must have getToken and dispose; make one with new CommunicationTokenCredential(..).",
            ))
        }
    }

    /// What the application passed in.
    pub(crate) fn to_js(&self) -> JsValue {
        self.0.clone()
    }

    /// Asks for a token, for another one where the server `refused` one.
    pub(crate) async fn get_token(&self, refused: Option<&str>) -> Result<AccessToken, TokenUnavailable> {
        let temporary = |error| TokenUnavailable {
            permanent: false,
            error,
        };
        let get_token = object::get_function(&self.0, "getToken")
            .ok_or_else(|| temporary(plain_error("The credential has no getToken.")))?;
        let options = Plain::new().with("refusedToken", refused).build();
        let answer = match get_token.call1(&self.0, &options) {
            Ok(promise) => resolved(promise.unchecked_ref()).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => match access_token(&answer) {
                Some(token) if (1..=MAX_TOKEN_BYTES).contains(&token.token.len()) => Ok(token),
                _ => Err(temporary(plain_error(
                    "The credential returned no token, or something too long to be one.",
                ))),
            },
            Err(error) => Err(TokenUnavailable {
                permanent: is_final(&error),
                error,
            }),
        }
    }
}

/// Whether a credential said that it is disposed: ours by its code, others by the usual sentence.
fn is_final(error: &JsValue) -> bool {
    object::get_string(error, "code").is_some_and(|code| code == "disposed")
        || object::get_string(error, "message")
            .is_some_and(|message| contains(&message, "credential is disposed"))
}
