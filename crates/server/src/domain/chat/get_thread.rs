//! Get a thread.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, rest::chat::ChatThreadProperties};

use super::{Caller, Chats, open_thread::OpenThread, rates::UserRate, view};
use crate::domain::DomainError;

impl Chats {
    /// The thread's properties.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] once it is deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn get_thread(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
    ) -> Result<ChatThreadProperties, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        act.count_for_user(UserRate::ReadThreads)?;
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    Ok(view::thread(&open.thread))
                })
            })
            .await
    }
}
