//! `/chat/threads/{threadId}/readReceipts` and `/deliveryReceipts`

use axum::{extract::State, http::StatusCode};
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatMessageDeliveryReceipt, ChatMessageReadReceipt, Page, SendReceiptRequest},
};

use super::{links::Links, queries::SkipQuery};
use crate::{
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
    storage::chat::ReceiptKind,
};

/// 200 with a page of the read receipts.
pub(super) async fn list_read(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    Query(query): Query<SkipQuery>,
) -> Result<Json<Page<ChatMessageReadReceipt>>, ApiError> {
    let page = query.page()?;
    let slice = state
        .chats
        .list_read_receipts(&caller.into(), thread_id, page)
        .await?;
    Ok(Json(links.page(slice, page)))
}

/// 200 with a page of the delivery receipts.
pub(super) async fn list_delivery(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    Query(query): Query<SkipQuery>,
) -> Result<Json<Page<ChatMessageDeliveryReceipt>>, ApiError> {
    let page = query.page()?;
    let slice = state
        .chats
        .list_delivery_receipts(&caller.into(), thread_id, page)
        .await?;
    Ok(Json(links.page(slice, page)))
}

/// 200, empty, once the receipt is stored.
pub(super) async fn send_read(
    state: State<AppState>,
    caller: Authenticated,
    thread_id: Path<ThreadId>,
    request: Json<SendReceiptRequest>,
) -> Result<StatusCode, ApiError> {
    send(ReceiptKind::Read, state, caller, thread_id, request).await
}

/// The same.
pub(super) async fn send_delivery(
    state: State<AppState>,
    caller: Authenticated,
    thread_id: Path<ThreadId>,
    request: Json<SendReceiptRequest>,
) -> Result<StatusCode, ApiError> {
    send(ReceiptKind::Delivery, state, caller, thread_id, request).await
}

async fn send(
    kind: ReceiptKind,
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(request): Json<SendReceiptRequest>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .send_receipt(&caller.into(), thread_id, kind, request.chat_message_id)
        .await?;
    Ok(StatusCode::OK)
}
