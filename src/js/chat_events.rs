//! Chat events as the listeners of `ChatClient` get them, from the `event` of a frame as the browser parsed it
//! (`openline_protocol::realtime::ChatEvent`).

use js_sys::{Array, Date};
use openline_protocol::RawId;
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    chat_client::CHAT_API_VERSION,
    identifiers::raw_id_to_js,
    object::{self, Plain, get, get_string},
};
use crate::{browser::endpoint::Endpoint, rest::segment};

/// The events that this version knows, by the names that they have on the wire, too.
const NAMES: [&str; 11] = [
    "chatMessageReceived",
    "chatMessageEdited",
    "chatMessageDeleted",
    "typingIndicatorReceived",
    "readReceiptReceived",
    "deliveryReceiptReceived",
    "chatThreadCreated",
    "chatThreadDeleted",
    "chatThreadPropertiesUpdated",
    "participantsAdded",
    "participantsRemoved",
];

/// What the verbs of thread events are called: who did it, and when.
const VERBS: [&str; 5] = ["created", "updated", "deleted", "added", "removed"];

/// The name that listeners are registered under; `None` for an event that this version does not know.
pub(crate) fn event_name(event: &JsValue) -> Option<&'static str> {
    let name = get_string(event, "type")?;
    NAMES.into_iter().find(|known| *known == name)
}

/// What listeners get. `recipient` is who is signed in, at `endpoint`.
pub(crate) fn event_to_js(
    name: &str,
    event: &JsValue,
    recipient: Option<&RawId>,
    endpoint: &Endpoint,
) -> JsValue {
    match get(event, "thread") {
        Some(thread) => thread_event(name, event, &thread),
        None => message_event(name, event, recipient, endpoint),
    }
}

/// An event of a message, or about who reads, types and has messages.
fn message_event(name: &str, event: &JsValue, recipient: Option<&RawId>, endpoint: &Endpoint) -> JsValue {
    let with_content = matches!(name, "chatMessageReceived" | "chatMessageEdited");
    let mut plain = Plain::new()
        .copy(
            event,
            &["threadId", "senderDisplayName", "id", "version", "chatMessageId"],
        )
        .convert(event, &["sender"], identifier)
        .with("recipient", recipient.map(raw_id_to_js))
        .convert(
            event,
            &[
                "createdOn",
                "editedOn",
                "deletedOn",
                "receivedOn",
                "readOn",
                "deliveredOn",
            ],
            date,
        )
        .with("type", get(event, "messageType").unwrap_or(JsValue::UNDEFINED));
    if with_content {
        plain = plain
            .copy(event, &["message"])
            .with("metadata", metadata(event))
            .with("attachments", attachments(event, endpoint));
    }
    plain.build()
}

/// The files of a message. They come without addresses, which depend on where the server is reached.
fn attachments(event: &JsValue, endpoint: &Endpoint) -> JsValue {
    let thread_id = get_string(event, "threadId").unwrap_or_default();
    let thread = endpoint.url(&["/chat/threads/", &segment(&thread_id), "/"].concat());
    let list = object::map(&get(event, "attachments").unwrap_or(JsValue::UNDEFINED), copy);
    for attachment in Array::from(&list).iter() {
        let id = segment(&get_string(&attachment, "id").unwrap_or_default());
        let address = |field: &str, kind: &str, view: &str| {
            let parts = [&thread, kind, &id, view, "?api-version=", CHAT_API_VERSION];
            object::set(&attachment, field, &parts.concat().into());
        };
        if get_string(&attachment, "attachmentType").as_deref() == Some("image") {
            address("url", "images/", "/view/original");
            address("previewUrl", "images/", "/view/small");
        } else {
            address("url", "attachments/", "");
        }
    }
    list
}

/// An event of a thread and who is in it.
fn thread_event(name: &str, event: &JsValue, thread: &JsValue) -> JsValue {
    let list = get(event, "participants");
    let mut plain = Plain::new().copy(thread, &["threadId", "version"]);
    for verb in VERBS {
        let (on, by) = ([verb, "On"].concat(), [verb, "By"].concat());
        plain = plain.convert(event, &[&on], date);
        if let Some(raw_id) = get(event, &by) {
            plain = plain.with(&by, who(&raw_id, list.as_ref()));
        }
    }
    if matches!(name, "chatThreadCreated" | "chatThreadPropertiesUpdated") {
        let properties = Plain::new()
            .copy(thread, &["topic"])
            .with("metadata", metadata(thread));
        plain = plain
            .with("properties", properties.build())
            .with("retentionPolicy", retention_policy(thread));
    }
    if name == "chatThreadDeleted" {
        let reason = get(event, "reason").unwrap_or_else(|| "deletedByUser".into());
        plain = plain.with("reason", reason);
        if get(event, "deletedBy").is_none() {
            // A policy: nobody, but handlers take it for granted that there is somebody.
            plain = plain.with("deletedBy", who(&"".into(), None));
        }
    }
    if let Some(list) = list {
        // Named after the event, where that is about people.
        let field = if name == "chatThreadCreated" {
            "participants"
        } else {
            name
        };
        plain = plain.with(field, object::map(&list, participant));
    }
    plain.build()
}

/// Who did it, with the name and history of the list where the person is in it.
fn who(raw_id: &JsValue, list: Option<&JsValue>) -> JsValue {
    let list = list.map(Array::from).unwrap_or_default();
    match list
        .iter()
        .find(|participant| get(participant, "rawId").as_ref() == Some(raw_id))
    {
        Some(known) => participant(&known),
        None => Plain::new()
            .with("id", identifier(raw_id))
            .with("displayName", "")
            .with("metadata", Plain::new().build())
            .build(),
    }
}

fn participant(participant: &JsValue) -> JsValue {
    Plain::new()
        .with("id", get(participant, "rawId").map(|raw_id| identifier(&raw_id)))
        .copy(participant, &["displayName"])
        .with("metadata", metadata(participant))
        .convert(participant, &["shareHistoryTime"], date)
        .build()
}

fn identifier(raw_id: &JsValue) -> JsValue {
    raw_id_to_js(&RawId::new(raw_id.as_string().unwrap_or_default()))
}

fn metadata(of: &JsValue) -> JsValue {
    copy(&get(of, "metadata").unwrap_or(JsValue::UNDEFINED))
}

fn retention_policy(thread: &JsValue) -> JsValue {
    get(thread, "retentionPolicy").map_or_else(
        || Plain::new().with("kind", "none").build(),
        |policy| copy(&policy),
    )
}

/// A fresh object: several listeners, and several clients, get the same event.
fn copy(from: &JsValue) -> JsValue {
    js_sys::Object::assign(&js_sys::Object::new(), from.unchecked_ref()).into()
}

fn date(millis: &JsValue) -> JsValue {
    Date::new(millis).into()
}
