//! What applications pass to the chat clients, as request bodies. Shapes are checked here, ranges by the server.

use js_sys::{Array, Date, Object};
use openline_protocol::CommunicationIdentifier;
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    error::type_error,
    identifiers,
    object::{Plain, array, get, get_function, get_string},
    paged::Filters,
};

/// `{ topic }` and the options of `createChatThread`.
pub(crate) fn create_thread(request: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let participants = get(options, "participants")
        .map(|list| participants(&list))
        .transpose()?;
    Ok(Plain::new()
        .with("topic", required(request, "topic")?)
        .with("participants", participants)
        .with("metadata", metadata(options)?)
        .copy(options, &["retentionPolicy"])
        .build())
}

/// The options of `updateProperties`.
pub(crate) fn update_thread(options: &JsValue) -> Result<JsValue, JsValue> {
    let metadata = metadata(options)?;
    Ok(Plain::new()
        .copy(options, &["topic", "retentionPolicy"])
        .with("metadata", metadata)
        .build())
}

/// The new topic of `updateTopic`.
pub(crate) fn topic(topic: &str) -> JsValue {
    Plain::new().with("topic", topic).build()
}

/// `{ content }` and the options of `sendMessage`.
pub(crate) fn send_message(request: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    if get_string(options, "type").is_some_and(|kind| !matches!(kind.as_str(), "text" | "html")) {
        return Err(type_error("type must be \"text\" or \"html\"."));
    }
    Ok(Plain::new()
        .with("content", required(request, "content")?)
        .copy(options, &["senderDisplayName", "type"])
        .with("metadata", metadata(options)?)
        .with("attachments", attachments(options)?)
        .build())
}

/// The options of `updateMessage`.
pub(crate) fn update_message(options: &JsValue) -> Result<JsValue, JsValue> {
    let metadata = metadata(options)?;
    Ok(Plain::new()
        .copy(options, &["content"])
        .with("metadata", metadata)
        .with("attachments", attachments(options)?)
        .build())
}

/// What `searchMessages` looks for.
pub(crate) fn search(options: &JsValue) -> Result<Filters, JsValue> {
    let query = required(options, "query")?;
    let sender = get(options, "sender").map(|sender| identifiers::raw_id_from_js(&sender));
    let sender = sender.transpose()?.map(|raw_id| raw_id.as_str().to_owned());
    let mut filters = vec![("query", Some(query)), ("senderCommunicationIdentifier", sender)];
    filters.push(("threadId", get_string(options, "threadId")));
    for field in ["startTime", "endTime"] {
        filters.push((field, time(options, field)?));
    }
    Ok(filters)
}

/// The file of `uploadAttachment`: of whichever window, so that its class says nothing.
pub(crate) fn file(file: &JsValue) -> Result<(), JsValue> {
    match get_function(file, "arrayBuffer").and(get(file, "size")) {
        Some(_) => Ok(()),
        None => Err(type_error("file must be a Blob or a File.")),
    }
}

/// `{ participants }` of `addParticipants`.
pub(crate) fn add_participants(request: &JsValue) -> Result<JsValue, JsValue> {
    let list = get(request, "participants").unwrap_or(JsValue::UNDEFINED);
    Ok(Plain::new().with("participants", participants(&list)?).build())
}

/// `{ chatMessageId }` of `sendReadReceipt` and `sendDeliveryReceipt`.
pub(crate) fn receipt(request: &JsValue) -> Result<JsValue, JsValue> {
    Ok(Plain::new()
        .with("chatMessageId", required(request, "chatMessageId")?)
        .build())
}

/// The options of `sendTypingNotification`.
pub(crate) fn typing(options: &JsValue) -> JsValue {
    Plain::new().copy(options, &["senderDisplayName"]).build()
}

/// Who is meant, as the wire has it.
pub(crate) fn identifier(identifier: &JsValue) -> Result<JsValue, JsValue> {
    let raw_id = identifiers::raw_id_from_js(identifier)?;
    let user = match CommunicationIdentifier::from_raw_id(raw_id.as_str()) {
        CommunicationIdentifier::CommunicationUser {
            communication_user_id,
        } => Some(Plain::new().with("id", communication_user_id).build()),
        // The raw id says everything.
        CommunicationIdentifier::PhoneNumber { .. }
        | CommunicationIdentifier::MicrosoftTeamsUser { .. }
        | CommunicationIdentifier::MicrosoftTeamsApp { .. }
        | CommunicationIdentifier::TeamsExtensionUser { .. }
        | CommunicationIdentifier::Unknown { .. } => None,
    };
    Ok(Plain::new()
        .with("rawId", raw_id.as_str())
        .with("communicationUser", user)
        .build())
}

/// A time that an application gives as a `Date`, in ISO 8601.
pub(crate) fn time(options: &JsValue, field: &str) -> Result<Option<String>, JsValue> {
    let Some(time) = get(options, field) else {
        return Ok(None);
    };
    match time.dyn_ref::<Date>() {
        Some(date) if !date.get_time().is_nan() => Ok(Some(date.to_iso_string().into())),
        _ => Err(type_error(&[field, " must be a valid Date."].concat())),
    }
}

fn required(request: &JsValue, field: &str) -> Result<String, JsValue> {
    get_string(request, field).ok_or_else(|| type_error(&[field, " must be a string."].concat()))
}

/// Files as the application has them; the server looks at their ids.
fn attachments(options: &JsValue) -> Result<JsValue, JsValue> {
    let list = get(options, "attachments").unwrap_or(JsValue::UNDEFINED);
    if list.is_undefined() || list.is_array() {
        Ok(list)
    } else {
        Err(type_error("attachments must be an array of { id }."))
    }
}

fn participants(list: &JsValue) -> Result<JsValue, JsValue> {
    let Some(list) = list.dyn_ref::<Array>() else {
        return Err(type_error(
            "participants must be an array of { id, displayName }.",
        ));
    };
    let participants: Result<Vec<JsValue>, JsValue> = list
        .iter()
        .map(|participant| self::participant(&participant))
        .collect();
    participants.map(array)
}

fn participant(participant: &JsValue) -> Result<JsValue, JsValue> {
    let id = get(participant, "id").unwrap_or(JsValue::UNDEFINED);
    Ok(Plain::new()
        .with("communicationIdentifier", identifier(&id)?)
        .copy(participant, &["displayName"])
        .with("shareHistoryTime", time(participant, "shareHistoryTime")?)
        .with("metadata", metadata(participant)?)
        .build())
}

/// `null` removes a key, where something is changed.
fn metadata(options: &JsValue) -> Result<JsValue, JsValue> {
    let Some(metadata) = get(options, "metadata") else {
        return Ok(JsValue::UNDEFINED);
    };
    let values = metadata.dyn_ref::<Object>().map(Object::values);
    let strings =
        values.is_some_and(|values| values.iter().all(|value| value.is_string() || value.is_null()));
    if strings {
        Ok(metadata)
    } else {
        Err(type_error("metadata must be an object of strings."))
    }
}
