//! `CommunicationTokenCredential`, and whatever else applications pass as a credential.

mod claims;
mod handle;
mod shared;
mod supplied;

use std::rc::Rc;

use js_sys::Promise;
use openline_identity::{Credential, CredentialConfig};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

pub(crate) use self::{claims::claims, handle::CredentialHandle};
use self::{
    shared::Shared,
    supplied::{credential_error, supplied_token},
};
use super::{error::type_error, object};
use crate::browser::clock;

/// Hands out the tokens that your server issues, and fetches the next one in time.
///
/// @example
/// const credential = new CommunicationTokenCredential({
///   tokenRefresher: async (abortSignal) => (await fetch("/token", { signal: abortSignal })).text(),
///   refreshProactively: true,
/// });
#[wasm_bindgen]
pub struct CommunicationTokenCredential {
    shared: Rc<Shared>,
}

#[wasm_bindgen]
impl CommunicationTokenCredential {
    /// A credential with one fixed token, or with a function that fetches tokens.
    ///
    /// @throws {CredentialError} `invalid`: the token is blank, or, where strict, no JWT with an expiry.
    /// @throws {RangeError} `undecodableTokenExpiryIntervalInSeconds` is not positive and finite.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            js_name = tokenOrOptions,
            unchecked_param_type = "string | AccessToken | CommunicationTokenRefreshOptions"
        )]
        token_or_options: &JsValue,
    ) -> Result<Self, JsValue> {
        let now = clock::wall();
        let Some(refresher) = object::get(token_or_options, "tokenRefresher") else {
            let token = supplied_token(token_or_options).ok_or_else(|| {
                type_error(
                    "Pass a token, an object { token, expiresOnTimestamp }, or one with a tokenRefresher.",
                )
            })?;
            let credential = Credential::fixed(token, CredentialConfig::default(), now);
            let credential = credential.map_err(|error| credential_error("invalid", &error))?;
            return Ok(Self {
                shared: Shared::new(credential, None),
            });
        };
        let Some(refresher) = object::get_function(token_or_options, "tokenRefresher") else {
            drop(refresher);
            return Err(type_error("tokenRefresher must be a function."));
        };
        let first = object::get(token_or_options, "token")
            .map(|token| {
                supplied_token(&token).ok_or_else(|| type_error("token must be a string or an AccessToken."))
            })
            .transpose()?;
        let credential = Credential::refreshing(first, config(token_or_options)?, now);
        let credential = credential.map_err(|error| credential_error("invalid", &error))?;
        Ok(Self {
            shared: Shared::new(credential, Some(refresher)),
        })
    }

    /// A token that is valid now. Calls the refresher if there is none; concurrent callers share one call.
    ///
    /// @throws {CredentialError} The credential was disposed, or the refresher's token is unusable.
    #[wasm_bindgen(js_name = getToken, unchecked_return_type = "Promise<AccessToken>")]
    pub fn get_token(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CommunicationGetTokenOptions")] options: &JsValue,
    ) -> Promise {
        self.shared.get_token(options)
    }

    /// Ends the credential: it refreshes nothing any more, and `getToken` rejects. Twice is fine.
    pub fn dispose(&self) {
        self.shared.dispose();
    }
}

fn config(options: &JsValue) -> Result<CredentialConfig, JsValue> {
    let flag = |name| object::get(options, name).is_some_and(|value| value.is_truthy());
    let config = CredentialConfig {
        refresh_proactively: flag("refreshProactively"),
        strict: flag("strict"),
        ..CredentialConfig::default()
    };
    let Some(seconds) = object::get(options, "undecodableTokenExpiryIntervalInSeconds") else {
        return Ok(config);
    };
    config
        .with_undecodable_token_lifetime(seconds.as_f64().unwrap_or(f64::NAN))
        .map_err(|error| js_sys::RangeError::new(&error.to_string()).into())
}
