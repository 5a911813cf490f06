//! Ids and versions, whatever the clock does: the use cases on the database.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use openline_protocol::{
    Instant, Scope, ThreadId, Timestamp,
    rest::chat::{CreateChatThreadRequest, SendChatMessageRequest, UpdateChatMessageRequest},
};
use openline_server::{
    bus::InProcessBus,
    clock::Clock,
    domain::chat::{Caller, Chats},
    storage::Storage,
};

use crate::{NOW, add_identity, add_resource};

#[derive(Debug)]
struct Jumping(AtomicU64);

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Instant {
        Instant::from_millis(0)
    }
}

fn text(text: &str) -> SendChatMessageRequest {
    SendChatMessageRequest {
        content: text.to_owned(),
        sender_display_name: None,
        message_type: None,
        metadata: None,
        attachments: None,
    }
}

pub(crate) async fn ids_and_versions_rise_within_a_thread_when_the_clock_steps_back(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let ann = Caller {
        raw_id: add_identity(storage, &resource_id, "ann").await.unwrap(),
        resource_id,
        scopes: [Scope::Chat].into_iter().collect(),
    };
    let clock = Arc::new(Jumping(AtomicU64::new(NOW.as_millis())));
    let chats = Chats::new(storage.clone(), Arc::new(InProcessBus::new()), clock.clone());
    let request = CreateChatThreadRequest {
        topic: "Lunch".to_owned(),
        participants: None,
        metadata: None,
        retention_policy: None,
    };
    let created = chats.create_thread(&ann, request, None).await.unwrap();
    let thread = ThreadId::new(created.chat_thread.id);
    for step in [5_i64, -1_000_000, 0, 0, 999_990, -3, 7] {
        let now = clock.0.load(Ordering::SeqCst).saturating_add_signed(step);
        clock.0.store(now, Ordering::SeqCst);
        let id = chats
            .send_message(&ann, thread.clone(), text("a"), None)
            .await
            .unwrap();
        let edit = UpdateChatMessageRequest {
            content: Some("b".to_owned()),
            ..UpdateChatMessageRequest::default()
        };
        chats
            .edit_message(&ann, thread.clone(), id.into_string(), edit)
            .await
            .unwrap();
    }
    let page = chats.list_messages(&ann, thread, None, None, 100).await.unwrap();
    let number = |text: &str| text.parse::<u64>().unwrap();
    let messages: Vec<_> = page.items.iter().rev().collect();
    assert!(messages.is_sorted_by(|a, b| number(&a.id) < number(&b.id)));
    assert!(messages.is_sorted_by(|a, b| number(&a.version) < number(&b.version)));
    let sequence: Vec<_> = messages
        .iter()
        .map(|message| number(&message.sequence_id))
        .collect();
    assert_eq!(sequence, (1..=9).collect::<Vec<_>>());
    let edited = messages.iter().skip(2);
    let given: BTreeSet<_> = edited
        .flat_map(|message| [number(&message.id), number(&message.version)])
        .collect();
    assert_eq!(given.len(), 14, "no time is given twice");
}
