//! Bodies of REST requests, and identifiers in them.

use openline_chat::{
    check_content, check_message_type, check_metadata, check_retention, check_topic, merge_metadata,
    metadata_bytes,
};
use openline_protocol::{
    CommunicationIdentifier, CommunicationIdentifierModel, RawId,
    rest::{
        chat::{
            AddChatParticipantsRequest, ChatParticipant, CreateChatThreadRequest, SendChatMessageRequest,
            SendReceiptRequest, SendTypingNotificationRequest, UpdateChatMessageRequest,
            UpdateChatThreadRequest,
        },
        identity::{CreateIdentityRequest, IssueAccessTokenRequest},
    },
};
use openline_server::{
    domain::token::parse_scopes,
    fuzzing::{invited, read_body},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::assert_written_and_read;

fn body<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(data: &[u8]) -> Option<T> {
    let body = read_body(data)?;
    assert_written_and_read(&body);
    Some(body)
}

/// A body of the chat interface, read as that of each request.
pub fn chat_bodies(data: &[u8]) {
    if let Some(create) = body::<CreateChatThreadRequest>(data) {
        drop(check_topic(&create.topic));
        create.retention_policy.map(|policy| check_retention(&policy));
        invite(create.participants.unwrap_or_default());
    }
    if let Some(update) = body::<UpdateChatThreadRequest>(data) {
        update.topic.map(|topic| check_topic(&topic));
        update.retention_policy.map(|policy| check_retention(&policy));
        if let Some(patch) = update.metadata {
            let once = merge_metadata(None, patch.clone());
            assert_eq!(merge_metadata(once.clone(), patch), once);
        }
    }
    if let Some(send) = body::<SendChatMessageRequest>(data) {
        drop(check_content(&send.content));
        send.message_type.map(check_message_type);
        if let Some(metadata) = send.metadata {
            let fits = check_metadata(&metadata).is_ok();
            assert_eq!(
                fits,
                metadata_bytes(&metadata) <= openline_chat::limits::MAX_METADATA_BYTES
            );
        }
    }
    if let Some(add) = body::<AddChatParticipantsRequest>(data) {
        invite(add.participants);
    }
    drop(body::<UpdateChatMessageRequest>(data));
    drop(body::<SendTypingNotificationRequest>(data));
    drop(body::<SendReceiptRequest>(data));
    drop(body::<CommunicationIdentifierModel>(data));
}

fn invite(participants: Vec<ChatParticipant>) {
    let named = participants.len();
    let Some(invited) = invited(participants) else {
        return;
    };
    assert!(invited.len() <= named);
    assert!(
        invited.iter().all(|raw_id| !raw_id.as_str().is_empty()),
        "somebody without an id is invited"
    );
}

/// A body of the identity interface, read as that of each request.
pub fn identity_bodies(data: &[u8]) {
    if let Some(create) = body::<CreateIdentityRequest>(data) {
        drop(parse_scopes(&create.create_token_with_scopes.unwrap_or_default()));
    }
    if let Some(issue) = body::<IssueAccessTokenRequest>(data) {
        drop(parse_scopes(&issue.scopes.unwrap_or_default()));
    }
}

/// A raw id, or an identifier's model as JSON.
pub fn identifiers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let identifier = CommunicationIdentifier::from_raw_id(text);
    assert_eq!(identifier.raw_id(), RawId::new(text));
    if !text.is_empty() {
        let model = CommunicationIdentifierModel::from(&identifier);
        assert_written_and_read(&model);
        assert_eq!(CommunicationIdentifier::try_from(&model), Ok(identifier));
    }
    if let Ok(model) = serde_json::from_str::<CommunicationIdentifierModel>(text) {
        assert_written_and_read(&model);
        if let Ok(identifier) = CommunicationIdentifier::try_from(&model) {
            let raw_id = identifier.raw_id();
            // What others are told of it names the same.
            assert_eq!(CommunicationIdentifierModel::from(&raw_id).raw_id, Some(raw_id));
        }
    }
}
