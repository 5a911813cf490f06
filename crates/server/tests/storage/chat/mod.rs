//! Chat's rows: each case says what every database must do with one kind of them.

pub(crate) mod attachments;
pub(crate) mod clock;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod participants;
pub(crate) mod receipts;
pub(crate) mod requests;
pub(crate) mod retention;
pub(crate) mod search;
pub(crate) mod threads;

use openline_protocol::{
    RawId, ResourceId, ThreadId, Timestamp,
    rest::chat::{ChatMessageType, ChatRetentionPolicy},
};
use openline_server::storage::{
    Storage, StorageError, Transaction,
    chat::{MessageRow, NewEventRow, ParticipantRow, ThreadKey, ThreadRow},
};

use crate::add_resource;

/// Runs operations in one write, and what they find is asserted there.
macro_rules! write {
    ($storage:expr, |$tx:ident| $body:block) => {
        $storage
            .write(move |$tx: &mut dyn openline_server::storage::Transaction| {
                Box::pin(async move { Ok::<_, openline_server::storage::StorageError>($body) })
            })
            .await
            .unwrap()
    };
}
pub(crate) use write;

pub(crate) const fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(crate) fn user(name: &str) -> RawId {
    RawId::new(format!("8:acs:r_{name}"))
}

/// A thread and its resource.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) resource_id: ResourceId,
    pub(crate) key: ThreadKey,
}

pub(crate) fn thread_row(id: &str) -> ThreadRow {
    ThreadRow {
        thread_id: ThreadId::new(id),
        topic: "Lunch".to_owned(),
        metadata: None,
        retention: None,
        created_on: at(1_000),
        created_by: user("ann"),
        deleted_on: None,
        version: at(1_000),
        last_sequence: 1,
        last_message_on: at(1_000),
        last_event_sequence: 0,
    }
}

pub(crate) fn ends_after(days: i64) -> Option<ChatRetentionPolicy> {
    Some(ChatRetentionPolicy::ThreadCreationDate {
        delete_thread_after_days: days,
    })
}

pub(crate) fn participant_row(name: &str, share_history_time: u64, ordinal: u64) -> ParticipantRow {
    ParticipantRow {
        raw_id: user(name),
        display_name: name.to_owned(),
        share_history_time: at(share_history_time),
        metadata: None,
        ordinal,
    }
}

pub(crate) fn message_row(id: u64, sender: &str, text: &str) -> MessageRow {
    MessageRow {
        message_id: at(id),
        sequence: id,
        version: at(id),
        message_type: ChatMessageType::Text,
        sender: Some(user(sender)),
        sender_display_name: sender.to_owned(),
        content: Some(text.to_owned()),
        metadata: None,
        attachments: Vec::new(),
        edited_on: None,
        deleted_on: None,
    }
}

/// A resource with a thread of nobody.
pub(crate) async fn place(storage: &Storage) -> Place {
    let resource_id = add_resource(storage, "r").await;
    thread(storage, &resource_id, thread_row("19:one@thread.v2")).await
}

pub(crate) async fn thread(storage: &Storage, resource_id: &ResourceId, row: ThreadRow) -> Place {
    let resource_id = resource_id.clone();
    write!(storage, |tx| {
        let key = tx.insert_chat_thread(&resource_id, &row).await?;
        Place { resource_id, key }
    })
}

/// Somebody comes, as the use cases do it: a row, an interval, and an event at its beginning.
pub(crate) async fn join(
    tx: &mut dyn Transaction,
    place: &Place,
    name: &str,
    share_history_time: u64,
) -> Result<u64, StorageError> {
    let position = append(tx, place, None, &format!("{name} came")).await?;
    let row = participant_row(name, share_history_time, position);
    tx.put_chat_participant(&place.resource_id, place.key, &row)
        .await?;
    tx.open_chat_membership(&place.resource_id, place.key, &row, position)
        .await?;
    Ok(position)
}

/// Stores a message and moves the thread's clock on.
pub(crate) async fn send(
    tx: &mut dyn Transaction,
    place: &Place,
    row: &MessageRow,
) -> Result<(), StorageError> {
    tx.insert_chat_message(&place.resource_id, place.key, row).await?;
    let thread = ThreadRow {
        version: row.version,
        last_sequence: row.sequence,
        last_message_on: row.message_id,
        ..thread_row("")
    };
    tx.advance_chat_thread(&place.resource_id, place.key, &thread)
        .await
}

pub(crate) async fn append(
    tx: &mut dyn Transaction,
    place: &Place,
    about_on: Option<u64>,
    event: &str,
) -> Result<u64, StorageError> {
    let row = NewEventRow {
        key: place.key,
        thread_sequence: 1,
        created_on: at(5_000),
        about_on: about_on.map(at),
        content_in_message: false,
        event,
    };
    tx.append_chat_event(&place.resource_id, row).await
}
