//! Download a file.

use std::ops::Range;

use futures::StreamExt as _;
use openline_chat::ChatAction;
use openline_protocol::{RawId, ThreadId, rest::chat::ChatAttachmentType};

use super::{
    super::{Caller, act::Act, open_thread::OpenThread},
    service::Attachments,
};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{AttachmentId, AttachmentRow},
        objects::{ObjectKey, ObjectPart, ObjectStream},
    },
};

/// What of a file to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentView {
    /// What was uploaded, byte for byte.
    Original,
    /// An image's preview, or the image itself where it has none.
    Small,
}

/// A file that may be downloaded.
#[derive(Clone)]
pub struct AttachmentFile {
    /// The name to save it under.
    pub name: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// Whether it was read as an image, so that a browser may show it.
    pub is_image: bool,
    /// What it is known by: never changes, since the file does not.
    pub entity_tag: String,
    key: ObjectKey,
    reader: RawId,
    resource_id: openline_protocol::ResourceId,
}

/// Without the name, so that it cannot come into a log.
impl std::fmt::Debug for AttachmentFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttachmentFile")
            .field("entity_tag", &self.entity_tag)
            .finish_non_exhaustive()
    }
}

/// The refusal of a file that is unknown, or that the caller does not see.
pub(super) const ATTACHMENT_NOT_FOUND: DomainError = DomainError::NotFound { what: "attachment" };

impl Attachments {
    /// A file that the caller sees: one of a message that it sees, or its own upload.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`], storage.
    pub async fn open(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        attachment_id: &str,
        view: AttachmentView,
    ) -> Result<AttachmentFile, DomainError> {
        let act = self.chats.act(caller, ChatAction::ReadThread)?;
        let id = AttachmentId::parse(attachment_id);
        self.chats
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    let row = find(tx, &act, &open, id.ok_or(ATTACHMENT_NOT_FOUND)?).await?;
                    file(act, row, view)
                })
            })
            .await
    }

    /// The bytes of a file, or a range of them.
    ///
    /// # Errors
    ///
    /// Storage: busy, too, if too many are being downloaded. The stream may fail later.
    pub async fn read_file(
        &self,
        file: &AttachmentFile,
        range: Option<Range<u64>>,
    ) -> Result<ObjectStream, DomainError> {
        let place = self.download_places.take(&file.resource_id, &file.reader).await?;
        let pieces = self.objects.get(&file.key, range).await?;
        Ok(pieces
            .map(move |piece| {
                let _held = &place;
                piece
            })
            .boxed())
    }
}

/// A file that the actor sees.
pub(super) async fn find(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    id: AttachmentId,
) -> Result<AttachmentRow, DomainError> {
    let row = tx.find_chat_attachment(&act.resource_id, open.key, id).await?;
    row.filter(|row| match row.message_id {
        Some(message_id) => message_id >= open.me.share_history_time,
        None => row.uploader == act.raw_id,
    })
    .ok_or(ATTACHMENT_NOT_FOUND)
}

fn file(act: Act, row: AttachmentRow, view: AttachmentView) -> Result<AttachmentFile, DomainError> {
    let key = ObjectKey::new(act.resource_id.clone(), row.attachment_id);
    let original = AttachmentFile {
        name: row.name,
        content_type: row.content_type,
        size_bytes: row.size_bytes,
        is_image: row.thumbnail.is_some(),
        entity_tag: format!("\"{}\"", row.attachment_id),
        key,
        reader: act.raw_id,
        resource_id: act.resource_id,
    };
    match (view, row.attachment_type, row.thumbnail) {
        (AttachmentView::Small, ChatAttachmentType::File, _) => Err(ATTACHMENT_NOT_FOUND),
        (AttachmentView::Small, ChatAttachmentType::Image, Some(thumbnail)) => Ok(AttachmentFile {
            content_type: thumbnail.content_type,
            size_bytes: thumbnail.size_bytes,
            entity_tag: format!("\"{}-small\"", row.attachment_id),
            key: original.key.part(ObjectPart::Thumbnail),
            ..original
        }),
        (AttachmentView::Small, ChatAttachmentType::Image, None) | (AttachmentView::Original, _, _) => {
            Ok(original)
        }
    }
}
