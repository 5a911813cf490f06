//! Delete a file.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, realtime::ChatEvent};

use super::{
    super::{
        Caller, act::Act, event_content::leave_content_to_message, open_thread::OpenThread,
        rates::ThreadRate, view,
    },
    open::{ATTACHMENT_NOT_FOUND, find},
    service::Attachments,
};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{AttachmentId, AttachmentRow},
    },
};

impl Attachments {
    /// Deletes a file of the caller's own, also once the caller is not in the thread any more: it counts among the
    /// caller's files. The message that has it goes on without it, which counts as an edit.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], also for somebody else's file, [`DomainError::NotFound`], storage.
    pub async fn delete(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        attachment_id: &str,
    ) -> Result<(), DomainError> {
        let act = self.chats.act(caller, ChatAction::ChangeMessage)?;
        let id = AttachmentId::parse(attachment_id);
        self.chats
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    let (mut open, row) = own(tx, &act, &thread_id, id).await?;
                    if row.message_id.is_some() {
                        act.count_in_thread(open.key, ThreadRate::Messages)?;
                    }
                    tx.delete_chat_attachment(&act.resource_id, row.attachment_id)
                        .await?;
                    let message = match row.message_id {
                        Some(id) => tx.find_chat_message(&act.resource_id, open.key, id).await?,
                        None => None,
                    };
                    let Some(mut message) = message else { return Ok(()) };
                    let text = row.attachment_id.to_string();
                    message.attachments.retain(|attachment| attachment.id != text);
                    message.version = open.tick(act.now);
                    message.edited_on = Some(act.now);
                    tx.update_chat_message(&act.resource_id, open.key, &message)
                        .await?;
                    leave_content_to_message(tx, &act, open.key, message.message_id).await?;
                    let event =
                        ChatEvent::ChatMessageEdited(view::message_event(&open, &message, &act.raw_id));
                    open.tell(tx, &act, &event, Some(message.message_id)).await
                })
            })
            .await
    }
}

/// A file that the actor uploaded, and its thread.
async fn own(
    tx: &mut dyn Transaction,
    act: &Act,
    thread_id: &ThreadId,
    id: Option<AttachmentId>,
) -> Result<(OpenThread, AttachmentRow), DomainError> {
    let view = OpenThread::look_up(tx, act, thread_id).await?;
    if let (Some(view), Some(id)) = (&view, id) {
        let row = tx.find_chat_attachment(&act.resource_id, view.key, id).await?;
        if let Some(row) = row.filter(|row| row.uploader == act.raw_id) {
            return Ok((OpenThread::open_as_owner(view.clone(), act)?, row));
        }
    }
    let open = OpenThread::open(view, act, ChatAction::ChangeMessage)?;
    find(tx, act, &open, id.ok_or(ATTACHMENT_NOT_FOUND)?).await?;
    Err(DomainError::Forbidden)
}
