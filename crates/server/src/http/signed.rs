//! Control-plane requests: signed with an access key of the resource they are about.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use openline_protocol::Timestamp;
use serde::de::DeserializeOwned;

use super::{
    ApiError, Listener,
    hmac::{self, SignedParts},
    json,
    normalise::RawTarget,
};
use crate::{domain::resource::Resource, state::AppState};

/// How far a request's date may be from our clock. Clients sign once and repeat that in retries.
const MAX_SKEW: Duration = Duration::from_secs(15 * 60);

const DENIED: &str = "Denied by the resource provider.";

/// A request that an access key signed: whose, and its body.
#[derive(Debug)]
pub(super) struct Signed {
    /// The resource whose key signed it.
    pub(super) resource: Arc<Resource>,
    body: Bytes,
}

impl Signed {
    /// The body as JSON; an empty one is `{}`.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        json::parse(&self.body)
    }
}

impl FromRequest<AppState> for Signed {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let claim = Claim::read(&parts).ok_or_else(|| ApiError::denied(DENIED))?;
        claim.check_date(state.clock().now())?;
        let body = json::read_body(body, state.config.limits.max_body_bytes).await?;
        let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, &body));
        if hash != claim.content_hash {
            let message = "Request 'x-ms-content-sha256' differs from generated content hash.";
            return Err(ApiError::denied(message));
        }
        let texts = claim.texts(&parts, &state.endpoints.public);
        if let Some(resource) = signer(state, &texts, claim.signature) {
            return Ok(Self { resource, body });
        }
        // The key may be that of a resource that was created a moment ago.
        if state.resources.reload_on_miss(state.clock().monotonic()).await?
            && let Some(resource) = signer(state, &texts, claim.signature)
        {
            return Ok(Self { resource, body });
        }
        Err(ApiError::denied(DENIED))
    }
}

/// What the request says about its signature.
pub(super) struct Claim<'a> {
    target: &'a str,
    date: &'a str,
    content_hash: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Claim<'a> {
    pub(super) fn read(parts: &'a Parts) -> Option<Self> {
        Some(Self {
            target: &parts.extensions.get::<RawTarget>()?.0,
            // The first published client for Python signs `date`.
            date: text(&parts.headers, "x-ms-date").or_else(|| text(&parts.headers, "date"))?,
            content_hash: text(&parts.headers, "x-ms-content-sha256")?,
            signature: hmac::signature_of(text(&parts.headers, header::AUTHORIZATION.as_str())?)?,
        })
    }

    pub(super) fn check_date(&self, now: Timestamp) -> Result<(), ApiError> {
        let date = httpdate::parse_http_date(self.date).map_err(|_invalid| {
            ApiError::denied("Request 'x-ms-date' is no date like 'Sat, 21 Nov 2026 07:22:05 GMT'.")
        })?;
        let now = std::time::UNIX_EPOCH + Duration::from_secs(now.as_secs());
        let skew = date
            .duration_since(now)
            .unwrap_or_else(|earlier| earlier.duration());
        if skew <= MAX_SKEW {
            return Ok(());
        }
        Err(ApiError::denied(
            "Request 'x-ms-date' is more than 15 minutes from the server's clock.",
        ))
    }

    /// What the client may have signed.
    pub(super) fn texts(&self, parts: &Parts, public_endpoint: &str) -> Vec<Vec<u8>> {
        hmac::candidates(&SignedParts {
            method: parts.method.as_str(),
            target: self.target,
            hosts: hosts(parts, public_endpoint),
            date: self.date,
            content_hash: self.content_hash,
        })
    }
}

fn signer(state: &AppState, texts: &[Vec<u8>], signature: &str) -> Option<Arc<Resource>> {
    let resources = state.resources.all();
    resources
        .into_iter()
        .find(|resource| hmac::verify(resource.access_keys(), texts, signature))
}

/// The names that a client may have signed: as it called us, as a proxy was called, as we call ourselves; each
/// also without its port, and with the scheme's port where it has none.
fn hosts(parts: &Parts, public_endpoint: &str) -> Vec<String> {
    let default_port = match parts.extensions.get::<Listener>() {
        Some(Listener::Plain) => 80,
        Some(Listener::Tls) | None => 443,
    };
    let public = public_endpoint
        .split("://")
        .nth(1)
        .map(|rest| rest.trim_end_matches('/'));
    let named = [
        text(&parts.headers, "host"),
        parts.uri.authority().map(axum::http::uri::Authority::as_str),
        text(&parts.headers, "x-forwarded-host"),
        public,
    ];
    let mut hosts = Vec::new();
    for host in named.into_iter().flatten() {
        let (name, port) = split_port(host);
        let other = if port.is_some() {
            name.to_owned()
        } else {
            format!("{host}:{default_port}")
        };
        for candidate in [host.to_owned(), other] {
            if !hosts.contains(&candidate) {
                hosts.push(candidate);
            }
        }
    }
    hosts
}

/// Splits `name:port`; the colons of an IPv6 address are inside brackets.
fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(port))
        }
        Some(_) | None => (host, None),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_told_from_an_ipv6_address() {
        assert_eq!(split_port("localhost:8443"), ("localhost", Some("8443")));
        assert_eq!(split_port("localhost"), ("localhost", None));
        assert_eq!(split_port("[::1]"), ("[::1]", None));
        assert_eq!(split_port("[::1]:443"), ("[::1]", Some("443")));
    }
}
