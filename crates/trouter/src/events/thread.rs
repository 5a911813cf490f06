//! Events about threads (257 to 261): the same for every recipient.

use openline_protocol::{
    RawId, Timestamp,
    realtime::{ChatEventParticipant, ChatThreadDeletionReason, ChatThreadEvent},
    rest::chat::ChatRetentionPolicy,
};
use serde::Serialize;

use super::{
    text::{time, unescaped_json},
    written,
};

/// What every one of them says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About<'a> {
    event_id: u16,
    thread_id: &'a str,
    version: &'a str,
}

impl<'a> About<'a> {
    fn new(event_id: u16, thread: &'a ChatThreadEvent) -> Self {
        Self {
            event_id,
            thread_id: thread.thread_id.as_str(),
            version: &thread.version,
        }
    }
}

pub(super) fn created(
    thread: &ChatThreadEvent,
    members: &[ChatEventParticipant],
    created_by: &RawId,
    created_on: Timestamp,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Created<'a> {
        #[serde(flatten)]
        about: About<'a>,
        create_time: String,
        created_by: String,
        members: String,
        properties: String,
    }
    written(&Created {
        about: About::new(257, thread),
        create_time: time(created_on),
        created_by: participant(created_by, members),
        members: participants(members),
        properties: properties(thread),
    })
}

pub(super) fn updated(thread: &ChatThreadEvent, updated_by: &RawId, updated_on: Timestamp) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Updated<'a> {
        #[serde(flatten)]
        about: About<'a>,
        edit_time: String,
        edited_by: String,
        properties: String,
    }
    written(&Updated {
        about: About::new(258, thread),
        edit_time: time(updated_on),
        edited_by: participant(updated_by, &[]),
        properties: properties(thread),
    })
}

pub(super) fn deleted(
    thread: &ChatThreadEvent,
    deleted_by: Option<&RawId>,
    reason: ChatThreadDeletionReason,
    deleted_on: Timestamp,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Deleted<'a> {
        #[serde(flatten)]
        about: About<'a>,
        delete_time: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        deleted_by: Option<String>,
        reason: ChatThreadDeletionReason,
    }
    written(&Deleted {
        about: About::new(259, thread),
        delete_time: time(deleted_on),
        deleted_by: deleted_by.map(|raw_id| participant(raw_id, &[])),
        reason,
    })
}

pub(super) fn participants_added(
    thread: &ChatThreadEvent,
    added: &[ChatEventParticipant],
    added_by: &RawId,
    added_on: Timestamp,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Added<'a> {
        #[serde(flatten)]
        about: About<'a>,
        time: String,
        added_by: String,
        participants_added: String,
    }
    written(&Added {
        about: About::new(260, thread),
        time: time(added_on),
        added_by: participant(added_by, added),
        participants_added: participants(added),
    })
}

pub(super) fn participants_removed(
    thread: &ChatThreadEvent,
    removed: &[ChatEventParticipant],
    removed_by: &RawId,
    removed_on: Timestamp,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Removed<'a> {
        #[serde(flatten)]
        about: About<'a>,
        time: String,
        removed_by: String,
        participants_removed: String,
    }
    written(&Removed {
        about: About::new(261, thread),
        time: time(removed_on),
        removed_by: participant(removed_by, removed),
        participants_removed: participants(removed),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Participant<'a> {
    participant_id: &'a str,
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_history_time: Option<String>,
    #[serde(rename = "memberMetaData", skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    topic: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_chat_thread_metadata: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_policy: Option<String>,
}

/// A policy that ends a thread. The client takes anything else for none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RetentionPolicy {
    retention_policy_type: &'static str,
    /// Days, then a time of day.
    execute_after: String,
}

/// Whoever did it, by the name among `participants` if there is one.
fn participant(raw_id: &RawId, participants: &[ChatEventParticipant]) -> String {
    let known = participants.iter().find(|known| known.raw_id == *raw_id);
    unescaped_json(&Participant {
        participant_id: raw_id.as_str(),
        display_name: known.map_or("", |known| known.display_name.as_str()),
        share_history_time: None,
        metadata: None,
    })
}

fn participants(participants: &[ChatEventParticipant]) -> String {
    let participants: Vec<_> = participants
        .iter()
        .map(|participant| Participant {
            participant_id: participant.raw_id.as_str(),
            display_name: &participant.display_name,
            share_history_time: Some(time(participant.share_history_time)),
            metadata: (!participant.metadata.is_empty()).then(|| written(&participant.metadata)),
        })
        .collect();
    unescaped_json(&participants)
}

fn properties(thread: &ChatThreadEvent) -> String {
    unescaped_json(&Properties {
        topic: &thread.topic,
        acs_chat_thread_metadata: (!thread.metadata.is_empty()).then(|| written(&thread.metadata)),
        retention_policy: thread.retention_policy.as_ref().and_then(retention_policy),
    })
}

fn retention_policy(policy: &ChatRetentionPolicy) -> Option<String> {
    match policy {
        ChatRetentionPolicy::None => None,
        ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days,
        } => Some(written(&RetentionPolicy {
            retention_policy_type: "DeleteAfterCreationTime",
            execute_after: format!("{delete_thread_after_days}.00:00:00"),
        })),
    }
}
