//! Where a client finds a file.

use openline_protocol::{
    ThreadId,
    rest::chat::{ChatAttachment, ChatAttachmentType},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is encoded in addresses: everything but the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A file of a thread with its addresses below `endpoint`. Those of images have the form that published clients
/// expect: they put their own endpoint and version in.
#[must_use]
pub fn addressed(
    attachment: &ChatAttachment,
    endpoint: &str,
    thread_id: &ThreadId,
    api_version: &str,
) -> ChatAttachment {
    let address = |what: &str, view: &str| {
        format!(
            "{}/chat/threads/{}/{what}/{}{view}?api-version={api_version}",
            endpoint.trim_end_matches('/'),
            utf8_percent_encode(thread_id.as_str(), &RESERVED),
            attachment.id,
        )
    };
    let (url, preview_url) = match attachment.attachment_type {
        ChatAttachmentType::Image => (
            address("images", "/view/original"),
            Some(address("images", "/view/small")),
        ),
        ChatAttachmentType::File => (address("attachments", ""), None),
    };
    ChatAttachment {
        url: Some(url),
        preview_url,
        ..attachment.clone()
    }
}
