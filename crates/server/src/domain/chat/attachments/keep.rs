//! Keeping a received file: what it is, its object, its row.

use std::sync::Arc;

use bytes::Bytes;
use image::ImageFormat;
use openline_chat::ChatAction;
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatAttachment, ChatAttachmentType},
};

use super::{
    super::{Caller, act::Act, open_thread::OpenThread},
    attach::shown,
    media_type,
    picture::{Picture, read_picture},
    service::Attachments,
};
use crate::{
    domain::DomainError,
    storage::{
        StorageError,
        chat::{AttachmentId, AttachmentRow, ErasureRow, ThumbnailRow},
        objects::{ObjectError, ObjectKey, ObjectPart, StagedFile, UploadId},
    },
};

/// A file that was received, and what its uploader says of it.
pub(super) struct Received {
    pub(super) thread_id: ThreadId,
    pub(super) file: StagedFile,
    pub(super) name: Option<String>,
    pub(super) declared_type: Option<String>,
    pub(super) images_only: bool,
}

/// What a file turned out to be.
struct Seen {
    content_type: String,
    attachment_type: ChatAttachmentType,
    picture: Option<Picture>,
}

impl Attachments {
    /// Stores the file and its row. What fails in between is erased later.
    pub(super) async fn keep(
        &self,
        caller: &Caller,
        received: Received,
    ) -> Result<ChatAttachment, DomainError> {
        let act = self.chats.act(caller, ChatAction::SendMessage)?;
        let seen = self.look_at(&received).await?;
        if !media_type::is_allowed(&seen.content_type, &self.limits.allowed_types) {
            return Err(DomainError::UnsupportedType);
        }
        let row = row(&act, &received, &seen);
        let id = row.attachment_id;
        let key = ObjectKey::new(act.resource_id.clone(), id);
        let upload = self.objects.begin(&key, &received.file).await?;
        self.note_erasure(&act, id, upload.clone()).await?;
        self.objects.put(&key, &received.file, upload.as_ref()).await?;
        if let Some(picture) = seen.picture {
            self.objects
                .put_bytes(&key.part(ObjectPart::Thumbnail), picture.preview)
                .await?;
        }
        self.insert(act, received.thread_id, row).await
    }

    /// An image is one that was read; everything else is a file, whatever it is called.
    async fn look_at(&self, received: &Received) -> Result<Seen, DomainError> {
        let first = received.file.read_at(0, 32).await?;
        let format = media_type::image_format(&first);
        if let Some((format, content_type)) = format
            && let Some(picture) = self.read(received.file.clone(), format).await?
        {
            return Ok(Seen {
                content_type: content_type.to_owned(),
                attachment_type: ChatAttachmentType::Image,
                picture: Some(picture),
            });
        }
        let heic = media_type::is_heic(&first);
        if received.images_only && !heic {
            return Err(DomainError::UnsupportedType);
        }
        Ok(Seen {
            content_type: if heic {
                "image/heic".to_owned()
            } else {
                media_type::declared_type(received.declared_type.as_deref())
            },
            attachment_type: if received.images_only {
                ChatAttachmentType::Image
            } else {
                ChatAttachmentType::File
            },
            picture: None,
        })
    }

    async fn read(&self, file: StagedFile, format: ImageFormat) -> Result<Option<Picture>, DomainError> {
        let turn = Arc::clone(&self.reading)
            .acquire_owned()
            .await
            .map_err(|_closed| StorageError::Closed)?;
        let max_pixels = self.limits.max_image_pixels;
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let picture = read_picture(file.reader()?, format, max_pixels);
            // Damaged, too large, or only called an image: a file like any other.
            Ok::<_, std::io::Error>(picture.ok())
        });
        match read.await {
            Ok(picture) => Ok(picture.map_err(|error| ObjectError::Failed(error.into()))?),
            Err(panicked) => {
                tracing::warn!(%panicked, "an image could not be read");
                Ok(None)
            }
        }
    }

    async fn note_erasure(
        &self,
        act: &Act,
        attachment_id: AttachmentId,
        upload_id: Option<UploadId>,
    ) -> Result<(), DomainError> {
        let due_on = self.expiry(act.now);
        let row = ErasureRow {
            resource_id: act.resource_id.clone(),
            attachment_id,
            upload_id,
        };
        self.chats
            .storage
            .write(move |tx| Box::pin(async move { Ok(tx.put_chat_attachment_erasure(&row, due_on).await?) }))
            .await
    }

    /// The uploader may have left the thread meanwhile, and other uploads may have used the quota up.
    async fn insert(
        &self,
        act: Act,
        thread_id: ThreadId,
        row: AttachmentRow,
    ) -> Result<ChatAttachment, DomainError> {
        let attachments = self.clone();
        self.chats
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::SendMessage).await?;
                    attachments.check_quota(tx, &act, row.size_bytes).await?;
                    tx.insert_chat_attachment(&act.resource_id, open.key, &row)
                        .await?;
                    Ok(shown(&row))
                })
            })
            .await
    }
}

fn row(act: &Act, received: &Received, seen: &Seen) -> AttachmentRow {
    let thumbnail = |picture: &Picture| ThumbnailRow {
        content_type: picture.preview_type.to_owned(),
        size_bytes: Bytes::len(&picture.preview) as u64,
    };
    AttachmentRow {
        attachment_id: AttachmentId::random(),
        uploader: act.raw_id.clone(),
        attachment_type: seen.attachment_type,
        name: received.name.clone(),
        content_type: seen.content_type.clone(),
        size_bytes: received.file.size_bytes(),
        dimensions: seen.picture.as_ref().map(|picture| picture.dimensions),
        thumbnail: seen.picture.as_ref().map(thumbnail),
        created_on: act.now,
        message_id: None,
    }
}
