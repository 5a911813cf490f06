//! A database, a bus and a clock that stands still until it is moved.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use openline_protocol::{
    CommunicationIdentifierModel, Instant, MessageId, RawId, ResourceId, Scope, ThreadId, Timestamp,
    realtime::{ChatEvent, ServerFrame},
    rest::chat::{
        AddChatParticipantsRequest, ChatParticipant, CreateChatThreadRequest, SendChatMessageRequest,
    },
};
use openline_server::{
    bus::{BusEvent, BusItem, EventBus, InProcessBus, Subscription},
    clock::Clock,
    domain::{
        DomainError,
        chat::{Caller, Chats},
    },
    storage::{ResourceRow, Storage, sqlite},
};
use tokio::sync::watch;

pub(crate) const START: u64 = 1_700_000_000_000;

#[derive(Debug)]
pub(crate) struct ManualClock(watch::Sender<u64>);

impl ManualClock {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(START))
    }

    pub(crate) fn set(&self, millis: u64) {
        self.0.send_replace(millis);
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0
            .send_modify(|millis| *millis += u64::try_from(by.as_millis()).unwrap());
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(*self.0.borrow())
    }

    fn monotonic(&self) -> Instant {
        Instant::from_millis(*self.0.borrow())
    }

    fn reached(&self, at: Instant) -> BoxFuture<'_, ()> {
        let mut moved = self.0.subscribe();
        Box::pin(async move {
            // The sender is this clock.
            drop(moved.wait_for(|millis| Instant::from_millis(*millis) >= at).await);
        })
    }
}

pub(crate) struct World {
    pub(crate) chats: Chats,
    pub(crate) bus: Arc<InProcessBus>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) storage: Storage,
    pub(crate) resource_id: ResourceId,
    pub(crate) directory: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let resource_id = ResourceId::new("11111111-2222-3333-4444-555555555555");
        let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
        let row = ResourceRow {
            resource_id: resource_id.clone(),
            name: "test".to_owned(),
            created_on: Timestamp::from_millis(START),
        };
        storage
            .write(move |tx| Box::pin(async move { tx.insert_resource(&row).await }))
            .await
            .unwrap();
        Self::on(storage, directory, resource_id)
    }

    fn on(storage: Storage, directory: tempfile::TempDir, resource_id: ResourceId) -> Self {
        let bus = Arc::new(InProcessBus::new());
        let clock = Arc::new(ManualClock::new());
        let chats = Chats::new(storage.clone(), bus.clone(), clock.clone());
        Self {
            chats,
            bus,
            clock,
            storage,
            resource_id,
            directory,
        }
    }

    /// The same database, opened by a new process.
    pub(crate) async fn restarted(self) -> Self {
        self.storage.close().await;
        let storage = sqlite::open(&self.directory.path().join("test.db"))
            .await
            .unwrap();
        Self::on(storage, self.directory, self.resource_id)
    }

    /// A new identity, with a token for everything in chat.
    pub(crate) async fn person(&self, name: &str) -> Caller {
        let raw_id = RawId::communication_user(&self.resource_id, name);
        let (resource_id, row_id) = (self.resource_id.clone(), raw_id.clone());
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let created_on = Timestamp::from_millis(START);
                    tx.insert_identity(&resource_id, &row_id, created_on).await
                })
            })
            .await
            .unwrap();
        Caller {
            resource_id: self.resource_id.clone(),
            raw_id,
            scopes: [Scope::Chat].into_iter().collect(),
        }
    }

    pub(crate) async fn thread(&self, creator: &Caller, others: &[&Caller]) -> ThreadId {
        let request = CreateChatThreadRequest {
            topic: "Lunch".to_owned(),
            participants: Some(others.iter().map(|person| participant(person)).collect()),
            metadata: None,
            retention_policy: None,
        };
        let created = self.chats.create_thread(creator, request, None).await.unwrap();
        assert_eq!(created.invalid_participants, None);
        ThreadId::new(created.chat_thread.id)
    }

    pub(crate) async fn send(
        &self,
        sender: &Caller,
        thread: &ThreadId,
        text: &str,
    ) -> Result<MessageId, DomainError> {
        let request = SendChatMessageRequest {
            content: text.to_owned(),
            sender_display_name: None,
            message_type: None,
            metadata: None,
            attachments: None,
        };
        self.chats
            .send_message(sender, thread.clone(), request, None)
            .await
    }

    pub(crate) async fn add(&self, adder: &Caller, thread: &ThreadId, added: ChatParticipant) {
        let request = AddChatParticipantsRequest {
            participants: vec![added],
        };
        let added = self
            .chats
            .add_participants(adder, thread.clone(), request)
            .await
            .unwrap();
        assert_eq!(added.invalid_participants, None);
    }

    pub(crate) async fn remove(&self, remover: &Caller, thread: &ThreadId, removed: &Caller) {
        let identifier = CommunicationIdentifierModel::from(&removed.raw_id);
        self.chats
            .remove_participant(remover, thread.clone(), &identifier)
            .await
            .unwrap();
    }

    pub(crate) fn subscribe(&self, person: &Caller) -> Subscription<BusEvent> {
        self.bus.subscribe_events(&self.resource_id, &person.raw_id)
    }

    /// Everything after `after` that concerns `person`, in as many batches as it takes.
    pub(crate) async fn replay(&self, person: &Caller, mut after: u64) -> Vec<BusEvent> {
        let mut events = Vec::new();
        loop {
            let batch = self
                .chats
                .replay(&person.resource_id, &person.raw_id, after)
                .await
                .unwrap();
            assert!(batch.cursor >= after);
            events.extend(batch.events);
            after = batch.cursor;
            if batch.complete {
                return events;
            }
        }
    }

    /// The present position.
    pub(crate) async fn head(&self) -> u64 {
        self.chats
            .start_replay(&self.resource_id, None)
            .await
            .unwrap()
            .cursor
    }
}

pub(crate) fn participant(person: &Caller) -> ChatParticipant {
    ChatParticipant {
        communication_identifier: (&person.raw_id).into(),
        display_name: None,
        share_history_time: None,
        metadata: None,
    }
}

/// What waits on the bus.
pub(crate) fn waiting(subscription: &mut Subscription<BusEvent>) -> Vec<BusEvent> {
    std::iter::from_fn(|| subscription.try_recv())
        .map(|item| match item {
            BusItem::Message(event) => event,
            BusItem::Lagged => panic!("nothing lags here"),
        })
        .collect()
}

pub(crate) fn positions(events: &[BusEvent]) -> Vec<u64> {
    events.iter().filter_map(|event| event.position).collect()
}

/// What is said of a message that was deleted since.
fn blank() -> String {
    "(blank)".to_owned()
}

/// What the events say: their types, and the text of messages.
pub(crate) fn told(events: &[BusEvent]) -> Vec<String> {
    events
        .iter()
        .map(|event| {
            let frame: ServerFrame = serde_json::from_str(&event.frame).unwrap();
            let ServerFrame::Event {
                position,
                event: said,
                ..
            } = frame
            else {
                panic!("an event frame");
            };
            assert_eq!(position, event.position);
            match *said {
                ChatEvent::ChatMessageReceived(message) => message.message.unwrap_or_else(blank),
                ChatEvent::ChatMessageEdited(message) => {
                    format!("edited: {}", message.message.unwrap_or_else(blank))
                }
                ChatEvent::ChatMessageDeleted(message) => format!("deleted: {:?}", message.message),
                ChatEvent::ChatThreadCreated { .. } => "created".to_owned(),
                ChatEvent::ChatThreadPropertiesUpdated { thread, .. } => format!("topic: {}", thread.topic),
                ChatEvent::ChatThreadDeleted { .. } => "thread deleted".to_owned(),
                ChatEvent::ParticipantsAdded { participants, .. } => format!("added: {}", participants.len()),
                ChatEvent::ParticipantsRemoved { .. } => "removed".to_owned(),
                ChatEvent::ReadReceiptReceived { .. } => "read".to_owned(),
                ChatEvent::DeliveryReceiptReceived { .. } => "delivered".to_owned(),
                ChatEvent::TypingIndicatorReceived { .. } => "typing".to_owned(),
            }
        })
        .collect()
}
