//! What applications pass to the chat clients, as request bodies.

use std::collections::BTreeMap;

use js_sys::{Array, Date, Object};
use openline_protocol::{
    CommunicationIdentifierModel,
    rest::chat::{
        ChatMessageType, ChatParticipant, ChatRetentionPolicy, CreateChatThreadRequest,
        SendChatMessageRequest, UpdateChatMessageRequest, UpdateChatThreadRequest,
    },
};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    error::type_error,
    identifiers,
    object::{get, get_string},
};

/// `{ topic }` and the options of `createChatThread`.
pub(crate) fn create_thread(
    request: &JsValue,
    options: &JsValue,
) -> Result<CreateChatThreadRequest, JsValue> {
    Ok(CreateChatThreadRequest {
        topic: required(request, "topic")?,
        participants: get(options, "participants")
            .map(|list| participants(&list))
            .transpose()?,
        metadata: metadata(options)?,
        retention_policy: retention_policy(options)?,
    })
}

/// The options of `updateProperties`.
pub(crate) fn update_thread(options: &JsValue) -> Result<UpdateChatThreadRequest, JsValue> {
    Ok(UpdateChatThreadRequest {
        topic: get_string(options, "topic"),
        metadata: metadata_change(options)?,
        retention_policy: retention_policy(options)?,
    })
}

/// `{ content }` and the options of `sendMessage`.
pub(crate) fn send_message(request: &JsValue, options: &JsValue) -> Result<SendChatMessageRequest, JsValue> {
    let message_type = match get_string(options, "type").as_deref() {
        None => None,
        Some("text") => Some(ChatMessageType::Text),
        Some("html") => Some(ChatMessageType::Html),
        Some(_) => return Err(type_error("type must be \"text\" or \"html\".")),
    };
    Ok(SendChatMessageRequest {
        content: required(request, "content")?,
        sender_display_name: get_string(options, "senderDisplayName"),
        message_type,
        metadata: metadata(options)?,
    })
}

/// The options of `updateMessage`.
pub(crate) fn update_message(options: &JsValue) -> Result<UpdateChatMessageRequest, JsValue> {
    Ok(UpdateChatMessageRequest {
        content: get_string(options, "content"),
        metadata: metadata_change(options)?,
    })
}

/// A list of `ChatParticipant`.
pub(crate) fn participants(list: &JsValue) -> Result<Vec<ChatParticipant>, JsValue> {
    let Some(list) = list.dyn_ref::<Array>() else {
        return Err(type_error(
            "participants must be an array of { id, displayName }.",
        ));
    };
    list.iter()
        .map(|participant| self::participant(&participant))
        .collect()
}

/// Who is meant, as the wire has it.
pub(crate) fn identifier(identifier: &JsValue) -> Result<CommunicationIdentifierModel, JsValue> {
    identifiers::from_js(identifier).map(|identifier| CommunicationIdentifierModel::from(&identifier))
}

/// A required text field.
pub(crate) fn required(request: &JsValue, field: &str) -> Result<String, JsValue> {
    get_string(request, field).ok_or_else(|| type_error(&[field, " must be a string."].concat()))
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

fn participant(participant: &JsValue) -> Result<ChatParticipant, JsValue> {
    let id = get(participant, "id").unwrap_or(JsValue::UNDEFINED);
    Ok(ChatParticipant {
        communication_identifier: identifier(&id)?,
        display_name: get_string(participant, "displayName"),
        share_history_time: time(participant, "shareHistoryTime")?,
        metadata: metadata(participant)?,
    })
}

fn metadata(options: &JsValue) -> Result<Option<BTreeMap<String, String>>, JsValue> {
    let change = metadata_change(options)?;
    Ok(change.map(|change| {
        change
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }))
}

/// `null` removes a key, as in a merge patch.
fn metadata_change(options: &JsValue) -> Result<Option<BTreeMap<String, Option<String>>>, JsValue> {
    let Some(metadata) = get(options, "metadata") else {
        return Ok(None);
    };
    let Some(metadata) = metadata.dyn_ref::<Object>() else {
        return Err(type_error("metadata must be an object of strings."));
    };
    let mut entries = BTreeMap::new();
    for key in Object::keys(metadata).iter().filter_map(|key| key.as_string()) {
        let value = get(metadata, &key);
        let text = value.as_ref().and_then(JsValue::as_string);
        if value.is_some() && text.is_none() {
            return Err(type_error("metadata must be an object of strings."));
        }
        entries.insert(key, text);
    }
    Ok(Some(entries))
}

fn retention_policy(options: &JsValue) -> Result<Option<ChatRetentionPolicy>, JsValue> {
    let Some(policy) = get(options, "retentionPolicy") else {
        return Ok(None);
    };
    match get_string(&policy, "kind").as_deref() {
        Some("none") => Ok(Some(ChatRetentionPolicy::None)),
        Some("threadCreationDate") => {
            let days = get(&policy, "deleteThreadAfterDays").and_then(|days| days.as_f64());
            let days = days.ok_or_else(|| type_error("deleteThreadAfterDays must be a number."))?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "`as` saturates; the server checks the range"
            )]
            let delete_thread_after_days = days as i64;
            Ok(Some(ChatRetentionPolicy::ThreadCreationDate {
                delete_thread_after_days,
            }))
        }
        _ => Err(type_error(
            "retentionPolicy.kind must be \"none\" or \"threadCreationDate\".",
        )),
    }
}
