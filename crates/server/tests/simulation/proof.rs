//! What has to be so after every run.

use std::collections::{BTreeMap, BTreeSet};

use openline_protocol::{RawId, ThreadId, realtime::ChatEvent};
use openline_server::domain::chat::Chats;

use crate::{
    client::{Client, Epoch},
    copy::Thread,
    log::Log,
    requests::{Request, list, load},
    world::World,
};

/// The server and every page agree, and nothing that was answered is missing or there twice.
pub(crate) async fn check(world: &mut World) {
    let server = world.server.as_ref().expect("a settled world has a server");
    world.log.read(&server.chats).await;
    check_versions(&world.log);
    for client in &world.clients {
        check_handler(client, &world.log);
        check_copy(client, &server.chats).await;
        check_answers(client, &world.log);
    }
}

/// Ids and versions rise within a thread, whatever the clock did.
fn check_versions(log: &Log) {
    let mut last: BTreeMap<&ThreadId, u64> = BTreeMap::new();
    for entry in &log.entries {
        let (ChatEvent::ChatMessageReceived(message)
        | ChatEvent::ChatMessageEdited(message)
        | ChatEvent::ChatMessageDeleted(message)) = &entry.event
        else {
            continue;
        };
        let version: u64 = message.version.parse().unwrap();
        let before = last.insert(&message.thread_id, version);
        assert!(
            before.is_none_or(|before| before < version),
            "version {version} after {before:?}"
        );
    }
}

/// Each handler was told each event that concerned it once, in order, and nothing else.
fn check_handler(client: &Client, log: &Log) {
    let (due, allowed) = log.visible_to(client.me());
    let last = client.epochs.len() - 1;
    for (index, epoch) in client.epochs.iter().enumerate() {
        let Epoch { start, events } = epoch;
        let Some(start) = start else { continue };
        let end = if index == last {
            log.end()
        } else {
            epoch.newest().unwrap_or(*start)
        };
        let within = |positions: &[u64]| -> BTreeSet<u64> {
            let within = positions
                .iter()
                .filter(|position| *start < **position && **position <= end);
            within.copied().collect()
        };
        // Each is in it once: the handler looked.
        let told: BTreeSet<u64> = events.iter().map(|(position, _)| *position).collect();
        let missed: Vec<u64> = within(&due).difference(&told).copied().collect();
        assert!(
            missed.is_empty(),
            "{} was not told {missed:?}, after {start}",
            client.me()
        );
        let secret: Vec<u64> = told.difference(&within(&allowed)).copied().collect();
        assert!(
            secret.is_empty(),
            "{} was told {secret:?}, after {start}",
            client.me()
        );
        for (position, event) in events {
            let entry = &log.entries[usize::try_from(*position - 1).unwrap()];
            assert_eq!(log.told(event), log.told(&entry.event), "at {position}");
        }
    }
}

/// What a page shows is what the server has for it.
async fn check_copy(client: &Client, chats: &Chats) {
    let mut threads: BTreeMap<ThreadId, Thread> = BTreeMap::new();
    for id in list(chats, &client.who).await.unwrap() {
        if let Ok(thread) = load(chats, &client.who, &id).await {
            threads.insert(id, thread);
        }
    }
    let shown: BTreeSet<_> = client.copy.threads.keys().collect();
    assert_eq!(shown, threads.keys().collect(), "threads of {}", client.me());
    for (id, thread) in &threads {
        assert_eq!(client.copy.threads[id], *thread, "a thread of {}", client.me());
    }
}

/// What was answered is there once; what was refused is not there.
fn check_answers(client: &Client, log: &Log) {
    let answered = &client.answered;
    let sent = sent_messages(log, client.me());
    for (text, (thread, id)) in &answered.sent {
        let said = sent.get(&(thread.clone(), *id)).map(Vec::as_slice);
        // What is deleted says nothing, and what is edited something else.
        let changed = log.is_edited(thread, *id);
        assert!(
            matches!(said, Some([said]) if changed || said.as_ref().is_none_or(|said| said == text)),
            "{text:?}: {said:?}"
        );
    }
    let said: Vec<&String> = sent.values().flatten().flatten().collect();
    let texts: BTreeSet<&String> = said.iter().copied().collect();
    assert_eq!(said.len(), texts.len(), "a message is there twice: {said:?}");
    let created = created_threads(log);
    for (topic, id) in &answered.created {
        assert_eq!(created.get(topic), Some(&vec![id.clone()]), "{topic:?}");
    }
    for name in &answered.refused {
        assert!(
            !texts.contains(name) && !created.contains_key(name),
            "{name:?} was refused"
        );
    }
    for request in &answered.done {
        assert!(
            is_done(request, client.me(), log),
            "{request:?} was answered, and is not in the log"
        );
    }
    // One page sends one message after the other, so they are in the order of their texts' numbers.
    let mut order: BTreeMap<&ThreadId, Vec<u64>> = BTreeMap::new();
    for (text, (thread, id)) in &answered.sent {
        let number: u64 = text
            .split(' ')
            .next_back()
            .and_then(|number| number.parse().ok())
            .unwrap();
        order
            .entry(thread)
            .or_default()
            .push(number * 1_000_000_000_000_000 + id);
    }
    for keys in order.values_mut() {
        keys.sort_unstable();
        let ids: Vec<u64> = keys.iter().map(|key| key % 1_000_000_000_000_000).collect();
        assert!(ids.is_sorted(), "messages of {} are out of order", client.me());
    }
}

/// What the log says of each message of somebody.
fn sent_messages(log: &Log, who: &RawId) -> BTreeMap<(ThreadId, u64), Vec<Option<String>>> {
    let mut sent: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for entry in &log.entries {
        if let ChatEvent::ChatMessageReceived(message) = &entry.event
            && message.sender == *who
        {
            let place = (message.thread_id.clone(), message.id.as_str().parse().unwrap());
            sent.entry(place).or_default().push(message.message.clone());
        }
    }
    sent
}

fn created_threads(log: &Log) -> BTreeMap<String, Vec<ThreadId>> {
    let mut created: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for entry in &log.entries {
        if let ChatEvent::ChatThreadCreated { thread, .. } = &entry.event {
            created
                .entry(thread.topic.clone())
                .or_default()
                .push(thread.thread_id.clone());
        }
    }
    created
}

/// Whether the log has what a request was answered for.
fn is_done(request: &Request, who: &RawId, log: &Log) -> bool {
    let of = |id: &ThreadId| {
        let id = id.clone();
        log.entries
            .iter()
            .map(|entry| &entry.event)
            .filter(move |event| *event.thread_id() == id)
    };
    match request {
        Request::Edit { thread, message, .. } if log.is_deleted(thread, *message) => true,
        // Of several in another order the last one stands.
        Request::Edit { thread, message, .. } => log.is_edited(thread, *message),
        Request::Delete { thread, message } => {
            let deletions = of(thread).filter(|event| {
                matches!(event, ChatEvent::ChatMessageDeleted(gone) if gone.id.as_str() == message.to_string())
            });
            deletions.count() == 1
        }
        Request::Rename { thread, topic } => {
            let renames = of(thread).filter(|event| {
                matches!(event, ChatEvent::ChatThreadPropertiesUpdated { thread, .. } if thread.topic == *topic)
            });
            renames.count() == 1
        }
        Request::Drop { thread } => {
            of(thread)
                .filter(|event| matches!(event, ChatEvent::ChatThreadDeleted { .. }))
                .count()
                == 1
        }
        // Of two in the other order the later one stands.
        Request::Read { thread, message } => of(thread).any(|event| {
            matches!(event, ChatEvent::ReadReceiptReceived { sender, chat_message_id, .. }
                if sender == who && chat_message_id.as_str().parse::<u64>().unwrap() >= *message)
        }),
        Request::Add { thread, who, .. } => of(thread).any(|event| {
            matches!(event, ChatEvent::ParticipantsAdded { participants, .. }
                | ChatEvent::ChatThreadCreated { participants, .. }
                if participants.iter().any(|person| person.raw_id == *who))
        }),
        // Whoever was not in it is not removed.
        Request::Remove { .. } | Request::Type { .. } | Request::List | Request::Load { .. } => true,
        Request::Send { .. } | Request::Create { .. } => false,
    }
}
