//! `/chat/threads/{threadId}/messages`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use openline_chat::MessageCursor;
use openline_protocol::{
    ThreadId,
    rest::chat::{
        ChatMessage, Page, SendChatMessageRequest, SendChatMessageResponse, UpdateChatMessageRequest,
    },
};

use super::{links::Links, queries::CursorQuery, repeatability::RepeatabilityRequestId};
use crate::{
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
};

/// 201 with the message's id.
pub(super) async fn send(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    RepeatabilityRequestId(request_id): RepeatabilityRequestId,
    Path(thread_id): Path<ThreadId>,
    Json(request): Json<SendChatMessageRequest>,
) -> Result<Response, ApiError> {
    let id = state
        .chats
        .send_message(&caller.into(), thread_id, request, request_id)
        .await?;
    let location = links.created(id.as_str());
    let response = SendChatMessageResponse { id: id.into_string() };
    let mut response = (StatusCode::CREATED, Json(response)).into_response();
    response
        .headers_mut()
        .extend(location.map(|location| (header::LOCATION, location)));
    Ok(response)
}

/// 200 with a page of the messages.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    Query(query): Query<CursorQuery>,
) -> Result<Json<Page<ChatMessage>>, ApiError> {
    let (size, start_time) = (query.size()?, query.start_time()?);
    let cursor = query.cursor(MessageCursor::decode)?;
    let page = state
        .chats
        .list_messages(&caller.into(), thread_id.clone(), start_time, cursor, size)
        .await?;
    let addressed = |message| links.message(&thread_id, message);
    let items = page.items.into_iter().map(addressed).collect();
    let next = page.next.map(MessageCursor::encode);
    Ok(Json(links.page_before(items, next, size)))
}

/// 200 with the message.
pub(super) async fn get(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path((thread_id, message_id)): Path<(ThreadId, String)>,
) -> Result<Json<ChatMessage>, ApiError> {
    let message = state
        .chats
        .get_message(&caller.into(), thread_id.clone(), message_id)
        .await?;
    Ok(Json(links.message(&thread_id, message)))
}

/// 204 once the patch is applied.
pub(super) async fn edit(
    State(state): State<AppState>,
    caller: Authenticated,
    Path((thread_id, message_id)): Path<(ThreadId, String)>,
    Json(patch): Json<UpdateChatMessageRequest>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .edit_message(&caller.into(), thread_id, message_id, patch)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 204 once the message is deleted.
pub(super) async fn delete(
    State(state): State<AppState>,
    caller: Authenticated,
    Path((thread_id, message_id)): Path<(ThreadId, String)>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .delete_message(&caller.into(), thread_id, message_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
