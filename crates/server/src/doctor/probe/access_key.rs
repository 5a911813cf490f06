//! Requests that an access key signs: an identity with a token for the run, and its end.

use std::time::SystemTime;

use aws_lc_rs::{digest, hmac};
use axum::http::{Method, Request};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http_body_util::Full;
use openline_protocol::rest::identity::{CreateIdentityRequest, CreateIdentityResponse};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::http::Way;
use crate::doctor::judge::http::{Answer, NoAnswer};

const VERSION: &str = "api-version=2023-10-01";

/// The shortest life of a token.
const MINUTES: i64 = 60;

/// A key of a resource. Secret.
#[derive(Clone)]
pub(in crate::doctor) struct AccessKey(Vec<u8>);

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey")
    }
}

/// Somebody for the run.
pub(in crate::doctor) struct Identity {
    id: String,
    pub(in crate::doctor) token: String,
}

impl AccessKey {
    /// Reads a key as connection strings have it.
    pub(in crate::doctor) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
        (!bytes.is_empty()).then(|| Self::new(bytes))
    }

    pub(in crate::doctor) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// An identity with a token for calls, if the server gives one.
    pub(in crate::doctor) async fn create_identity(
        &self,
        way: &Way,
    ) -> (Result<Answer, NoAnswer>, Option<Identity>) {
        let request = CreateIdentityRequest {
            create_token_with_scopes: Some(vec!["voip".to_owned()]),
            expires_in_minutes: Some(MINUTES),
        };
        let body = serde_json::to_vec(&request).unwrap_or_default();
        let request = self.signed(way, &Method::POST, &format!("/identities?{VERSION}"), body);
        match way.send_for_json(request).await {
            Ok((answer, body)) => {
                let created: Option<CreateIdentityResponse> = serde_json::from_value(body).ok();
                let identity = created.and_then(|created| {
                    Some(Identity {
                        id: created.identity.id,
                        token: created.access_token?.token,
                    })
                });
                (Ok(answer), identity)
            }
            Err(why) => (Err(why), None),
        }
    }

    /// Ends it, its token included.
    pub(in crate::doctor) async fn delete_identity(
        &self,
        way: &Way,
        identity: &Identity,
    ) -> Result<Answer, NoAnswer> {
        let id = utf8_percent_encode(&identity.id, NON_ALPHANUMERIC);
        let request = self.signed(
            way,
            &Method::DELETE,
            &format!("/identities/{id}?{VERSION}"),
            Vec::new(),
        );
        way.send(request).await
    }

    fn signed(&self, way: &Way, method: &Method, target: &str, body: Vec<u8>) -> Request<Full<Bytes>> {
        let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, &body));
        let date = httpdate::fmt_http_date(SystemTime::now());
        let host = way.endpoint.authority();
        let text = format!("{method}\n{target}\n{date};{host};{hash}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        Request::builder()
            .method(method)
            .uri(target)
            .header("content-type", "application/json")
            .header("x-ms-date", date)
            .header("x-ms-content-sha256", hash)
            .header(
                "authorization",
                format!("HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"),
            )
            .body(Full::new(Bytes::from(body)))
            .expect("each part is plain ASCII")
    }
}
