//! What the chat service answers, as applications get it: `Date`s for times, identifiers with their `kind`.

use js_sys::{Array, Date};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    identifiers::model_to_js,
    object::{self, Plain, get, get_string},
    paged,
};

/// Reads a page of a list, with `to_js` for its items.
pub(crate) fn page(answer: &JsValue, to_js: fn(&JsValue) -> JsValue) -> paged::Page {
    let items = get(answer, "value")
        .and_then(|items| items.dyn_into::<Array>().ok())
        .unwrap_or_default();
    (
        items.iter().map(|item| to_js(&item)).collect(),
        get_string(answer, "nextLink"),
    )
}

/// A time in ISO 8601 as a `Date`.
fn date(text: &JsValue) -> JsValue {
    Date::new(text).into()
}

/// What an operation resolves with that answers nothing.
pub(crate) fn nothing(_answer: &JsValue) -> JsValue {
    JsValue::UNDEFINED
}

pub(crate) fn create_result(created: &JsValue) -> JsValue {
    Plain::new()
        .convert(created, &["chatThread"], thread_properties)
        .copy(created, &["invalidParticipants"])
        .build()
}

pub(crate) fn add_result(added: &JsValue) -> JsValue {
    Plain::new().copy(added, &["invalidParticipants"]).build()
}

pub(crate) fn thread_properties(thread: &JsValue) -> JsValue {
    let creator = get(thread, "createdByCommunicationIdentifier");
    Plain::new()
        .copy(thread, &["id", "topic", "metadata", "retentionPolicy"])
        .convert(thread, &["createdOn", "deletedOn"], date)
        .with("createdBy", creator.as_ref().map(model_to_js))
        .build()
}

pub(crate) fn thread_item(thread: &JsValue) -> JsValue {
    Plain::new()
        .copy(thread, &["id", "topic"])
        .convert(thread, &["deletedOn", "lastMessageReceivedOn"], date)
        .build()
}

pub(crate) fn message(message: &JsValue) -> JsValue {
    let sender = get(message, "senderCommunicationIdentifier");
    Plain::new()
        .copy(
            message,
            &[
                "id",
                "type",
                "sequenceId",
                "version",
                "senderDisplayName",
                "metadata",
            ],
        )
        .convert(message, &["content"], content)
        .convert(message, &["createdOn", "deletedOn", "editedOn"], date)
        .with("sender", sender.as_ref().map(model_to_js))
        .build()
}

pub(crate) fn search_item(found: &JsValue) -> JsValue {
    Plain::new()
        .copy(found, &["threadId", "snippet"])
        .convert(found, &["message"], message)
        .build()
}

fn content(content: &JsValue) -> JsValue {
    let initiator = get(content, "initiatorCommunicationIdentifier");
    let has_text = get(content, "message").is_some();
    Plain::new()
        .with("attachments", has_text.then(Array::new))
        .copy(content, &["message", "topic", "attachments"])
        .convert(content, &["participants"], |list| object::map(list, participant))
        .with("initiator", initiator.as_ref().map(model_to_js))
        .build()
}

pub(crate) fn participant(participant: &JsValue) -> JsValue {
    let id = get(participant, "communicationIdentifier").unwrap_or(JsValue::UNDEFINED);
    Plain::new()
        .with("id", model_to_js(&id))
        .copy(participant, &["displayName", "metadata"])
        .convert(participant, &["shareHistoryTime"], date)
        .build()
}

/// A receipt of either kind.
pub(crate) fn receipt(receipt: &JsValue) -> JsValue {
    let sender = get(receipt, "senderCommunicationIdentifier").unwrap_or(JsValue::UNDEFINED);
    Plain::new()
        .with("sender", model_to_js(&sender))
        .copy(receipt, &["chatMessageId"])
        .convert(receipt, &["readOn", "deliveredOn"], date)
        .build()
}

pub(crate) fn send_result(sent: &JsValue) -> JsValue {
    Plain::new().copy(sent, &["id"]).build()
}
