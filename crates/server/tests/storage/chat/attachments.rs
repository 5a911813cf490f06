//! Files of messages: their rows, and the objects that they leave.

use openline_protocol::{ResourceId, rest::chat::ChatAttachmentType};
use openline_server::storage::{
    Storage, StorageError, Transaction,
    chat::{AttachmentId, AttachmentRow, ErasureRow, MessageRow, ThreadRow, ThumbnailRow},
    objects::UploadId,
};

use super::{Place, at, message_row, place, send, thread, thread_row, user, write};
use crate::add_resource;

fn file(uploader: &str, size_bytes: u64) -> AttachmentRow {
    AttachmentRow {
        attachment_id: AttachmentId::random(),
        uploader: user(uploader),
        attachment_type: ChatAttachmentType::File,
        name: None,
        content_type: "text/plain".to_owned(),
        size_bytes,
        dimensions: None,
        thumbnail: None,
        created_on: at(10),
        message_id: None,
    }
}

async fn add(
    tx: &mut dyn Transaction,
    place: &Place,
    row: &AttachmentRow,
) -> Result<AttachmentId, StorageError> {
    tx.insert_chat_attachment(&place.resource_id, place.key, row)
        .await?;
    Ok(row.attachment_id)
}

/// A message with one file.
async fn send_with(
    tx: &mut dyn Transaction,
    place: &Place,
    message_id: u64,
) -> Result<(AttachmentId, MessageRow), StorageError> {
    let id = add(tx, place, &file("ann", 1)).await?;
    let row = MessageRow {
        attachments: vec![openline_protocol::rest::chat::ChatAttachment {
            id: id.to_string(),
            attachment_type: ChatAttachmentType::File,
            name: None,
            url: None,
            preview_url: None,
            content_type: "text/plain".to_owned(),
            size_bytes: 1,
            width: None,
            height: None,
        }],
        ..message_row(message_id, "ann", "see")
    };
    send(tx, place, &row).await?;
    tx.attach_chat_attachment(&place.resource_id, id, at(message_id))
        .await?;
    Ok((id, row))
}

/// What is to be erased by `now`.
async fn due(tx: &mut dyn Transaction, now: u64) -> Result<Vec<(ResourceId, AttachmentId)>, StorageError> {
    let rows = tx.list_chat_attachment_erasures(at(now), 100).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.resource_id, row.attachment_id))
        .collect())
}

fn erasure(place: &Place, attachment_id: AttachmentId) -> ErasureRow {
    ErasureRow {
        resource_id: place.resource_id.clone(),
        attachment_id,
        upload_id: None,
    }
}

async fn prune_orphans(tx: &mut dyn Transaction) -> Result<(), StorageError> {
    while tx.prune_orphaned_chat_attachments(1).await? > 0 {}
    Ok(())
}

pub(crate) async fn a_file_is_found_as_it_was_added_and_in_its_thread_alone(storage: &Storage) {
    let one = place(storage).await;
    let two = thread(storage, &one.resource_id, thread_row("19:two@thread.v2")).await;
    let elsewhere = add_resource(storage, "other").await;
    write!(storage, |tx| {
        let r = &one.resource_id;
        let image = AttachmentRow {
            attachment_type: ChatAttachmentType::Image,
            name: Some("a \"b\" ü.png".to_owned()),
            content_type: "image/png".to_owned(),
            dimensions: Some((800, 600)),
            thumbnail: Some(ThumbnailRow {
                content_type: "image/jpeg".to_owned(),
                size_bytes: 7,
            }),
            ..file("ann", u64::from(u32::MAX) + 1)
        };
        let plain = file("ann", 1);
        for row in [&image, &plain] {
            let id = add(tx, &one, row).await?;
            assert_eq!(tx.find_chat_attachment(r, one.key, id).await?.as_ref(), Some(row));
            assert_eq!(tx.find_chat_attachment(r, two.key, id).await?, None);
            assert_eq!(tx.find_chat_attachment(&elsewhere, one.key, id).await?, None);
        }
        send(tx, &one, &message_row(20, "ann", "see")).await?;
        let id = image.attachment_id;
        tx.attach_chat_attachment(r, id, at(20)).await?;
        let found = tx.find_chat_attachment(r, one.key, id).await?.unwrap();
        assert_eq!(found.message_id, Some(at(20)));
        tx.delete_chat_attachment(r, id).await?;
        assert_eq!(tx.find_chat_attachment(r, one.key, id).await?, None);
        let id = plain.attachment_id;
        assert_eq!(tx.find_chat_attachment(r, one.key, id).await?, Some(plain));
    });
}

pub(crate) async fn what_the_files_of_a_user_take_is_counted(storage: &Storage) {
    let place = place(storage).await;
    let elsewhere = add_resource(storage, "other").await;
    write!(storage, |tx| {
        let r = &place.resource_id;
        assert_eq!(tx.chat_attachment_usage(r, &user("ann")).await?, 0);
        let first = add(tx, &place, &file("ann", 5)).await?;
        add(tx, &place, &file("ann", 7)).await?;
        add(tx, &place, &file("ben", 100)).await?;
        assert_eq!(tx.chat_attachment_usage(r, &user("ann")).await?, 12);
        assert_eq!(tx.chat_attachment_usage(r, &user("ben")).await?, 100);
        assert_eq!(tx.chat_attachment_usage(&elsewhere, &user("ann")).await?, 0);
        tx.delete_chat_attachment(r, first).await?;
        assert_eq!(tx.chat_attachment_usage(r, &user("ann")).await?, 7);
    });
}

pub(crate) async fn a_file_that_goes_leaves_its_object_to_be_erased_however_it_goes(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (r, key) = (&place.resource_id, place.key);
        let mut expected = Vec::new();
        // By itself, with its message that is deleted, with one that is erased, with its thread.
        let by_itself = add(tx, &place, &file("ann", 1)).await?;
        let (of_deleted, message) = send_with(tx, &place, 20).await?;
        let (of_erased, _) = send_with(tx, &place, 21).await?;
        let unattached = add(tx, &place, &file("ann", 1)).await?;
        assert!(due(tx, 99).await?.is_empty());

        tx.delete_chat_attachment(r, by_itself).await?;
        expected.push(by_itself);
        let deleted = MessageRow {
            content: None,
            attachments: Vec::new(),
            deleted_on: Some(at(30)),
            ..message
        };
        tx.update_chat_message(r, key, &deleted).await?;
        expected.push(of_deleted);
        assert_eq!(tx.erase_chat_messages(r, key, 9).await?, 2);
        expected.push(of_erased);
        let deleted = ThreadRow {
            deleted_on: Some(at(40)),
            ..thread_row("")
        };
        tx.update_chat_thread(r, key, &deleted).await?;
        prune_orphans(tx).await?;
        expected.push(unattached);

        let mut found: Vec<_> = due(tx, 0).await?;
        found.sort_unstable_by_key(|(_, id)| *id);
        expected.sort_unstable();
        let expected: Vec<_> = expected.into_iter().map(|id| (r.clone(), id)).collect();
        assert_eq!(found, expected, "at once");
        assert_eq!(tx.chat_attachment_usage(r, &user("ann")).await?, 0);
    });
}

pub(crate) async fn an_object_that_is_to_be_erased_is_listed_when_it_is_due_until_it_is_forgotten(
    storage: &Storage,
) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let r = &place.resource_id;
        let (late, early) = (AttachmentId::random(), AttachmentId::random());
        let in_parts = ErasureRow {
            upload_id: Some(UploadId::new("an upload".to_owned())),
            ..erasure(&place, early)
        };
        tx.put_chat_attachment_erasure(&erasure(&place, late), at(30))
            .await?;
        tx.put_chat_attachment_erasure(&in_parts, at(20)).await?;
        assert!(due(tx, 19).await?.is_empty());
        assert_eq!(due(tx, 20).await?, [(r.clone(), early)]);
        assert_eq!(due(tx, 30).await?, [(r.clone(), early), (r.clone(), late)]);
        assert_eq!(
            tx.list_chat_attachment_erasures(at(30), 1).await?,
            std::slice::from_ref(&in_parts)
        );
        tx.put_chat_attachment_erasure(&in_parts, at(40)).await?;
        assert_eq!(due(tx, 30).await?, [(r.clone(), late)]);
        tx.delete_chat_attachment_erasure(r, late).await?;
        assert!(due(tx, 30).await?.is_empty());
        // The file whose object it is arrives.
        let row = AttachmentRow {
            attachment_id: early,
            ..file("ann", 1)
        };
        add(tx, &place, &row).await?;
        assert!(due(tx, 99).await?.is_empty());
    });
}

pub(crate) async fn uploads_that_no_message_took_up_go_by_age_some_at_a_time(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let r = &place.resource_id;
        let mut ids = Vec::new();
        for created_on in [13, 11, 12, 10] {
            let row = AttachmentRow {
                created_on: at(created_on),
                ..file("ann", 1)
            };
            ids.push(add(tx, &place, &row).await?);
        }
        send(tx, &place, &message_row(20, "ann", "see")).await?;
        tx.attach_chat_attachment(r, ids[3], at(20)).await?;
        assert_eq!(tx.prune_unattached_chat_attachments(at(13), 1).await?, 1);
        assert_eq!(due(tx, 0).await?, [(r.clone(), ids[1])], "the oldest");
        assert_eq!(tx.prune_unattached_chat_attachments(at(13), 9).await?, 1);
        assert_eq!(tx.prune_unattached_chat_attachments(at(13), 9).await?, 0);
        for (id, is_there) in [(ids[0], true), (ids[1], false), (ids[2], false), (ids[3], true)] {
            let found = tx.find_chat_attachment(r, place.key, id).await?;
            assert_eq!(found.is_some(), is_there);
        }
    });
}
