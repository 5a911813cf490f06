//! `/chat/threads` and `/chat/threads/{threadId}`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use openline_chat::ThreadCursor;
use openline_protocol::{
    ThreadId,
    rest::chat::{
        ChatThreadItem, ChatThreadProperties, CreateChatThreadRequest, Page, UpdateChatThreadRequest,
    },
};

use super::{links::Links, queries::CursorQuery, repeatability::RepeatabilityRequestId};
use crate::{
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
};

/// 201 with the thread and those who could not be added.
pub(super) async fn create(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    RepeatabilityRequestId(request_id): RepeatabilityRequestId,
    Json(request): Json<CreateChatThreadRequest>,
) -> Result<Response, ApiError> {
    let created = state
        .chats
        .create_thread(&caller.into(), request, request_id)
        .await?;
    let location = links.created(&created.chat_thread.id);
    let mut response = (StatusCode::CREATED, Json(created)).into_response();
    response
        .headers_mut()
        .extend(location.map(|location| (header::LOCATION, location)));
    Ok(response)
}

/// 200 with a page of the caller's threads.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Query(query): Query<CursorQuery>,
) -> Result<Json<Page<ChatThreadItem>>, ApiError> {
    let (size, start_time) = (query.size()?, query.start_time()?);
    let cursor = query.cursor(ThreadCursor::decode)?;
    let page = state
        .chats
        .list_threads(&caller.into(), start_time, cursor, size)
        .await?;
    let next = page.next.map(ThreadCursor::encode);
    Ok(Json(links.page_before(page.items, next, size)))
}

/// 200 with the thread.
pub(super) async fn get(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
) -> Result<Json<ChatThreadProperties>, ApiError> {
    Ok(Json(state.chats.get_thread(&caller.into(), thread_id).await?))
}

/// 204 once the patch is applied.
pub(super) async fn update(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(patch): Json<UpdateChatThreadRequest>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .update_thread(&caller.into(), thread_id, patch)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 204 once the thread is deleted.
pub(super) async fn delete(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
) -> Result<StatusCode, ApiError> {
    state.chats.delete_thread(&caller.into(), thread_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
