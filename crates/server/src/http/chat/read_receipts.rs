//! `/chat/threads/{threadId}/readReceipts`

use axum::{extract::State, http::StatusCode};
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatMessageReadReceipt, Page, SendReadReceiptRequest},
};

use super::{links::Links, queries::SkipQuery};
use crate::{
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
};

/// 200 with a page of the receipts.
pub(super) async fn list(
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

/// 200, empty, once the receipt is stored.
pub(super) async fn send(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(request): Json<SendReadReceiptRequest>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .send_read_receipt(&caller.into(), thread_id, request.chat_message_id)
        .await?;
    Ok(StatusCode::OK)
}
