//! Messages.

use std::collections::BTreeMap;

use openline_protocol::rest::chat::{ChatAttachment, ChatAttachmentType, ChatMessageType};
use openline_server::storage::{
    Storage, StorageError,
    chat::{MessageRange, MessageRow},
};

use super::{at, message_row, place, write};

pub(crate) async fn a_message_is_found_as_it_was_last_stored(storage: &Storage) {
    let place = place(storage).await;
    let again = place.clone();
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        let row = MessageRow {
            message_type: ChatMessageType::Html,
            metadata: Some(BTreeMap::from([("a".to_owned(), "😀".to_owned())])),
            attachments: vec![ChatAttachment {
                id: "a".to_owned(),
                attachment_type: ChatAttachmentType::Image,
                name: Some("ü.png".to_owned()),
                url: None,
                preview_url: None,
                content_type: "image/png".to_owned(),
                size_bytes: 1,
                width: Some(2),
                height: Some(3),
            }],
            ..message_row(10, "ann", "<b>hi</b>")
        };
        tx.insert_chat_message(resource_id, key, &row).await?;
        assert_eq!(
            tx.find_chat_message(resource_id, key, at(10)).await?,
            Some(row.clone())
        );
        assert_eq!(tx.find_chat_message(resource_id, key, at(11)).await?, None);
        let deleted = MessageRow {
            version: at(20),
            content: None,
            metadata: None,
            attachments: Vec::new(),
            edited_on: Some(at(15)),
            deleted_on: Some(at(20)),
            ..row
        };
        tx.update_chat_message(resource_id, key, &deleted).await?;
        assert_eq!(
            tx.find_chat_message(resource_id, key, at(10)).await?,
            Some(deleted)
        );
        let system = MessageRow {
            message_type: ChatMessageType::TopicUpdated,
            sender: None,
            ..message_row(11, "", "{}")
        };
        tx.insert_chat_message(resource_id, key, &system).await?;
        assert_eq!(
            tx.find_chat_message(resource_id, key, at(11)).await?,
            Some(system)
        );
    });
    let taken = storage
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_chat_message(&again.resource_id, again.key, &message_row(10, "ann", "x"))
                    .await
            })
        })
        .await;
    assert!(matches!(taken, Err(StorageError::Conflict)), "{taken:?}");
}

pub(crate) async fn messages_are_listed_the_newest_first_between_two_times(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        for id in [10, 20, 30, 40] {
            tx.insert_chat_message(resource_id, key, &message_row(id, "ann", "x"))
                .await?;
        }
        for (from, before, limit, expected) in [
            (0, None, 9, vec![40, 30, 20, 10]),
            (20, Some(40), 9, vec![30, 20]),
            (0, None, 2, vec![40, 30]),
            (41, None, 9, vec![]),
        ] {
            let range = MessageRange {
                from: at(from),
                before: before.map(at),
                limit,
            };
            let listed = tx.list_chat_messages(resource_id, key, range).await?;
            let ids: Vec<_> = listed.iter().map(|row| row.message_id.as_millis()).collect();
            assert_eq!(ids, expected);
        }
    });
}
