//! Send a message.

use openline_chat::{ChatAction, check_content, check_display_name, check_message_type, check_metadata};
use openline_protocol::{
    MessageId, ThreadId,
    realtime::ChatEvent,
    rest::chat::{ChatMessageType, SendChatMessageRequest},
};

use super::{
    Caller, Chats,
    open_thread::{OpenThread, new_message},
    view,
};
use crate::domain::DomainError;

impl Chats {
    /// Stores a message and returns its id.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`], [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is
    /// deleted, storage.
    pub async fn send_message(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        request: SendChatMessageRequest,
    ) -> Result<MessageId, DomainError> {
        let act = self.act(caller, ChatAction::SendMessage)?;
        let message_type = request.message_type.unwrap_or(ChatMessageType::Text);
        check_message_type(message_type)?;
        check_content(&request.content)?;
        request.metadata.as_ref().map(check_metadata).transpose()?;
        let sender_display_name = request.sender_display_name.unwrap_or_default();
        check_display_name("senderDisplayName", &sender_display_name)?;
        let mut message = new_message(message_type, Some(act.raw_id.clone()), request.content);
        message.sender_display_name = sender_display_name;
        message.metadata = request.metadata;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::SendMessage).await?;
                    let message = open.store_message(tx, &act, message).await?;
                    let event =
                        ChatEvent::ChatMessageReceived(view::message_event(&open, &message, &act.raw_id));
                    open.tell(tx, &act, &event, Some(message.message_id)).await?;
                    Ok(MessageId::new(message.message_id.as_millis().to_string()))
                })
            })
            .await
    }
}
