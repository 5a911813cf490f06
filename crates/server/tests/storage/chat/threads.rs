//! Threads: as they were stored, and as somebody's list has them.

use std::collections::BTreeMap;

use openline_chat::ThreadCursor;
use openline_protocol::{ResourceId, ThreadId};
use openline_server::storage::{
    Storage, StorageError,
    chat::{MembershipEnd, ThreadKey, ThreadRange, ThreadRow},
};

use super::{Place, at, ends_after, join, place, thread, thread_row, user, write};
use crate::add_resource;

const ALL: ThreadRange = ThreadRange {
    active_since: at(0),
    deleted_since: at(0),
    after: None,
    limit: 100,
};

pub(crate) async fn a_thread_is_found_as_it_was_stored_and_only_in_its_resource(storage: &Storage) {
    let elsewhere = add_resource(storage, "other").await;
    let row = ThreadRow {
        metadata: Some(BTreeMap::from([("colour".to_owned(), "réd".to_owned())])),
        retention: ends_after(30),
        deleted_on: Some(at(9)),
        ..thread_row("19:full@thread.v2")
    };
    let resource_id = add_resource(storage, "r").await;
    let place = thread(storage, &resource_id, row.clone()).await;
    let again = row.clone();
    write!(storage, |tx| {
        join(tx, &place, "ann", 7).await?;
        let (id, nowhere) = (&row.thread_id, ThreadId::new("19:x@thread.v2"));
        let found = tx
            .find_chat_thread(&place.resource_id, id, &user("ann"))
            .await?
            .unwrap();
        assert_eq!((found.key, &found.thread), (place.key, &row));
        assert_eq!(found.participant.unwrap().share_history_time, at(7));
        let found = tx
            .find_chat_thread(&place.resource_id, id, &user("eve"))
            .await?
            .unwrap();
        assert_eq!(found.participant, None);
        assert_eq!(tx.find_chat_thread(&elsewhere, id, &user("ann")).await?, None);
        assert_eq!(
            tx.find_chat_thread(&place.resource_id, &nowhere, &user("ann"))
                .await?,
            None
        );
    });
    let taken = storage
        .write(move |tx| Box::pin(async move { tx.insert_chat_thread(&resource_id, &again).await }))
        .await;
    assert!(matches!(taken, Err(StorageError::Conflict)), "{taken:?}");
}

pub(crate) async fn a_change_and_a_step_of_the_clock_leave_each_other_alone(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let changed = ThreadRow {
            topic: "Dinner".to_owned(),
            metadata: Some(BTreeMap::new()),
            retention: ends_after(90),
            deleted_on: Some(at(77)),
            version: at(8),
            ..thread_row("19:one@thread.v2")
        };
        let advanced = ThreadRow {
            version: at(9_000),
            last_sequence: 5,
            last_message_on: at(8_000),
            last_event_sequence: 6,
            ..thread_row("19:one@thread.v2")
        };
        tx.update_chat_thread(&place.resource_id, place.key, &changed)
            .await?;
        tx.advance_chat_thread(&place.resource_id, place.key, &advanced)
            .await?;
        let id = ThreadId::new("19:one@thread.v2");
        let found = tx
            .find_chat_thread(&place.resource_id, &id, &user("ann"))
            .await?
            .unwrap();
        let expected = ThreadRow {
            topic: changed.topic,
            metadata: changed.metadata,
            retention: changed.retention,
            deleted_on: changed.deleted_on,
            ..advanced
        };
        assert_eq!(found.thread, expected);
    });
}

/// Threads whose last messages are at these times, with ann in each.
async fn threads(storage: &Storage, resource_id: &ResourceId, times: &[u64]) -> Vec<Place> {
    let mut places = Vec::new();
    for (n, time) in times.iter().enumerate() {
        let row = ThreadRow {
            last_message_on: at(*time),
            ..thread_row(&format!("19:{n}@thread.v2"))
        };
        let place = thread(storage, resource_id, row).await;
        let joined = place.clone();
        write!(storage, |tx| { join(tx, &joined, "ann", 0).await? });
        places.push(place);
    }
    places
}

pub(crate) async fn threads_are_listed_by_their_activity_page_by_page(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let places = threads(storage, &resource_id, &[10, 30, 20, 20]).await;
    let keys: Vec<ThreadKey> = [1, 3, 2, 0].map(|n: usize| places[n].key).to_vec();
    write!(storage, |tx| {
        let mut listed = Vec::new();
        let mut range = ThreadRange { limit: 1, ..ALL };
        loop {
            let page = tx.list_chat_threads(&resource_id, &user("ann"), range).await?;
            let Some(last) = page.last() else { break };
            listed.extend(page.iter().map(|item| item.key));
            range.after = Some(ThreadCursor {
                active_since: at(0),
                activity: last.last_message_on,
                thread_key: last.key.0.cast_unsigned(),
            });
        }
        assert_eq!(listed, keys);
        let active = ThreadRange {
            active_since: at(20),
            ..ALL
        };
        let active = tx.list_chat_threads(&resource_id, &user("ann"), active).await?;
        assert_eq!(active.len(), 3);
        assert!(
            tx.list_chat_threads(&resource_id, &user("ben"), ALL)
                .await?
                .is_empty()
        );
    });
}

pub(crate) async fn a_deleted_thread_is_listed_for_a_while_and_a_left_one_as_it_was(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let places = threads(storage, &resource_id, &[10, 20]).await;
    write!(storage, |tx| {
        let [deleted, left] = [&places[0], &places[1]];
        let row = ThreadRow {
            topic: "Later".to_owned(),
            deleted_on: Some(at(50)),
            ..thread_row("")
        };
        let end = MembershipEnd {
            position: 100,
            topic: "Lunch then".to_owned(),
            last_message_on: at(15),
        };
        tx.update_chat_thread(&resource_id, deleted.key, &row).await?;
        tx.update_chat_thread(&resource_id, left.key, &row).await?;
        tx.delete_chat_participant(&resource_id, left.key, &user("ann"))
            .await?;
        tx.close_chat_membership(&resource_id, left.key, &user("ann"), &end)
            .await?;
        for (since, expected) in [
            (50, vec![("Lunch then", None, 15), ("Later", Some(at(50)), 10)]),
            (51, vec![("Lunch then", None, 15)]),
        ] {
            let range = ThreadRange {
                deleted_since: at(since),
                ..ALL
            };
            let listed = tx.list_chat_threads(&resource_id, &user("ann"), range).await?;
            let listed: Vec<_> = listed
                .iter()
                .map(|item| {
                    (
                        item.topic.as_str(),
                        item.deleted_on,
                        item.last_message_on.as_millis(),
                    )
                })
                .collect();
            assert_eq!(listed, expected);
        }
    });
}
