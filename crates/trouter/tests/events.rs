//! The payloads: each event as the reference says it, and every text as it was once the client has read it.

#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use std::collections::BTreeMap;

use openline_protocol::{
    MessageId, RawId, ThreadId, Timestamp,
    realtime::{
        ChatEvent, ChatEventParticipant, ChatMessageEvent, ChatThreadDeletionReason, ChatThreadEvent,
    },
    rest::chat::{ChatMessageType, ChatRetentionPolicy},
};
use openline_trouter::events::payload;
use proptest::prelude::*;
use serde_json::{Value, json};

const TIME: &str = "2024-05-14T07:51:06.789Z";

fn at() -> Timestamp {
    Timestamp::from_millis(1_715_673_066_789)
}

fn message() -> ChatMessageEvent {
    ChatMessageEvent {
        thread_id: ThreadId::new("19:t@thread.v2"),
        id: MessageId::new("1715673066789"),
        sequence_id: "3".to_owned(),
        version: "1715673066790".to_owned(),
        message_type: ChatMessageType::Html,
        sender: RawId::new("8:acs:r_ann"),
        sender_display_name: "Ann".to_owned(),
        created_on: at(),
        message: Some("100%25 <b>sure</b>".to_owned()),
        metadata: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
        attachments: Vec::new(),
        edited_on: None,
        deleted_on: None,
    }
}

fn thread(topic: &str) -> ChatThreadEvent {
    ChatThreadEvent {
        thread_id: ThreadId::new("19:t@thread.v2"),
        version: "7".to_owned(),
        topic: topic.to_owned(),
        metadata: BTreeMap::new(),
        retention_policy: None,
    }
}

fn participant(name: &str) -> ChatEventParticipant {
    ChatEventParticipant {
        raw_id: RawId::new("8:acs:r_ben"),
        display_name: name.to_owned(),
        share_history_time: Timestamp::default(),
        metadata: BTreeMap::new(),
    }
}

fn ann() -> RawId {
    RawId::new("8:acs:r_ann")
}

/// The payload for Ben.
fn read(event: &ChatEvent) -> Value {
    serde_json::from_str(&payload(event, &RawId::new("8:acs:r_ben")).unwrap()).unwrap()
}

/// What the client reads out of a string of an event about a thread.
fn nested(payload: &Value, name: &str) -> Value {
    serde_json::from_str(&unescape(payload[name].as_str().unwrap())).unwrap()
}

/// JavaScript's `unescape`, without `%uXXXX`, which a payload never has.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let code: String = rest.clone().take(2).collect();
        if character != '%' || code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            assert!(
                character != '%' || !code.starts_with('u'),
                "an escape that is not meant"
            );
            plain.push(character);
            continue;
        }
        plain.push(char::from(u8::from_str_radix(&code, 16).unwrap()));
        rest.nth(1);
    }
    plain
}

#[test]
fn a_message_names_its_recipient_and_is_not_escaped() {
    let received = read(&ChatEvent::ChatMessageReceived(message()));
    assert_eq!(
        received,
        json!({
            "eventId": 200,
            "senderId": "8:acs:r_ann",
            "recipientMri": "8:acs:r_ben",
            "groupId": "19:t@thread.v2",
            "messageId": "1715673066789",
            "clientMessageId": "1715673066789",
            "senderDisplayName": "Ann",
            "messageType": "RichText/Html",
            "messageBody": "100%25 <b>sure</b>",
            "version": "1715673066790",
            "originalArrivalTime": TIME,
            "acsChatMessageMetadata": r#"{"k":"v"}"#,
        })
    );
    let edited = read(&ChatEvent::ChatMessageEdited(ChatMessageEvent {
        edited_on: Some(Timestamp::default()),
        message_type: ChatMessageType::Text,
        metadata: BTreeMap::new(),
        ..message()
    }));
    assert_eq!(edited["eventId"], 247);
    assert_eq!(edited["edittime"], "1970-01-01T00:00:00.000Z");
    assert_eq!(edited["messageType"], "Text");
    assert_eq!(edited["acsChatMessageMetadata"], "{}");
}

#[test]
fn a_deleted_message_has_no_content() {
    let deleted = read(&ChatEvent::ChatMessageDeleted(ChatMessageEvent {
        message: None,
        deleted_on: Some(at()),
        ..message()
    }));
    assert_eq!(
        deleted,
        json!({
            "eventId": 248,
            "senderId": "8:acs:r_ann",
            "recipientMri": "8:acs:r_ben",
            "groupId": "19:t@thread.v2",
            "messageId": "1715673066789",
            "clientMessageId": "1715673066789",
            "senderDisplayName": "Ann",
            "messageType": "RichText/Html",
            "version": "1715673066790",
            "originalArrivalTime": TIME,
            "deletetime": TIME,
        })
    );
}

#[test]
fn a_delivery_receipt_is_nothing_that_the_client_knows() {
    let event = ChatEvent::DeliveryReceiptReceived {
        thread_id: ThreadId::new("19:t@thread.v2"),
        chat_message_id: MessageId::new("5"),
        sender: ann(),
        sender_display_name: "Ann".to_owned(),
        delivered_on: at(),
    };
    assert_eq!(payload(&event, &RawId::new("8:acs:r_ben")), None);
}

#[test]
fn typing_and_receipts_are_of_the_moment_and_of_a_message() {
    let typing = read(&ChatEvent::TypingIndicatorReceived {
        thread_id: ThreadId::new("19:t@thread.v2"),
        sender: ann(),
        sender_display_name: "Ann".to_owned(),
        received_on: at(),
        version: "8".to_owned(),
    });
    assert_eq!(
        typing,
        json!({
            "eventId": 245,
            "senderId": "8:acs:r_ann",
            "recipientMri": "8:acs:r_ben",
            "groupId": "19:t@thread.v2",
            "senderDisplayName": "Ann",
            "version": "8",
            "originalArrivalTime": TIME,
        })
    );
    let receipt = read(&ChatEvent::ReadReceiptReceived {
        thread_id: ThreadId::new("19:t@thread.v2"),
        chat_message_id: MessageId::new("5"),
        sender: ann(),
        sender_display_name: "Ann".to_owned(),
        read_on: at(),
    });
    assert_eq!(
        (&receipt["eventId"], &receipt["messageId"]),
        (&json!(246), &json!("5"))
    );
    let body: Value = serde_json::from_str(receipt["messageBody"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "user": "8:acs:r_ann",
            "consumptionhorizon": "5;1715673066789;5",
            "messageVisibilityTime": 1_715_673_066_789_u64,
            "version": "1715673066789",
        })
    );
}

#[test]
fn a_created_thread_lists_its_members() {
    let created = read(&ChatEvent::ChatThreadCreated {
        thread: ChatThreadEvent {
            metadata: BTreeMap::from([("colour".to_owned(), "50% red".to_owned())]),
            retention_policy: Some(ChatRetentionPolicy::ThreadCreationDate {
                delete_thread_after_days: 90,
            }),
            ..thread("Lunch")
        },
        participants: vec![ChatEventParticipant {
            metadata: BTreeMap::from([("a".to_owned(), "%41".to_owned())]),
            ..participant("Ben")
        }],
        created_by: RawId::new("8:acs:r_ben"),
        created_on: at(),
    });
    assert_eq!(created["eventId"], 257);
    assert_eq!(created["threadId"], "19:t@thread.v2");
    assert_eq!(
        (&created["version"], &created["createTime"]),
        (&json!("7"), &json!(TIME))
    );
    assert_eq!(
        nested(&created, "createdBy"),
        json!({"participantId": "8:acs:r_ben", "displayName": "Ben"})
    );
    assert_eq!(
        nested(&created, "members"),
        json!([{
            "participantId": "8:acs:r_ben",
            "displayName": "Ben",
            "shareHistoryTime": "1970-01-01T00:00:00.000Z",
            "memberMetaData": r#"{"a":"%41"}"#,
        }])
    );
    assert_eq!(
        nested(&created, "properties"),
        json!({
            "topic": "Lunch",
            "acsChatThreadMetadata": r#"{"colour":"50% red"}"#,
            "retentionPolicy": r#"{"retentionPolicyType":"DeleteAfterCreationTime","executeAfter":"90.00:00:00"}"#,
        })
    );
}

#[test]
fn changes_of_a_thread_say_who_and_when() {
    let updated = read(&ChatEvent::ChatThreadPropertiesUpdated {
        thread: thread("Dinner"),
        updated_by: ann(),
        updated_on: at(),
    });
    assert_eq!(
        (&updated["eventId"], &updated["editTime"]),
        (&json!(258), &json!(TIME))
    );
    assert_eq!(nested(&updated, "editedBy")["participantId"], "8:acs:r_ann");
    assert_eq!(nested(&updated, "properties"), json!({"topic": "Dinner"}));

    let deleted = read(&ChatEvent::ChatThreadDeleted {
        thread: thread("Dinner"),
        deleted_by: Some(ann()),
        reason: ChatThreadDeletionReason::DeletedByUser,
        deleted_on: at(),
    });
    assert_eq!(
        (&deleted["eventId"], &deleted["deleteTime"]),
        (&json!(259), &json!(TIME))
    );
    assert_eq!(nested(&deleted, "deletedBy")["participantId"], "8:acs:r_ann");
    assert_eq!(deleted["reason"], "deletedByUser");
    let expired = read(&ChatEvent::ChatThreadDeleted {
        thread: thread("Dinner"),
        deleted_by: None,
        reason: ChatThreadDeletionReason::DeletedByPolicy,
        deleted_on: at(),
    });
    assert!(expired.get("deletedBy").is_none());
    assert_eq!(expired["reason"], "deletedByPolicy");

    let added = read(&ChatEvent::ParticipantsAdded {
        thread: thread("Dinner"),
        participants: vec![participant("Ben")],
        added_by: ann(),
        added_on: at(),
    });
    assert_eq!((&added["eventId"], &added["time"]), (&json!(260), &json!(TIME)));
    assert_eq!(nested(&added, "addedBy")["participantId"], "8:acs:r_ann");
    assert_eq!(nested(&added, "participantsAdded")[0]["displayName"], "Ben");

    let removed = read(&ChatEvent::ParticipantsRemoved {
        thread: thread("Dinner"),
        participants: vec![participant("Ben")],
        removed_by: ann(),
        removed_on: at(),
    });
    assert_eq!(
        (&removed["eventId"], &removed["time"]),
        (&json!(261), &json!(TIME))
    );
    assert_eq!(nested(&removed, "removedBy")["participantId"], "8:acs:r_ann");
    assert_eq!(
        nested(&removed, "participantsRemoved")[0]["participantId"],
        "8:acs:r_ben"
    );
}

proptest! {
    #[test]
    fn any_topic_and_name_survive_the_clients_unescape(
        topic in ".*(%[0-9a-fu]{0,4})?.*",
        name in any::<String>(),
    ) {
        let created = read(&ChatEvent::ChatThreadCreated {
            thread: thread(&topic),
            participants: vec![participant(&name)],
            created_by: ann(),
            created_on: at(),
        });
        prop_assert_eq!(&nested(&created, "properties")["topic"], &topic);
        prop_assert_eq!(&nested(&created, "members")[0]["displayName"], &name);
    }

    #[test]
    fn any_message_is_carried_as_it_is(text in any::<String>()) {
        let received = read(&ChatEvent::ChatMessageReceived(ChatMessageEvent {
            message: Some(text.clone()),
            ..message()
        }));
        prop_assert_eq!(&received["messageBody"], &text);
    }
}
