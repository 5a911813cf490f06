//! List how far everybody is.

use openline_chat::{ChatAction, PageRequest};
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatMessageDeliveryReceipt, ChatMessageReadReceipt},
};

use super::{Caller, Chats, Slice, open_thread::OpenThread, view};
use crate::{
    domain::DomainError,
    storage::chat::{ReceiptKind, ReceiptRow},
};

impl Chats {
    /// The latest receipt of each reader, the caller's own included, the earliest reading first.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is deleted, storage.
    pub async fn list_read_receipts(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        page: PageRequest,
    ) -> Result<Slice<ChatMessageReadReceipt>, DomainError> {
        self.list_receipts(caller, thread_id, ReceiptKind::Read, page, view::read_receipt)
            .await
    }

    /// As [`Self::list_read_receipts`], of what has arrived. What was read has.
    ///
    /// # Errors
    ///
    /// The same.
    pub async fn list_delivery_receipts(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        page: PageRequest,
    ) -> Result<Slice<ChatMessageDeliveryReceipt>, DomainError> {
        self.list_receipts(
            caller,
            thread_id,
            ReceiptKind::Delivery,
            page,
            view::delivery_receipt,
        )
        .await
    }

    async fn list_receipts<T: Send + 'static>(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        kind: ReceiptKind,
        page: PageRequest,
        view: fn(&ReceiptRow) -> T,
    ) -> Result<Slice<T>, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    let one_more = PageRequest {
                        skip: page.skip,
                        size: page.size.saturating_add(1),
                    };
                    let rows = tx
                        .list_chat_receipts(&act.resource_id, open.key, kind, one_more)
                        .await?;
                    let items = rows.iter().map(view).collect();
                    Ok(Slice::of(items, page.skip, page.size))
                })
            })
            .await
    }
}
