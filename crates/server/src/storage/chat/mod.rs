//! Rows of chat: threads, who is in them, messages, receipts, and the log of events.

mod log;
mod message;
mod participant;
mod receipt;
mod request;
mod thread;

pub use self::{
    log::{ChatLogTx, EventRow, EventWindow, NewEventRow},
    message::{ChatMessageTx, MessageRange, MessageRow},
    participant::{ChatParticipantTx, MembershipEnd, ParticipantRow},
    receipt::{ChatReceiptTx, ReceiptRow},
    request::{ChatRequestTx, MessageRequestRow},
    thread::{ChatThreadTx, ThreadItemRow, ThreadKey, ThreadRange, ThreadRow, ThreadView},
};

/// All of chat's operations.
pub trait ChatTx:
    ChatThreadTx + ChatParticipantTx + ChatMessageTx + ChatRequestTx + ChatReceiptTx + ChatLogTx
{
}

impl<T> ChatTx for T where
    T: ChatThreadTx + ChatParticipantTx + ChatMessageTx + ChatRequestTx + ChatReceiptTx + ChatLogTx
{
}
