//! Upload a file.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, rest::chat::ChatAttachment};

use super::{
    super::{Caller, act::Act, open_thread::OpenThread},
    file_name::file_name,
    keep::Received,
    receive::{UploadBody, receive},
    service::Attachments,
};
use crate::{
    domain::DomainError,
    storage::{StorageError, Transaction},
};

/// A file that a client sends.
pub struct Upload {
    /// The name that the client gives it.
    pub name: Option<String>,
    /// What the client says it is.
    pub content_type: Option<String>,
    /// How large the client says it is, if it does.
    pub declared_bytes: Option<u64>,
    /// Whether only an image will do.
    pub images_only: bool,
    /// The file.
    pub body: UploadBody,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").finish_non_exhaustive()
    }
}

impl Attachments {
    /// Receives and stores a file for a message that the caller is about to send.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooLarge`], [`DomainError::UnsupportedType`], [`DomainError::QuotaExceeded`],
    /// [`DomainError::TooManyRequests`], [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is
    /// deleted, [`DomainError::Invalid`] for a body that ends early, storage.
    pub async fn upload(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        upload: Upload,
    ) -> Result<ChatAttachment, DomainError> {
        let act = self.chats.act(caller, ChatAction::SendMessage)?;
        let user = (act.resource_id.clone(), act.raw_id.clone());
        self.uploads
            .check(user, self.limits.uploads, self.chats.clock.monotonic())?;
        let declared = upload.declared_bytes.unwrap_or_default();
        if declared > self.limits.max_file_bytes {
            return Err(self.too_large());
        }
        let place = self.upload_places.take(&act.resource_id, &act.raw_id).await?;
        self.may_upload(act, thread_id.clone(), declared).await?;
        let file = receive(&self.objects, upload.body, self.limits.max_file_bytes).await?;
        let received = Received {
            thread_id,
            file,
            name: upload.name.as_deref().and_then(file_name),
            declared_type: upload.content_type,
            images_only: upload.images_only,
        };
        // From here on it takes its course even if the client does not wait: nothing stays half done.
        let (attachments, caller) = (self.clone(), caller.clone());
        let kept = tokio::spawn(async move {
            let _place = place;
            attachments.keep(&caller, received).await
        });
        kept.await
            .unwrap_or(Err(DomainError::Storage(StorageError::Panicked)))
    }

    pub(super) fn too_large(&self) -> DomainError {
        DomainError::TooLarge {
            limit_bytes: self.limits.max_file_bytes,
        }
    }

    /// Refuses before anything is received what would be refused after.
    async fn may_upload(&self, act: Act, thread_id: ThreadId, declared: u64) -> Result<(), DomainError> {
        let attachments = self.clone();
        self.chats
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    OpenThread::enter(tx, &act, &thread_id, ChatAction::SendMessage).await?;
                    attachments.check_quota(tx, &act, declared).await
                })
            })
            .await
    }

    /// Refuses `more` bytes that are too many beside the files that the actor has.
    pub(super) async fn check_quota(
        &self,
        tx: &mut dyn Transaction,
        act: &Act,
        more: u64,
    ) -> Result<(), DomainError> {
        let limit_bytes = self.limits.max_user_bytes;
        let used = tx.chat_attachment_usage(&act.resource_id, &act.raw_id).await?;
        if limit_bytes > 0 && used.saturating_add(more) > limit_bytes {
            return Err(DomainError::QuotaExceeded { limit_bytes });
        }
        Ok(())
    }
}
