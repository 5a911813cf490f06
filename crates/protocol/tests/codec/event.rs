//! Chat events.

use openline_protocol::{
    realtime::{
        ChatEvent, ChatEventParticipant, ChatMessageEvent, ChatThreadDeletionReason, ChatThreadEvent,
    },
    rest::chat::{ChatAttachment, ChatAttachmentType, ChatMessageType, ChatRetentionPolicy},
};
use proptest::{collection::vec, option, prelude::*};

use crate::values::{assert_survives, damage, metadata, name, time};

proptest! {
    #[test]
    fn an_event_survives_the_wire(event in event(), damage in damage()) {
        assert_survives(&event, &damage);
    }
}

pub(crate) fn event() -> impl Strategy<Value = ChatEvent> {
    let id = any::<String>;
    let participants = || vec(participant(), 0..3);
    prop_oneof![
        message().prop_map(ChatEvent::ChatMessageReceived),
        message().prop_map(ChatEvent::ChatMessageEdited),
        message().prop_map(ChatEvent::ChatMessageDeleted),
        (thread(), participants(), id(), time()).prop_map(|(thread, participants, by, created_on)| {
            ChatEvent::ChatThreadCreated {
                thread,
                participants,
                created_by: by.into(),
                created_on,
            }
        }),
        (thread(), id(), time()).prop_map(|(thread, by, updated_on)| {
            ChatEvent::ChatThreadPropertiesUpdated {
                thread,
                updated_by: by.into(),
                updated_on,
            }
        }),
        (thread(), name(), time()).prop_map(|(thread, by, deleted_on)| ChatEvent::ChatThreadDeleted {
            thread,
            deleted_by: by.map(Into::into),
            reason: ChatThreadDeletionReason::default(),
            deleted_on,
        }),
        (thread(), participants(), id(), time()).prop_map(|(thread, participants, by, added_on)| {
            ChatEvent::ParticipantsAdded {
                thread,
                participants,
                added_by: by.into(),
                added_on,
            }
        }),
        (thread(), participants(), id(), time()).prop_map(|(thread, participants, by, removed_on)| {
            ChatEvent::ParticipantsRemoved {
                thread,
                participants,
                removed_by: by.into(),
                removed_on,
            }
        }),
        (id(), id(), id(), id(), time()).prop_map(|(thread, message, sender, name, read_on)| {
            ChatEvent::ReadReceiptReceived {
                thread_id: thread.into(),
                chat_message_id: message.into(),
                sender: sender.into(),
                sender_display_name: name,
                read_on,
            }
        }),
        (id(), id(), id(), id(), time()).prop_map(|(thread, message, sender, name, delivered_on)| {
            ChatEvent::DeliveryReceiptReceived {
                thread_id: thread.into(),
                chat_message_id: message.into(),
                sender: sender.into(),
                sender_display_name: name,
                delivered_on,
            }
        }),
        (id(), id(), id(), time(), id()).prop_map(|(thread, sender, name, received_on, version)| {
            ChatEvent::TypingIndicatorReceived {
                thread_id: thread.into(),
                sender: sender.into(),
                sender_display_name: name,
                received_on,
                version,
            }
        }),
    ]
}

fn message() -> impl Strategy<Value = ChatMessageEvent> {
    let texts = any::<[String; 6]>();
    let rest = (
        time(),
        name(),
        metadata(),
        vec(attachment(), 0..2),
        option::of(time()),
    );
    (texts, message_type(), rest).prop_map(|(texts, message_type, rest)| {
        let [thread_id, id, sequence_id, version, sender, sender_display_name] = texts;
        let (created_on, message, metadata, attachments, edited_on) = rest;
        ChatMessageEvent {
            thread_id: thread_id.into(),
            id: id.into(),
            sequence_id,
            version,
            message_type,
            sender: sender.into(),
            sender_display_name,
            created_on,
            message,
            metadata,
            attachments,
            edited_on,
            deleted_on: edited_on,
        }
    })
}

pub(crate) fn message_type() -> impl Strategy<Value = ChatMessageType> {
    prop::sample::select(vec![
        ChatMessageType::Text,
        ChatMessageType::Html,
        ChatMessageType::TopicUpdated,
        ChatMessageType::ParticipantAdded,
        ChatMessageType::ParticipantRemoved,
    ])
}

pub(crate) fn retention() -> impl Strategy<Value = ChatRetentionPolicy> {
    option::of(any::<i64>()).prop_map(|days| match days {
        None => ChatRetentionPolicy::None,
        Some(delete_thread_after_days) => ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days,
        },
    })
}

pub(crate) fn attachment() -> impl Strategy<Value = ChatAttachment> {
    let file = (any::<String>(), name(), any::<String>(), any::<u64>());
    (file, any::<Option<(u32, u32)>>(), name()).prop_map(
        |((id, file_name, content_type, size), image, url)| ChatAttachment {
            id,
            attachment_type: if image.is_some() {
                ChatAttachmentType::Image
            } else {
                ChatAttachmentType::File
            },
            name: file_name,
            preview_url: url.clone(),
            url,
            content_type,
            size_bytes: size,
            width: image.map(|(width, _)| width),
            height: image.map(|(_, height)| height),
        },
    )
}

fn thread() -> impl Strategy<Value = ChatThreadEvent> {
    (any::<[String; 3]>(), metadata(), option::of(retention())).prop_map(
        |([thread_id, version, topic], metadata, retention_policy)| ChatThreadEvent {
            thread_id: thread_id.into(),
            version,
            topic,
            metadata,
            retention_policy,
        },
    )
}

fn participant() -> impl Strategy<Value = ChatEventParticipant> {
    (any::<[String; 2]>(), time(), metadata()).prop_map(
        |([raw_id, display_name], share_history_time, metadata)| ChatEventParticipant {
            raw_id: raw_id.into(),
            display_name,
            share_history_time,
            metadata,
        },
    )
}
