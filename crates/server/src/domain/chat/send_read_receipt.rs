//! Say how far one has read.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, realtime::ChatEvent};

use super::{Caller, Chats, open_thread::OpenThread, rates::ThreadRate};
use crate::{domain::DomainError, storage::chat::ReceiptRow};

impl Chats {
    /// Sets the caller's receipt. One for the same or an earlier message changes nothing: requests may be
    /// repeated and overtake each other, and reading does not go back.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] in a thread that is too large, [`DomainError::Forbidden`],
    /// [`DomainError::NotFound`] for an unknown message, [`DomainError::TooManyRequests`], storage.
    pub async fn send_read_receipt(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        message_id: String,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::SendReadReceipt)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open =
                        OpenThread::enter(tx, &act, &thread_id, ChatAction::SendReadReceipt).await?;
                    act.count_in_thread(open.key, ThreadRate::ReadReceipts)?;
                    open.check_small(tx, &act).await?;
                    let message_id = open.message(tx, &act, &message_id).await?.message_id;
                    let current = tx
                        .find_chat_receipt(&act.resource_id, open.key, &act.raw_id)
                        .await?;
                    if current.is_some_and(|current| current.message_id >= message_id) {
                        return Ok(());
                    }
                    let receipt = ReceiptRow {
                        reader: act.raw_id.clone(),
                        message_id,
                        read_on: act.now,
                    };
                    tx.put_chat_receipt(&act.resource_id, open.key, &receipt).await?;
                    let event = ChatEvent::ReadReceiptReceived {
                        thread_id,
                        chat_message_id: message_id.as_millis().to_string().into(),
                        sender: act.raw_id.clone(),
                        sender_display_name: open.me.display_name.clone(),
                        read_on: act.now,
                    };
                    open.tell(tx, &act, &event, Some(message_id)).await
                })
            })
            .await
    }
}
