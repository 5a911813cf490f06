//! Events about messages (200, 245 to 248): they name their recipient.

use openline_protocol::{
    MessageId, RawId, ThreadId, Timestamp,
    realtime::ChatMessageEvent,
    rest::chat::{ChatAttachment, ChatMessageType},
};
use serde::Serialize;

use super::{text::time, written};

/// What every one of them says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About<'a> {
    event_id: u16,
    sender_id: &'a str,
    recipient_mri: &'a str,
    group_id: &'a str,
}

impl<'a> About<'a> {
    pub(super) fn new(
        event_id: u16,
        thread_id: &'a ThreadId,
        sender: &'a RawId,
        recipient: &'a RawId,
    ) -> Self {
        Self {
            event_id,
            sender_id: sender.as_str(),
            recipient_mri: recipient.as_str(),
            group_id: thread_id.as_str(),
        }
    }
}

/// A message, as its events carry it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    #[serde(flatten)]
    about: About<'a>,
    message_id: &'a str,
    /// The client has no use for it; messages here have no second id.
    client_message_id: &'a str,
    sender_display_name: &'a str,
    message_type: &'static str,
    version: &'a str,
    original_arrival_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_chat_message_metadata: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<String>,
    #[serde(rename = "edittime", skip_serializing_if = "Option::is_none")]
    edit_time: Option<String>,
    #[serde(rename = "deletetime", skip_serializing_if = "Option::is_none")]
    delete_time: Option<String>,
}

/// Somebody types.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Typing<'a> {
    #[serde(flatten)]
    about: About<'a>,
    sender_display_name: &'a str,
    version: &'a str,
    original_arrival_time: String,
}

/// Somebody read up to a message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read<'a> {
    #[serde(flatten)]
    about: About<'a>,
    message_id: &'a str,
    client_message_id: &'a str,
    message_body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Horizon<'a> {
    user: &'a str,
    /// Message, time of reading, and a third part that means nothing here.
    #[serde(rename = "consumptionhorizon")]
    consumption_horizon: String,
    message_visibility_time: u64,
    version: String,
}

pub(super) fn received(event: &ChatMessageEvent, recipient: &RawId) -> String {
    written(&with_content(200, event, recipient))
}

pub(super) fn edited(event: &ChatMessageEvent, recipient: &RawId) -> String {
    let edited_on = event.edited_on.unwrap_or(event.created_on);
    written(&Message {
        edit_time: Some(time(edited_on)),
        ..with_content(247, event, recipient)
    })
}

pub(super) fn deleted(event: &ChatMessageEvent, recipient: &RawId) -> String {
    let deleted_on = event.deleted_on.unwrap_or(event.created_on);
    written(&Message {
        delete_time: Some(time(deleted_on)),
        ..bare(248, event, recipient)
    })
}

pub(super) fn typing(
    about: About<'_>,
    sender_display_name: &str,
    received_on: Timestamp,
    version: &str,
) -> String {
    written(&Typing {
        about,
        sender_display_name,
        version,
        original_arrival_time: time(received_on),
    })
}

pub(super) fn read(about: About<'_>, message_id: &MessageId, read_on: Timestamp) -> String {
    let message_id = message_id.as_str();
    let horizon = Horizon {
        user: about.sender_id,
        consumption_horizon: format!("{message_id};{};{message_id}", read_on.as_millis()),
        message_visibility_time: read_on.as_millis(),
        version: read_on.as_millis().to_string(),
    };
    let message_body = written(&horizon);
    written(&Read {
        about,
        message_id,
        client_message_id: message_id,
        message_body,
    })
}

fn with_content<'a>(event_id: u16, event: &'a ChatMessageEvent, recipient: &'a RawId) -> Message<'a> {
    Message {
        message_body: Some(event.message.as_deref().unwrap_or_default()),
        acs_chat_message_metadata: Some(written(&event.metadata)),
        attachments: attachments(&event.attachments),
        ..bare(event_id, event, recipient)
    }
}

fn bare<'a>(event_id: u16, event: &'a ChatMessageEvent, recipient: &'a RawId) -> Message<'a> {
    Message {
        about: About::new(event_id, &event.thread_id, &event.sender, recipient),
        message_id: event.id.as_str(),
        client_message_id: event.id.as_str(),
        sender_display_name: &event.sender_display_name,
        message_type: message_type(event.message_type),
        version: &event.version,
        original_arrival_time: time(event.created_on),
        message_body: None,
        acs_chat_message_metadata: None,
        attachments: None,
        edit_time: None,
        delete_time: None,
    }
}

fn attachments(attachments: &[ChatAttachment]) -> Option<String> {
    (!attachments.is_empty()).then(|| written(&attachments))
}

const fn message_type(message_type: ChatMessageType) -> &'static str {
    match message_type {
        ChatMessageType::Html => "RichText/Html",
        // Messages of the system have no events.
        ChatMessageType::Text
        | ChatMessageType::TopicUpdated
        | ChatMessageType::ParticipantAdded
        | ChatMessageType::ParticipantRemoved => "Text",
    }
}
