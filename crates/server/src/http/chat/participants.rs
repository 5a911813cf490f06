//! `/chat/threads/{threadId}/participants`

use axum::{extract::State, http::StatusCode};
use openline_protocol::{
    CommunicationIdentifierModel, ThreadId,
    rest::chat::{AddChatParticipantsRequest, AddChatParticipantsResponse, ChatParticipant, Page},
};

use super::{links::Links, queries::SkipQuery};
use crate::{
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
};

/// 200 with a page of the participants.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    Query(query): Query<SkipQuery>,
) -> Result<Json<Page<ChatParticipant>>, ApiError> {
    let page = query.page()?;
    let slice = state
        .chats
        .list_participants(&caller.into(), thread_id, page)
        .await?;
    Ok(Json(links.page(slice, page)))
}

/// 201 with those who could not be added.
pub(super) async fn add(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(request): Json<AddChatParticipantsRequest>,
) -> Result<(StatusCode, Json<AddChatParticipantsResponse>), ApiError> {
    let response = state
        .chats
        .add_participants(&caller.into(), thread_id, request)
        .await?;
    Ok((StatusCode::CREATED, Json(response)))
}

/// 204 once the participant is not in the thread.
pub(super) async fn remove(
    State(state): State<AppState>,
    caller: Authenticated,
    Path(thread_id): Path<ThreadId>,
    Json(identifier): Json<CommunicationIdentifierModel>,
) -> Result<StatusCode, ApiError> {
    state
        .chats
        .remove_participant(&caller.into(), thread_id, &identifier)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
