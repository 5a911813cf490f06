//! Receipts.

use openline_chat::PageRequest;
use openline_server::storage::{
    Storage,
    chat::{ReceiptKind, ReceiptRow},
};

use super::{at, place, user, write};

pub(crate) async fn a_participant_has_one_receipt_of_a_kind_and_they_are_listed_by_time(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        for kind in [ReceiptKind::Delivery, ReceiptKind::Read] {
            assert_eq!(
                tx.find_chat_receipt(resource_id, key, kind, &user("ann")).await?,
                None
            );
            for (name, message_id, received_on) in
                [("ann", 1, 5), ("ben", 1, 7), ("cat", 2, 7), ("ann", 2, 9)]
            {
                let row = ReceiptRow {
                    kind,
                    participant: user(name),
                    message_id: at(message_id),
                    received_on: at(received_on),
                };
                tx.put_chat_receipt(resource_id, key, &row).await?;
                assert_eq!(
                    tx.find_chat_receipt(resource_id, key, kind, &user(name)).await?,
                    Some(row)
                );
            }
        }
        for kind in [ReceiptKind::Delivery, ReceiptKind::Read] {
            for (skip, size, expected) in [(0, 9, vec!["ben", "cat", "ann"]), (1, 1, vec!["cat"])] {
                let listed = tx
                    .list_chat_receipts(resource_id, key, kind, PageRequest { skip, size })
                    .await?;
                assert!(listed.iter().all(|row| row.kind == kind));
                let people: Vec<_> = listed.into_iter().map(|row| row.participant).collect();
                assert_eq!(people, expected.into_iter().map(user).collect::<Vec<_>>());
            }
        }
    });
}
