//! What an application keeps of its threads: a copy, from events, and from reading a thread when it comes into it.

use std::collections::{BTreeMap, BTreeSet};

use openline_protocol::{
    RawId, ThreadId,
    realtime::{ChatEvent, ChatMessageEvent},
};

/// A message: its last change and what it says, nothing once deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) version: u64,
    pub(crate) sender: Option<RawId>,
    pub(crate) content: Option<String>,
}

/// A thread as the application or the server has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    pub(crate) topic: String,
    pub(crate) people: BTreeSet<RawId>,
    /// By id.
    pub(crate) messages: BTreeMap<u64, Message>,
}

/// A thread that is being read, and what happened in it since it was asked for: what is read may be older.
#[derive(Debug, Clone)]
struct Loading {
    number: u64,
    since: Vec<ChatEvent>,
}

#[derive(Debug, Clone)]
pub(crate) struct Copy {
    me: RawId,
    pub(crate) threads: BTreeMap<ThreadId, Thread>,
    loading: BTreeMap<ThreadId, Loading>,
    loads: u64,
}

impl Copy {
    pub(crate) fn new(me: RawId) -> Self {
        Self {
            me,
            threads: BTreeMap::new(),
            loading: BTreeMap::new(),
            loads: 0,
        }
    }

    /// The threads to read, with the number to read them under.
    pub(crate) fn start_loading(&mut self, thread: &ThreadId) -> u64 {
        self.loads += 1;
        let loading = Loading {
            number: self.loads,
            since: Vec::new(),
        };
        self.loading.insert(thread.clone(), loading);
        self.loads
    }

    /// The threads that are being read.
    pub(crate) fn loading(&self) -> Vec<ThreadId> {
        self.loading.keys().cloned().collect()
    }

    /// Whether what is read under this number is still wanted.
    fn is_loading(&self, thread: &ThreadId, number: u64) -> bool {
        self.loading
            .get(thread)
            .is_some_and(|loading| loading.number == number)
    }

    /// The thread was read, or is not there for this identity.
    pub(crate) fn loaded(&mut self, id: &ThreadId, number: u64, read: Option<Thread>) {
        if !self.is_loading(id, number) {
            return;
        }
        let loading = self.loading.remove(id).expect("checked above");
        match read {
            Some(thread) => self.threads.insert(id.clone(), thread),
            None => self.threads.remove(id),
        };
        for event in &loading.since {
            self.apply(event);
        }
    }

    /// Applies an event. True if the thread has to be read: this identity came into it.
    pub(crate) fn handle(&mut self, event: &ChatEvent) -> bool {
        if let Some(loading) = self.loading.get_mut(event.thread_id()) {
            loading.since.push(event.clone());
        }
        self.apply(event)
    }

    fn apply(&mut self, event: &ChatEvent) -> bool {
        let id = event.thread_id();
        match event {
            ChatEvent::ChatThreadCreated {
                thread, participants, ..
            } => {
                self.threads.entry(id.clone()).or_insert_with(|| Thread {
                    topic: thread.topic.clone(),
                    people: participants.iter().map(|person| person.raw_id.clone()).collect(),
                    messages: BTreeMap::new(),
                });
            }
            ChatEvent::ChatThreadDeleted { .. } => self.forget(id),
            ChatEvent::ParticipantsRemoved { participants, .. } => {
                if participants.iter().any(|person| person.raw_id == self.me) {
                    self.forget(id);
                } else if let Some(copy) = self.threads.get_mut(id) {
                    copy.people
                        .retain(|raw_id| !participants.iter().any(|person| person.raw_id == *raw_id));
                }
            }
            ChatEvent::ParticipantsAdded { participants, .. } => {
                if let Some(copy) = self.threads.get_mut(id) {
                    copy.people
                        .extend(participants.iter().map(|person| person.raw_id.clone()));
                }
                return participants.iter().any(|person| person.raw_id == self.me);
            }
            ChatEvent::ChatThreadPropertiesUpdated { thread, .. } => {
                if let Some(copy) = self.threads.get_mut(id) {
                    copy.topic.clone_from(&thread.topic);
                }
            }
            ChatEvent::ChatMessageReceived(message)
            | ChatEvent::ChatMessageEdited(message)
            | ChatEvent::ChatMessageDeleted(message) => self.message(message),
            ChatEvent::ReadReceiptReceived { .. }
            | ChatEvent::DeliveryReceiptReceived { .. }
            | ChatEvent::TypingIndicatorReceived { .. } => {}
        }
        false
    }

    fn message(&mut self, event: &ChatMessageEvent) {
        let Some(thread) = self.threads.get_mut(&event.thread_id) else {
            return;
        };
        let message = Message {
            version: event.version.parse().unwrap(),
            sender: Some(event.sender.clone()),
            content: event.message.clone(),
        };
        let id = event.id.as_str().parse().unwrap();
        let newer = thread
            .messages
            .get(&id)
            .is_none_or(|known| known.version < message.version);
        if newer {
            thread.messages.insert(id, message);
        }
    }

    fn forget(&mut self, id: &ThreadId) {
        self.threads.remove(id);
    }
}
