//! Get a message.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, rest::chat::ChatMessage};

use super::{Caller, Chats, open_thread::OpenThread, view};
use crate::domain::DomainError;

impl Chats {
    /// The message; a deleted one comes without its content.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] for an unknown message or one from before the
    /// history the caller shares, storage.
    pub async fn get_message(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        message_id: String,
    ) -> Result<ChatMessage, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    Ok(view::message(open.message(tx, &act, &message_id).await?)?)
                })
            })
            .await
    }
}
