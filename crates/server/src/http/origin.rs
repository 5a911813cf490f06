//! The server's address, and those of pages that may use it.

use axum::{
    Extension, RequestPartsExt as _,
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts, uri::Authority},
};

use super::{ApiError, Listener};
use crate::{
    config::Config,
    state::{AppState, Mode},
};

/// The server's origin as its client is to use it, `https://host:8443`, without a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin(pub(crate) String);

impl FromRequestParts<AppState> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let listener = parts
            .extract::<Extension<Listener>>()
            .await
            .map_or(Listener::Tls, |found| found.0);
        Ok(Self(origin(state, parts, listener)))
    }
}

/// In production the configured endpoint: what is between client and server may have changed the host.
fn origin(state: &AppState, parts: &Parts, listener: Listener) -> String {
    let public = state.endpoints.public.trim_end_matches('/');
    let Mode::Dev { .. } = state.mode else {
        return public.to_owned();
    };
    let host = parts.uri.authority().map(ToString::to_string).or_else(|| {
        let host = parts.headers.get(header::HOST)?.to_str().ok()?;
        host.parse::<Authority>()
            .ok()
            .map(|authority| authority.to_string())
    });
    match (host, listener) {
        (Some(host), Listener::Plain) => format!("http://{host}"),
        (Some(host), Listener::Tls) => format!("https://{host}"),
        (None, _) => public.to_owned(),
    }
}

/// The origins whose pages may open a socket, as in the header `Origin`. Clients that are no browser send none and are
/// not held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigins(Option<Vec<String>>);

impl AllowedOrigins {
    /// All of them.
    #[must_use]
    pub const fn any() -> Self {
        Self(None)
    }

    /// These.
    #[must_use]
    pub const fn only(origins: Vec<String>) -> Self {
        Self(Some(origins))
    }

    /// Those of `config`; in dev mode all.
    #[must_use]
    pub fn new(config: &Config, mode: &Mode) -> Self {
        let origins = &config.server.allowed_origins;
        let any = matches!(mode, Mode::Dev { .. }) || origins.iter().any(|origin| origin == "*");
        if any {
            Self::any()
        } else {
            Self::only(origins.clone())
        }
    }

    /// Refuses with 403 what a page of another origin asks for.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let (Some(allowed), Some(origin)) = (&self.0, headers.get(header::ORIGIN)) else {
            return Ok(());
        };
        if allowed
            .iter()
            .any(|allowed| allowed.as_bytes().eq_ignore_ascii_case(origin.as_bytes()))
        {
            return Ok(());
        }
        let message = "Pages of this origin may not connect.";
        Err(ApiError::new(
            axum::http::StatusCode::FORBIDDEN,
            "Forbidden",
            message,
        ))
    }
}
