//! Search.

use openline_chat::{SearchCursor, search::SearchQuery};
use openline_protocol::{ResourceId, rest::chat::ChatMessageType};
use openline_server::storage::{
    Storage, StorageError, Transaction,
    chat::{MembershipEnd, MessageRow, SearchRange, ThreadRow},
};

use super::{Place, at, join, message_row, place, send, thread, thread_row, user, write};
use crate::add_resource;

fn range(query: &str) -> SearchRange {
    SearchRange {
        query: SearchQuery::parse(query).unwrap(),
        thread: None,
        sender: None,
        from: at(0),
        until: None,
        after: None,
        limit: 100,
    }
}

/// The ids of what `name` finds.
async fn find(
    tx: &mut dyn Transaction,
    resource_id: &ResourceId,
    name: &str,
    range: &SearchRange,
) -> Result<Vec<u64>, StorageError> {
    let found = tx.search_chat_messages(resource_id, &user(name), range).await?;
    Ok(found
        .iter()
        .map(|row| row.message.message_id.as_millis())
        .collect())
}

/// Two threads with ann in both and ben, from 15 on, in the second.
async fn two_threads(storage: &Storage) -> [Place; 2] {
    let one = place(storage).await;
    let two = thread(storage, &one.resource_id, thread_row("19:two@thread.v2")).await;
    let places = [one, two];
    let [one, two] = places.clone();
    write!(storage, |tx| {
        join(tx, &one, "ann", 0).await?;
        join(tx, &two, "ann", 0).await?;
        join(tx, &two, "ben", 15).await?;
        send(tx, &one, &message_row(10, "ann", "Red apples")).await?;
        send(tx, &two, &message_row(10, "ann", "red pears")).await?;
        send(tx, &one, &message_row(20, "ben", "apples, red ones")).await?;
        send(tx, &two, &message_row(30, "ben", "green apples")).await?;
    });
    places
}

pub(crate) async fn messages_are_found_by_their_words_in_the_threads_somebody_is_in(storage: &Storage) {
    let [one, two] = two_threads(storage).await;
    let elsewhere = add_resource(storage, "other").await;
    write!(storage, |tx| {
        let r = &one.resource_id;
        for (query, expected) in [
            ("apples", vec![30, 20, 10]),
            ("app", vec![30, 20, 10]),
            ("\"app\"", vec![]),
            ("RED apples", vec![20, 10]),
            ("\"red apples\"", vec![10]),
            ("rëd", vec![20, 10, 10]),
            ("apples pears", vec![]),
        ] {
            assert_eq!(find(tx, r, "ann", &range(query)).await?, expected, "{query}");
        }
        assert_eq!(find(tx, r, "ben", &range("apples")).await?, [30]);
        assert!(
            find(tx, r, "ben", &range("pears")).await?.is_empty(),
            "from before"
        );
        assert!(find(tx, r, "eve", &range("apples")).await?.is_empty());
        assert!(find(tx, &elsewhere, "ann", &range("apples")).await?.is_empty());
        let found = tx.search_chat_messages(r, &user("ann"), &range("green")).await?;
        assert_eq!(
            (found[0].key, found[0].thread_id.as_str()),
            (two.key, "19:two@thread.v2")
        );
        assert_eq!(found[0].message, message_row(30, "ben", "green apples"));

        let end = MembershipEnd {
            position: 99,
            topic: String::new(),
            last_message_on: at(30),
        };
        tx.close_chat_membership(r, two.key, &user("ben"), &end).await?;
        assert!(find(tx, r, "ben", &range("apples")).await?.is_empty());
        let deleted = ThreadRow {
            deleted_on: Some(at(50)),
            ..thread_row("")
        };
        tx.update_chat_thread(r, one.key, &deleted).await?;
        assert_eq!(find(tx, r, "ann", &range("apples")).await?, [30]);
    });
}

pub(crate) async fn a_search_is_narrowed_and_goes_on_page_by_page(storage: &Storage) {
    let [one, two] = two_threads(storage).await;
    write!(storage, |tx| {
        let r = &one.resource_id;
        let all = range("red");
        for (narrowed, expected) in [
            (
                SearchRange {
                    thread: Some(two.key),
                    ..all.clone()
                },
                vec![10],
            ),
            (
                SearchRange {
                    sender: Some(user("ben")),
                    ..all.clone()
                },
                vec![20],
            ),
            (
                SearchRange {
                    from: at(11),
                    ..all.clone()
                },
                vec![20],
            ),
            (
                SearchRange {
                    until: Some(at(20)),
                    ..all.clone()
                },
                vec![10, 10],
            ),
            (
                SearchRange {
                    limit: 1,
                    ..all.clone()
                },
                vec![20],
            ),
        ] {
            assert_eq!(find(tx, r, "ann", &narrowed).await?, expected, "{narrowed:?}");
        }
        let mut pages = Vec::new();
        let mut page = SearchRange { limit: 1, ..all };
        while let [row] = tx.search_chat_messages(r, &user("ann"), &page).await?.as_slice() {
            pages.push((row.message.message_id.as_millis(), row.key));
            page.after = Some(SearchCursor {
                before: row.message.message_id,
                thread_key: row.key.0.cast_unsigned(),
            });
        }
        let (higher, lower) = (one.key.max(two.key), one.key.min(two.key));
        assert_eq!(pages, [(20, one.key), (10, higher), (10, lower)]);
    });
}

pub(crate) async fn a_message_is_found_by_what_it_says_now(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (r, key) = (&place.resource_id, place.key);
        join(tx, &place, "ann", 0).await?;
        let row = MessageRow {
            message_type: ChatMessageType::Html,
            ..message_row(10, "ann", "<p>one<br>two</p>")
        };
        send(tx, &place, &row).await?;
        assert_eq!(find(tx, r, "ann", &range("\"one two\"")).await?, [10]);
        assert!(find(tx, r, "ann", &range("br")).await?.is_empty());
        let edited = MessageRow {
            content: Some("three".to_owned()),
            ..row.clone()
        };
        tx.update_chat_message(r, key, &edited).await?;
        assert!(find(tx, r, "ann", &range("one")).await?.is_empty());
        assert_eq!(find(tx, r, "ann", &range("three")).await?, [10]);
        let deleted = MessageRow {
            content: None,
            deleted_on: Some(at(20)),
            ..row
        };
        tx.update_chat_message(r, key, &deleted).await?;
        assert!(find(tx, r, "ann", &range("three")).await?.is_empty());

        let system = MessageRow {
            message_type: ChatMessageType::TopicUpdated,
            ..message_row(11, "ann", "{\"topic\":\"four\"}")
        };
        send(tx, &place, &system).await?;
        assert!(find(tx, r, "ann", &range("topic")).await?.is_empty());
        send(tx, &place, &message_row(12, "ann", "five")).await?;
        assert_eq!(tx.erase_chat_messages(r, key, 9).await?, 3);
        assert!(find(tx, r, "ann", &range("five")).await?.is_empty());
    });
}

/// In each thread a match at one time, and something newer that is none; every third one has a second match.
pub(crate) async fn what_is_found_in_many_threads_comes_page_by_page_newest_first(storage: &Storage) {
    let threads: u64 = 60;
    let resource_id = add_resource(storage, "r").await;
    let mut places = Vec::new();
    for n in 0..threads {
        let row = thread_row(&format!("19:{n}@thread.v2"));
        places.push(thread(storage, &resource_id, row).await);
    }
    write!(storage, |tx| {
        let mut expected = Vec::new();
        for (n, place) in (0..).zip(&places) {
            join(tx, place, "ann", 0).await?;
            // The later the match, the earlier what came after it; and some at the same time.
            let matched = 100 + (n * 37) % threads / 2;
            send(tx, place, &message_row(matched, "ben", "the lunch")).await?;
            expected.push((matched, place.key));
            if n % 3 == 0 {
                send(tx, place, &message_row(matched + 7, "ann", "lunch it is")).await?;
                expected.push((matched + 7, place.key));
            }
            send(tx, place, &message_row(1_000 - matched, "ann", "the launch")).await?;
        }
        expected.sort_unstable_by(|a, b| b.cmp(a));
        let mut found = Vec::new();
        let mut page = SearchRange {
            limit: 7,
            ..range("lunch")
        };
        loop {
            let rows = tx.search_chat_messages(&resource_id, &user("ann"), &page).await?;
            found.extend(
                rows.iter()
                    .map(|row| (row.message.message_id.as_millis(), row.key)),
            );
            let Some(last) = rows.last() else { break };
            page.after = Some(SearchCursor {
                before: last.message.message_id,
                thread_key: last.key.0.cast_unsigned(),
            });
        }
        assert_eq!(found, expected);
        let from_ben = SearchRange {
            sender: Some(user("ben")),
            ..range("lunch")
        };
        let found = find(tx, &resource_id, "ann", &from_ben).await?;
        assert_eq!(found.len() as u64, threads);
    });
}

/// Messages of ann's, one of them deleted.
pub(crate) async fn sent_before(storage: &Storage, count: u64) -> ResourceId {
    let place = place(storage).await;
    let resource_id = place.resource_id.clone();
    write!(storage, |tx| {
        join(tx, &place, "ann", 0).await?;
        for id in 1..=count {
            send(tx, &place, &message_row(id, "ann", "early bird")).await?;
        }
        let deleted = MessageRow {
            content: None,
            deleted_on: Some(at(99)),
            ..message_row(1, "ann", "")
        };
        tx.update_chat_message(&place.resource_id, place.key, &deleted)
            .await?;
    });
    resource_id
}

pub(crate) async fn is_indexed_in_batches(storage: &Storage, resource_id: ResourceId) {
    write!(storage, |tx| {
        let mut found = Vec::new();
        for batch in [10, 10, 5, 0] {
            found.push(find(tx, &resource_id, "ann", &range("bird")).await?.len());
            assert_eq!(tx.index_chat_messages(10).await?, batch);
        }
        assert_eq!(found, [0, 10, 20, 24]);
    });
}
