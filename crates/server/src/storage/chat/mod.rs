//! Rows of chat: threads, who is in them, messages and their files, receipts, and the log of events.

mod attachment;
mod attachment_erasure;
mod log;
mod message;
mod participant;
mod receipt;
mod request;
mod retention;
mod search;
mod thread;

pub use self::{
    attachment::{AttachmentId, AttachmentRow, ChatAttachmentTx, ThumbnailRow},
    attachment_erasure::{ChatAttachmentErasureTx, ErasureRow},
    log::{ChatLogTx, EventRow, EventWindow, NewEventRow},
    message::{ChatMessageTx, MessageRange, MessageRow},
    participant::{ChatParticipantTx, MembershipEnd, ParticipantRow},
    receipt::{ChatReceiptTx, ReceiptKind, ReceiptRow},
    request::{ChatRequestTx, MessageRequestRow},
    retention::{ChatRetentionTx, FoundThread, Remains},
    search::{ChatSearchTx, FoundMessageRow, SearchRange},
    thread::{ChatThreadTx, ThreadItemRow, ThreadKey, ThreadRange, ThreadRow, ThreadView},
};

/// All of chat's operations.
pub trait ChatTx:
    ChatThreadTx
    + ChatParticipantTx
    + ChatMessageTx
    + ChatAttachmentTx
    + ChatAttachmentErasureTx
    + ChatRequestTx
    + ChatReceiptTx
    + ChatLogTx
    + ChatRetentionTx
    + ChatSearchTx
{
}

impl<T> ChatTx for T where
    T: ChatThreadTx
        + ChatParticipantTx
        + ChatMessageTx
        + ChatAttachmentTx
        + ChatAttachmentErasureTx
        + ChatRequestTx
        + ChatReceiptTx
        + ChatLogTx
        + ChatRetentionTx
        + ChatSearchTx
{
}
