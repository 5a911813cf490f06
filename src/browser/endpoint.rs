//! The server's address, as applications give it.

use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::js::error::type_error;

/// The address of a server: an http or https URL without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(String);

impl Endpoint {
    /// Reads an address; what follows the path is dropped.
    pub(crate) fn parse(text: &str) -> Result<Self, JsValue> {
        let invalid = || {
            type_error("The endpoint must be an http or https URL, such as \"https://calls.example.com\".")
        };
        let url = Url::new(text.trim()).map_err(|_not_a_url| invalid())?;
        if !matches!(url.protocol().as_str(), "https:" | "http:") {
            return Err(invalid());
        }
        url.set_search("");
        url.set_hash("");
        Ok(Self(url.href().trim_end_matches('/').to_owned()))
    }

    /// The URL of something below the address; `path` begins with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        [self.0.as_str(), path].concat()
    }

    /// The same for a WebSocket.
    pub(crate) fn web_socket_url(&self, path: &str) -> String {
        // "http" and "https" become "ws" and "wss".
        ["ws", self.0.strip_prefix("http").unwrap_or(&self.0), path].concat()
    }

    /// The URL of a path that the server itself named.
    pub(crate) fn origin_url(&self, path: &str) -> String {
        let origin = Url::new(&self.0).map(|url| url.origin()).unwrap_or_default();
        [origin.as_str(), path].concat()
    }

    /// Whether a URL is on this server, so that it may be sent a token.
    pub(crate) fn owns(&self, url: &str) -> bool {
        let origin = |text: &str| Url::new(text).ok().map(|url| url.origin());
        origin(url).is_some_and(|theirs| origin(&self.0).is_some_and(|ours| ours == theirs))
    }
}
