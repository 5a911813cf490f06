//! Bodies of REST requests and answers.

use std::collections::BTreeMap;

use openline_protocol::{
    ErrorBody, ErrorResponse,
    rest::{
        chat::{
            ChatAttachmentReference, ChatMessage, ChatMessageContent, ChatParticipant, ChatRetentionPolicy,
            CreateChatThreadRequest, Page, SendChatMessageRequest, UpdateChatMessageRequest,
            UpdateChatThreadRequest,
        },
        identity::{AccessToken, CreateIdentityRequest, CreateIdentityResponse, Identity},
    },
};
use proptest::{collection::vec, option, prelude::*};

use crate::{
    event::{attachment, message_type, retention},
    identifier::model,
    values::{assert_survives, damage, metadata, name},
};

proptest! {
    #[test]
    fn a_new_thread_survives_the_wire(request in create_thread(), damage in damage()) {
        assert_survives(&request, &damage);
    }

    #[test]
    fn a_new_message_survives_the_wire(request in send_message(), damage in damage()) {
        assert_survives(&request, &damage);
    }

    #[test]
    fn patches_survive_the_wire(
        topic in name(),
        metadata in option::of(patch()),
        policy in option::of(retention()),
        attachments in option::of(option::of(references())),
        damage in damage(),
    ) {
        let thread = UpdateChatThreadRequest { topic: topic.clone(), metadata: metadata.clone(), retention_policy: policy };
        assert_survives(&thread, &damage);
        assert_survives(&UpdateChatMessageRequest { content: topic, metadata, attachments }, &damage);
    }

    #[test]
    fn a_page_of_messages_survives_the_wire(value in vec(message(), 0..3), next_link in name(), damage in damage()) {
        assert_survives(&Page { value, next_link }, &damage);
    }

    #[test]
    fn what_is_said_of_identities_survives_the_wire(
        scopes in any::<Option<Vec<String>>>(),
        minutes in any::<Option<i64>>(),
        id in any::<String>(),
        token in any::<Option<(String, String)>>(),
        damage in damage(),
    ) {
        let request = CreateIdentityRequest { create_token_with_scopes: scopes, expires_in_minutes: minutes };
        assert_survives(&request, &damage);
        let access_token = token.map(|(token, expires_on)| AccessToken { token, expires_on });
        assert_survives(&CreateIdentityResponse { identity: Identity { id }, access_token }, &damage);
    }

    #[test]
    fn an_error_survives_the_wire(error in error(), damage in damage()) {
        assert_survives(&ErrorResponse { error }, &damage);
    }

    #[test]
    fn a_policy_that_is_null_is_none_and_written_so(policy in option::of(retention())) {
        let json = serde_json::json!({ "retentionPolicy": policy }).to_string();
        let read: UpdateChatThreadRequest = serde_json::from_str(&json).expect("a patch");
        prop_assert_eq!(read.retention_policy, Some(policy.unwrap_or(ChatRetentionPolicy::None)));
    }
}

fn patch() -> impl Strategy<Value = Option<BTreeMap<String, Option<String>>>> {
    option::of(prop::collection::btree_map(any::<String>(), name(), 0..3))
}

fn references() -> impl Strategy<Value = Vec<ChatAttachmentReference>> {
    vec(
        any::<String>().prop_map(|id| ChatAttachmentReference { id }),
        0..3,
    )
}

fn participant() -> impl Strategy<Value = ChatParticipant> {
    (model(), name(), name(), option::of(metadata())).prop_map(
        |(communication_identifier, display_name, share_history_time, metadata)| ChatParticipant {
            communication_identifier,
            display_name,
            share_history_time,
            metadata,
        },
    )
}

fn create_thread() -> impl Strategy<Value = CreateChatThreadRequest> {
    let participants = option::of(vec(participant(), 0..3));
    (
        any::<String>(),
        participants,
        option::of(metadata()),
        option::of(retention()),
    )
        .prop_map(
            |(topic, participants, metadata, retention_policy)| CreateChatThreadRequest {
                topic,
                participants,
                metadata,
                retention_policy,
            },
        )
}

fn send_message() -> impl Strategy<Value = SendChatMessageRequest> {
    let kind = option::of(message_type());
    (
        any::<String>(),
        name(),
        kind,
        option::of(metadata()),
        option::of(references()),
    )
        .prop_map(
            |(content, sender_display_name, message_type, metadata, attachments)| SendChatMessageRequest {
                content,
                sender_display_name,
                message_type,
                metadata,
                attachments,
            },
        )
}

fn message() -> impl Strategy<Value = ChatMessage> {
    let content = (
        name(),
        name(),
        option::of(vec(participant(), 0..2)),
        vec(attachment(), 0..2),
        option::of(model()),
    )
        .prop_map(
            |(message, topic, participants, attachments, initiator)| ChatMessageContent {
                message,
                topic,
                participants,
                attachments,
                initiator_communication_identifier: initiator,
            },
        );
    let rest = (
        option::of(content),
        any::<[Option<String>; 3]>(),
        option::of(model()),
        option::of(metadata()),
    );
    (any::<[String; 4]>(), message_type(), rest).prop_map(|(texts, message_type, rest)| {
        let [id, sequence_id, version, created_on] = texts;
        let (content, [sender_display_name, deleted_on, edited_on], sender, metadata) = rest;
        ChatMessage {
            id,
            message_type,
            sequence_id,
            version,
            content,
            sender_display_name,
            created_on,
            sender_communication_identifier: sender,
            deleted_on,
            edited_on,
            metadata,
        }
    })
}

fn error() -> impl Strategy<Value = ErrorBody> {
    let leaf = (any::<[String; 2]>(), name()).prop_map(|([code, message], target)| ErrorBody {
        code,
        message,
        target,
        details: Vec::new(),
    });
    leaf.prop_recursive(3, 8, 2, |part| {
        (any::<[String; 2]>(), name(), vec(part, 0..2)).prop_map(|([code, message], target, details)| {
            ErrorBody {
                code,
                message,
                target,
                details,
            }
        })
    })
}
