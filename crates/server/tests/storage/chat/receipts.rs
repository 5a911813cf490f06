//! Read receipts.

use openline_server::storage::{Storage, chat::ReceiptRow};

use super::{at, place, user, write};

pub(crate) async fn a_reader_has_one_receipt_and_they_are_listed_by_time(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        assert_eq!(tx.find_chat_receipt(resource_id, key, &user("ann")).await?, None);
        for (name, message_id, read_on) in [("ann", 1, 5), ("ben", 1, 7), ("cat", 2, 7), ("ann", 2, 9)] {
            let row = ReceiptRow {
                reader: user(name),
                message_id: at(message_id),
                read_on: at(read_on),
            };
            tx.put_chat_receipt(resource_id, key, &row).await?;
            assert_eq!(
                tx.find_chat_receipt(resource_id, key, &user(name)).await?,
                Some(row)
            );
        }
        for (skip, limit, expected) in [(0, 9, vec!["ben", "cat", "ann"]), (1, 1, vec!["cat"])] {
            let listed = tx.list_chat_receipts(resource_id, key, skip, limit).await?;
            let readers: Vec<_> = listed.into_iter().map(|row| row.reader).collect();
            assert_eq!(readers, expected.into_iter().map(user).collect::<Vec<_>>());
        }
    });
}
