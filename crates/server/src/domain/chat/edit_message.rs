//! Edit a message.

use openline_chat::{ChatAction, Standing, check_metadata, merge_metadata};
use openline_protocol::{ThreadId, realtime::ChatEvent, rest::chat::UpdateChatMessageRequest};

use super::{
    Caller, Chats,
    attachments::attach::{check_content_beside, replace},
    event_content::leave_content_to_message,
    open_thread::OpenThread,
    rates::ThreadRate,
    refusal::MESSAGE_NOT_FOUND,
    view,
};
use crate::{domain::DomainError, storage::chat::MessageRow};

impl Chats {
    /// Applies a merge patch to a message of the caller's own. An empty patch changes nothing.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], [`DomainError::Forbidden`], also for somebody else's message,
    /// [`DomainError::NotFound`] for an unknown or deleted message, [`DomainError::TooManyRequests`], storage.
    pub async fn edit_message(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        message_id: String,
        patch: UpdateChatMessageRequest,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::ChangeMessage)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ChangeMessage).await?;
                    act.count_in_thread(open.key, ThreadRate::Messages)?;
                    let mut message = open.message(tx, &act, &message_id).await?;
                    if message.sender.as_ref() != Some(&act.raw_id) {
                        act.may(ChatAction::ChangeMessage, Standing::Participant)?;
                    }
                    if message.deleted_on.is_some() {
                        return Err(MESSAGE_NOT_FOUND);
                    }
                    if patch == UpdateChatMessageRequest::default() {
                        return Ok(());
                    }
                    if let Some(references) = &patch.attachments {
                        let references = references.as_deref().unwrap_or_default();
                        replace(tx, &act, &open, &mut message, references).await?;
                    }
                    apply(&mut message, patch)?;
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

fn apply(message: &mut MessageRow, patch: UpdateChatMessageRequest) -> Result<(), DomainError> {
    if let Some(content) = patch.content {
        check_content_beside(&content, !message.attachments.is_empty())?;
        message.content = Some(content);
    }
    if let Some(metadata) = patch.metadata {
        message.metadata = merge_metadata(message.metadata.take(), metadata);
        message.metadata.as_ref().map(check_metadata).transpose()?;
    }
    Ok(())
}
