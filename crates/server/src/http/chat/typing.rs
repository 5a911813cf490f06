//! `/chat/threads/{threadId}/typing`

use axum::{extract::State, http::StatusCode};
use openline_protocol::{ThreadId, rest::chat::SendTypingNotificationRequest};

use crate::{
    http::{ApiError, Authenticated, Json, Path},
    state::AppState,
};

/// 200, empty, once those who are online are told.
pub(super) async fn send(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(request): Json<SendTypingNotificationRequest>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .send_typing(&caller.into(), thread_id, request.sender_display_name)
        .await?;
    Ok(StatusCode::OK)
}
