//! What ends, and what is erased of it.

use openline_protocol::ThreadId;
use openline_server::storage::{
    Storage,
    chat::{MessageRange, ReceiptKind, ReceiptRow, Remains, ThreadRow},
};

use super::{append, at, ends_after, join, message_row, place, send, thread, thread_row, user, write};
use crate::add_resource;

const DAY: u64 = 24 * 60 * 60 * 1_000;

pub(crate) async fn a_thread_expires_its_days_after_its_creation_the_longest_overdue_first(
    storage: &Storage,
) {
    let resource_id = add_resource(storage, "r").await;
    for (id, retention, created_on, deleted_on) in [
        ("late", ends_after(31), 0, None),
        ("early", ends_after(30), 0, None),
        ("deleted", ends_after(30), 0, Some(at(1))),
        ("kept", None, 0, None),
        ("young", ends_after(30), DAY * 2, None),
    ] {
        let row = ThreadRow {
            retention,
            created_on: at(created_on),
            deleted_on,
            ..thread_row(id)
        };
        thread(storage, &resource_id, row).await;
    }
    write!(storage, |tx| {
        for (now, limit, expected) in [
            (30 * DAY - 1, 9, vec![]),
            (30 * DAY, 9, vec!["early"]),
            (32 * DAY, 9, vec!["early", "late", "young"]),
            (32 * DAY, 2, vec!["early", "late"]),
        ] {
            let found = tx.list_expired_chat_threads(at(now), limit).await?;
            let ids: Vec<_> = found
                .iter()
                .map(|found| found.thread.thread_id.as_str())
                .collect();
            assert_eq!(ids, expected, "{now}");
        }
        let found = tx.list_expired_chat_threads(at(30 * DAY), 9).await?.remove(0);
        let changed = ThreadRow {
            retention: ends_after(60),
            ..found.thread
        };
        tx.update_chat_thread(&found.resource_id, found.key, &changed)
            .await?;
        assert!(tx.list_expired_chat_threads(at(30 * DAY), 9).await?.is_empty());
    });
}

pub(crate) async fn a_deleted_thread_is_erased_in_two_steps_some_rows_at_a_time(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (r, key) = (&place.resource_id, place.key);
        join(tx, &place, "ann", 0).await?;
        for id in [10, 11, 12] {
            send(tx, &place, &message_row(id, "ann", "x")).await?;
            append(tx, &place, Some(id), "told").await?;
        }
        for kind in [ReceiptKind::Delivery, ReceiptKind::Read] {
            let receipt = ReceiptRow {
                kind,
                participant: user("ann"),
                message_id: at(10),
                received_on: at(11),
            };
            tx.put_chat_receipt(r, key, &receipt).await?;
        }
        assert_eq!(
            tx.find_deleted_chat_thread(Remains::Messages, at(99)).await?,
            None
        );
        let deleted = ThreadRow {
            deleted_on: Some(at(50)),
            ..thread_row("")
        };
        tx.update_chat_thread(r, key, &deleted).await?;
        assert_eq!(
            tx.find_deleted_chat_thread(Remains::Messages, at(49)).await?,
            None
        );
        let found = Some((r.clone(), key));
        assert_eq!(
            tx.find_deleted_chat_thread(Remains::Messages, at(50)).await?,
            found
        );
        assert_eq!(tx.find_deleted_chat_thread(Remains::Row, at(50)).await?, None);

        for expected in [2, 1, 0] {
            assert_eq!(tx.erase_chat_messages(r, key, 2).await?, expected);
            assert_eq!(tx.erase_chat_message_events(r, key, 2).await?, expected);
        }
        tx.finish_erasing_chat_messages(r, key).await?;
        let all = MessageRange {
            from: at(0),
            before: None,
            limit: 9,
        };
        assert!(tx.list_chat_messages(r, key, all).await?.is_empty());
        for kind in [ReceiptKind::Delivery, ReceiptKind::Read] {
            assert_eq!(tx.find_chat_receipt(r, key, kind, &user("ann")).await?, None);
        }
        assert_eq!(
            tx.find_deleted_chat_thread(Remains::Messages, at(50)).await?,
            None
        );
        assert_eq!(tx.find_deleted_chat_thread(Remains::Row, at(50)).await?, found);

        assert_eq!(tx.erase_chat_events(r, key, 9).await?, 1);
        assert_eq!(tx.erase_chat_events(r, key, 9).await?, 0);
        tx.erase_chat_thread(r, key).await?;
        assert_eq!(tx.find_deleted_chat_thread(Remains::Row, at(50)).await?, None);
        let id = ThreadId::new("19:one@thread.v2");
        assert_eq!(tx.find_chat_thread(r, &id, &user("ann")).await?, None);
        assert_eq!(tx.count_chat_participants(r, key).await?, 0);
    });
}
