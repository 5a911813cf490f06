//! Absolute links, on the address that the client used, percent-encoded in one way.

use axum::{
    Extension, RequestPartsExt as _,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts, uri::Authority},
};
use openline_chat::PageRequest;
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatAttachment, ChatMessage, Page},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::{
    domain::chat::{Slice, attachments::addressed},
    http::{ApiError, Listener, normalise::RawTarget},
    state::{AppState, Mode},
};

/// What is encoded in links: everything but the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What links in the answer to a request are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Links {
    /// `https://host:8443`
    origin: String,
    /// The request's path, its segments encoded as everything in links.
    path: String,
    /// The request's `api-version`.
    api_version: String,
}

impl Links {
    /// The next page of this list: `parameters` and the version.
    pub(super) fn next_page(&self, parameters: &[(&str, &str)]) -> String {
        let mut link = format!("{}{}?", self.origin, self.path);
        for (name, value) in parameters {
            link.push_str(&format!("{name}={}&", encoded(value.as_bytes())));
        }
        link.push_str("api-version=");
        link.push_str(&self.api_version);
        link
    }

    /// A page of a list that is counted off.
    pub(super) fn page<T>(&self, slice: Slice<T>, page: PageRequest) -> Page<T> {
        let next_link = slice.next_skip.map(|skip| {
            self.next_page(&[
                ("skip", &skip.to_string()),
                ("maxPageSize", &page.size.to_string()),
            ])
        });
        Page {
            value: slice.items,
            next_link,
        }
    }

    /// The address of something that the request created below its path, for `Location`.
    pub(super) fn created(&self, id: &str) -> Option<HeaderValue> {
        let id = encoded(id.as_bytes());
        HeaderValue::from_str(&format!("{}{}/{id}", self.origin, self.path)).ok()
    }
}

impl Links {
    /// A file with its addresses.
    pub(super) fn attachment(&self, thread_id: &ThreadId, attachment: &ChatAttachment) -> ChatAttachment {
        addressed(attachment, &self.origin, thread_id, &self.api_version)
    }

    /// A message whose files have their addresses.
    pub(super) fn message(&self, thread_id: &ThreadId, mut message: ChatMessage) -> ChatMessage {
        for attachment in message
            .content
            .iter_mut()
            .flat_map(|content| &mut content.attachments)
        {
            *attachment = self.attachment(thread_id, attachment);
        }
        message
    }
}

impl FromRequestParts<AppState> for Links {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let listener = parts
            .extract::<Extension<Listener>>()
            .await
            .map_or(Listener::Tls, |found| found.0);
        let target = parts
            .extensions
            .get::<RawTarget>()
            .map_or_else(|| parts.uri.path(), |raw| &raw.0);
        let path = target.split('?').next().unwrap_or_default();
        let query = parts.uri.query().unwrap_or_default();
        let api_version = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("api-version="));
        Ok(Self {
            origin: origin(state, parts, listener),
            path: encoded_path(path),
            api_version: api_version.unwrap_or_default().to_owned(),
        })
    }
}

fn encoded(text: &[u8]) -> String {
    percent_encode(text, &RESERVED).to_string()
}

/// The path, however the client encoded it, without empty segments.
fn encoded_path(path: &str) -> String {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| format!("/{}", encoded(&percent_decode_str(segment).collect::<Vec<_>>())))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_in_one_way_however_it_was_sent() {
        for path in [
            "/chat/threads/19:a_b-c@thread.v2/messages",
            "//chat/threads/19%3aa%5Fb-c%40thread%2Ev2//messages/",
        ] {
            assert_eq!(
                encoded_path(path),
                "/chat/threads/19%3Aa_b-c%40thread.v2/messages"
            );
        }
        assert_eq!(encoded_path("/a%2Fb"), "/a%2Fb");
    }
}
