//! Absolute links, on the address that the client used, percent-encoded in one way.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, request::Parts},
};
use openline_chat::PageRequest;
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatAttachment, ChatMessage, Page},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::{
    domain::chat::{Slice, attachments::addressed},
    http::{ApiError, Origin, normalise::RawTarget},
    state::AppState,
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

    /// A page of a list that goes on by a cursor, `next`.
    pub(super) fn page_before<T>(&self, items: Vec<T>, next: Option<String>, size: u32) -> Page<T> {
        let next_link =
            next.map(|next| self.next_page(&[("syncState", &next), ("maxPageSize", &size.to_string())]));
        Page {
            value: items,
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
        let Origin(origin) = Origin::from_request_parts(parts, state).await?;
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
            origin,
            path: encoded_path(path),
            api_version: api_version.unwrap_or_default().to_owned(),
        })
    }
}

fn encoded(text: &[u8]) -> String {
    percent_encode(text, &RESERVED).to_string()
}

/// The path, however the client encoded it, without empty segments.
pub(super) fn encoded_path(path: &str) -> String {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| format!("/{}", encoded(&percent_decode_str(segment).collect::<Vec<_>>())))
        .collect()
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
