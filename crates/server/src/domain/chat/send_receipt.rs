//! Say how far one is: what has arrived, and what was read.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, Timestamp, realtime::ChatEvent};

use super::{Caller, Chats, act::Act, open_thread::OpenThread, rates::ThreadRate};
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{ReceiptKind, ReceiptRow},
    },
};

impl Chats {
    /// Sets the caller's receipt. One for the same or an earlier message changes nothing: requests may be
    /// repeated and overtake each other, and nobody goes back. What is read is delivered, too.
    ///
    /// # Errors
    ///
    /// [`DomainError::Invalid`] in a thread that is too large, [`DomainError::Forbidden`],
    /// [`DomainError::NotFound`] for an unknown message, [`DomainError::TooManyRequests`], storage.
    pub async fn send_receipt(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        kind: ReceiptKind,
        message_id: String,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::SendReceipt)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::SendReceipt).await?;
                    act.count_in_thread(open.key, rate(kind))?;
                    open.check_small(tx, &act).await?;
                    let message_id = open.message(tx, &act, &message_id).await?.message_id;
                    if !advance(tx, &act, &open, kind, message_id).await? {
                        return Ok(());
                    }
                    if kind == ReceiptKind::Read {
                        // Its event says so, too.
                        advance(tx, &act, &open, ReceiptKind::Delivery, message_id).await?;
                    }
                    let event = event(&act, &open, kind, message_id);
                    open.tell(tx, &act, &event, Some(message_id)).await
                })
            })
            .await
    }
}

const fn rate(kind: ReceiptKind) -> ThreadRate {
    match kind {
        ReceiptKind::Delivery => ThreadRate::DeliveryReceipts,
        ReceiptKind::Read => ThreadRate::ReadReceipts,
    }
}

/// Whether the caller was not that far yet.
async fn advance(
    tx: &mut dyn Transaction,
    act: &Act,
    open: &OpenThread,
    kind: ReceiptKind,
    message_id: Timestamp,
) -> Result<bool, DomainError> {
    let current = tx
        .find_chat_receipt(&act.resource_id, open.key, kind, &act.raw_id)
        .await?;
    if current.is_some_and(|current| current.message_id >= message_id) {
        return Ok(false);
    }
    let receipt = ReceiptRow {
        kind,
        participant: act.raw_id.clone(),
        message_id,
        received_on: act.now,
    };
    tx.put_chat_receipt(&act.resource_id, open.key, &receipt).await?;
    Ok(true)
}

fn event(act: &Act, open: &OpenThread, kind: ReceiptKind, message_id: Timestamp) -> ChatEvent {
    let thread_id = open.thread.thread_id.clone();
    let chat_message_id = message_id.as_millis().to_string().into();
    let sender = act.raw_id.clone();
    let sender_display_name = open.me.display_name.clone();
    match kind {
        ReceiptKind::Delivery => ChatEvent::DeliveryReceiptReceived {
            thread_id,
            chat_message_id,
            sender,
            sender_display_name,
            delivered_on: act.now,
        },
        ReceiptKind::Read => ChatEvent::ReadReceiptReceived {
            thread_id,
            chat_message_id,
            sender,
            sender_display_name,
            read_on: act.now,
        },
    }
}
