//! Send a message.

use openline_chat::{ChatAction, check_display_name, check_message_type, check_metadata, check_request_id};
use openline_protocol::{
    MessageId, ThreadId, Timestamp,
    realtime::ChatEvent,
    rest::chat::{ChatMessageType, SendChatMessageRequest},
};

use super::{
    Caller, Chats,
    attachments::attach::{attach, check_content_beside, find_uploads},
    open_thread::{OpenThread, new_message},
    rates::ThreadRate,
    repeatable::RepeatableMessage,
    view,
};
use crate::domain::DomainError;

impl Chats {
    /// Stores a message and returns its id. The same request under the same `request_id` by the same caller
    /// within 7 days stores nothing more and gets the same id, whatever became of the thread since.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is
    /// deleted, [`DomainError::Conflict`] for another message under the same `request_id`, [`DomainError::TooManyRequests`], storage.
    pub async fn send_message(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        request: SendChatMessageRequest,
        request_id: Option<String>,
    ) -> Result<MessageId, DomainError> {
        let act = self.act(caller, ChatAction::SendMessage)?;
        request_id.as_deref().map(check_request_id).transpose()?;
        let repeatable = request_id.map(|id| RepeatableMessage::new(&act.raw_id, &id, &request));
        let message_type = request.message_type.unwrap_or(ChatMessageType::Text);
        check_message_type(message_type)?;
        let uploads = request.attachments.unwrap_or_default();
        check_content_beside(&request.content, !uploads.is_empty())?;
        request.metadata.as_ref().map(check_metadata).transpose()?;
        let sender_display_name = request.sender_display_name.unwrap_or_default();
        check_display_name("senderDisplayName", &sender_display_name)?;
        let mut message = new_message(message_type, Some(act.raw_id.clone()), request.content);
        message.sender_display_name = sender_display_name;
        message.metadata = request.metadata;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let view = OpenThread::look_up(tx, &act, &thread_id).await?;
                    if let (Some(repeatable), Some(view)) = (&repeatable, &view)
                        && let Some(sent) = repeatable.sent_before(tx, &act, view.key).await?
                    {
                        return Ok(message_id(sent));
                    }
                    let mut open = OpenThread::open(view, &act, ChatAction::SendMessage)?;
                    act.count_in_thread(open.key, ThreadRate::Messages)?;
                    message.attachments = find_uploads(tx, &act, &open, &uploads).await?;
                    let message = open.store_message(tx, &act, message).await?;
                    attach(tx, &act, &message).await?;
                    if let Some(repeatable) = &repeatable {
                        repeatable
                            .remember(tx, &act, open.key, message.message_id)
                            .await?;
                    }
                    let event =
                        ChatEvent::ChatMessageReceived(view::message_event(&open, &message, &act.raw_id));
                    open.tell(tx, &act, &event, Some(message.message_id)).await?;
                    Ok(message_id(message.message_id))
                })
            })
            .await
    }
}

fn message_id(id: Timestamp) -> MessageId {
    MessageId::new(id.as_millis().to_string())
}
