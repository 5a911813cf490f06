//! The server's log, read as somebody who is in every thread from its beginning, and what it says about who was to
//! be told what.

use std::collections::{BTreeMap, BTreeSet};

use openline_protocol::{
    RawId, ThreadId,
    realtime::{ChatEvent, ChatMessageEvent, ServerFrame},
};
use openline_server::domain::chat::Chats;

use crate::disk::people;

/// An event and its places.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) position: u64,
    pub(crate) event: ChatEvent,
}

/// The whole log, also what was pruned since. Positions are one after the other, and so are those within a thread.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Entry>,
    in_thread: BTreeMap<ThreadId, u64>,
    deleted: BTreeSet<(ThreadId, u64)>,
    edited: BTreeSet<(ThreadId, u64)>,
}

/// A time in which somebody was in a thread.
#[derive(Debug)]
struct Stay {
    from: u64,
    to: u64,
    /// The earliest and the latest of the times from which on messages were shared, in it and in those after it: whoever
    /// comes back is told what is shared then.
    shared: (u64, u64),
    /// The latest of those after it: from then on everything of this stay is told, before it only its end.
    shared_later: u64,
}

impl Log {
    /// Reads what was added.
    pub(crate) async fn read(&mut self, chats: &Chats) {
        let observer = people().remove(0);
        loop {
            let after = self.entries.last().map_or(0, |entry| entry.position);
            let batch = chats
                .replay(&observer.resource_id, &observer.raw_id, after)
                .await
                .unwrap();
            for event in batch.events {
                self.append(&serde_json::from_str(&event.frame).unwrap());
            }
            if batch.complete {
                let end = self.entries.last().map_or(0, |entry| entry.position);
                assert_eq!(end, batch.cursor, "the log has events of no thread");
                return;
            }
        }
    }

    fn append(&mut self, frame: &ServerFrame) {
        let ServerFrame::Event {
            position: Some(position),
            thread_sequence: Some(number),
            event,
        } = frame
        else {
            panic!("the log has {frame:?}")
        };
        assert_eq!(*position, self.entries.len() as u64 + 1, "the log has a gap");
        let last = self.in_thread.entry(event.thread_id().clone()).or_default();
        assert_eq!(*number, *last + 1, "the events of a thread have a gap");
        *last += 1;
        match &**event {
            ChatEvent::ChatMessageDeleted(message) => {
                self.deleted.insert(place(message));
            }
            ChatEvent::ChatMessageEdited(message) => {
                self.edited.insert(place(message));
            }
            _ => {}
        }
        self.entries.push(Entry {
            position: *position,
            event: (**event).clone(),
        });
    }

    pub(crate) fn end(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Whether a message was deleted in the end. Nothing keeps what it said.
    pub(crate) fn is_deleted(&self, thread: &ThreadId, message: u64) -> bool {
        self.deleted.contains(&(thread.clone(), message))
    }

    /// Whether a message was edited: then its events say what it said when they were told.
    pub(crate) fn is_edited(&self, thread: &ThreadId, message: u64) -> bool {
        self.edited.contains(&(thread.clone(), message))
    }

    /// An event without what depends on when it is told: the content of what was changed since.
    pub(crate) fn told(&self, event: &ChatEvent) -> ChatEvent {
        let mut told = event.clone();
        if let ChatEvent::ChatMessageReceived(message) | ChatEvent::ChatMessageEdited(message) = &mut told
            && (self.deleted.contains(&place(message)) || self.edited.contains(&place(message)))
        {
            message.message = None;
            message.deleted_on = None;
        }
        told
    }

    /// The events that somebody is to be told in any case, and those that somebody may be told. They differ where a
    /// change of the shared history comes between an event and its telling.
    pub(crate) fn visible_to(&self, raw_id: &RawId) -> (Vec<u64>, Vec<u64>) {
        let stays = self.stays(raw_id);
        let (mut due, mut allowed) = (Vec::new(), Vec::new());
        for Entry { position, event } in &self.entries {
            let of_thread = stays.get(event.thread_id());
            let stay = of_thread.and_then(|stays| {
                stays
                    .iter()
                    .find(|stay| stay.from <= *position && *position <= stay.to)
            });
            let (Some(stay), about) = (stay, about(event)) else {
                continue;
            };
            let is_due = match about {
                Some(about) => about >= stay.shared.1,
                None => *position == stay.to || happened_on(event) >= stay.shared_later,
            };
            if is_due {
                due.push(*position);
            }
            if about.is_none_or(|about| about >= stay.shared.0) {
                allowed.push(*position);
            }
        }
        (due, allowed)
    }

    fn stays(&self, raw_id: &RawId) -> BTreeMap<ThreadId, Vec<Stay>> {
        let mut stays: BTreeMap<ThreadId, Vec<Stay>> = BTreeMap::new();
        for Entry { position, event } in &self.entries {
            let of_thread = stays.entry(event.thread_id().clone()).or_default();
            let current = of_thread.last_mut().filter(|stay| stay.to == u64::MAX);
            match event {
                ChatEvent::ChatThreadCreated { participants, .. }
                | ChatEvent::ParticipantsAdded { participants, .. } => {
                    let Some(me) = participants.iter().find(|person| person.raw_id == *raw_id) else {
                        continue;
                    };
                    let since = me.share_history_time.as_millis();
                    if let Some(stay) = current {
                        stay.shared = (stay.shared.0.min(since), stay.shared.1.max(since));
                    } else {
                        of_thread.push(Stay {
                            from: *position,
                            to: u64::MAX,
                            shared: (since, since),
                            shared_later: 0,
                        });
                    }
                }
                ChatEvent::ParticipantsRemoved { participants, .. } => {
                    if participants.iter().any(|person| person.raw_id == *raw_id)
                        && let Some(stay) = current
                    {
                        stay.to = *position;
                    }
                }
                _ => {}
            }
        }
        for of_thread in stays.values_mut() {
            look_back(of_thread);
        }
        stays
    }
}

/// Each stay gets what was shared after it.
fn look_back(stays: &mut [Stay]) {
    let mut later: Option<(u64, u64)> = None;
    for stay in stays.iter_mut().rev() {
        if let Some((earliest, latest)) = later {
            stay.shared = (stay.shared.0.min(earliest), stay.shared.1.max(latest));
            stay.shared_later = latest;
        }
        later = Some(stay.shared);
    }
}

/// When an event happened that tells of no message.
fn happened_on(event: &ChatEvent) -> u64 {
    let on = match event {
        ChatEvent::ChatThreadCreated { created_on, .. } => created_on,
        ChatEvent::ChatThreadPropertiesUpdated { updated_on, .. } => updated_on,
        ChatEvent::ParticipantsAdded { added_on, .. } => added_on,
        ChatEvent::ParticipantsRemoved { removed_on, .. } => removed_on,
        ChatEvent::ChatThreadDeleted { deleted_on, .. } => deleted_on,
        _ => panic!("{event:?} tells of a message"),
    };
    on.as_millis()
}

/// A message's thread and id.
fn place(message: &ChatMessageEvent) -> (ThreadId, u64) {
    (message.thread_id.clone(), message.id.as_str().parse().unwrap())
}

/// The creation time of the message that an event tells of.
fn about(event: &ChatEvent) -> Option<u64> {
    let id = match event {
        ChatEvent::ChatMessageReceived(message)
        | ChatEvent::ChatMessageEdited(message)
        | ChatEvent::ChatMessageDeleted(message) => &message.id,
        ChatEvent::ReadReceiptReceived { chat_message_id, .. } => chat_message_id,
        _ => return None,
    };
    Some(id.as_str().parse().unwrap())
}
