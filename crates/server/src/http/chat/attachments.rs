//! `/chat/threads/{threadId}/attachments` and `/chat/threads/{threadId}/images`

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::StreamExt as _;
use openline_protocol::{
    ThreadId,
    rest::chat::{ChatAttachment, UploadChatImageResponse},
};
use serde::Deserialize;

use super::{file_response::respond, links::Links};
use crate::{
    domain::{
        DomainError,
        chat::attachments::{AttachmentView, BodyBroken, Upload},
    },
    http::{ApiError, Authenticated, Json, Path, Query},
    state::AppState,
};

/// Whether a request may take as long as an upload does.
pub(in crate::http) fn is_upload(method: &Method, route: &str) -> bool {
    method == Method::POST && (route.ends_with("/attachments") || route.ends_with("/images"))
}

/// The query of an upload.
#[derive(Deserialize)]
pub(super) struct UploadQuery {
    name: Option<String>,
}

/// 201 with the file.
pub(super) async fn upload(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let upload = Upload {
        images_only: false,
        ..received(&headers, query.name, body)
    };
    let attachment = store(&state, caller, &thread_id, upload).await?;
    let attachment = links.attachment(&thread_id, &attachment);
    let location = attachment.url.clone().unwrap_or_default();
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(attachment),
    )
        .into_response())
}

/// 201 with the image's id.
pub(super) async fn upload_image(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Path(thread_id): Path<ThreadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let name = headers
        .get("image-filename")
        .and_then(|name| String::from_utf8(name.as_bytes().to_vec()).ok());
    let upload = Upload {
        images_only: true,
        ..received(&headers, name, body)
    };
    let attachment = store(&state, caller, &thread_id, upload).await?;
    let location = links.attachment(&thread_id, &attachment).url.unwrap_or_default();
    let response = UploadChatImageResponse {
        id: attachment.id,
        attachment_type: attachment.attachment_type,
        name: attachment.name,
    };
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(response),
    )
        .into_response())
}

/// 200 with the file, 206 with a part of it.
pub(super) async fn download(
    State(state): State<AppState>,
    caller: Authenticated,
    Path((thread_id, id)): Path<(ThreadId, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let file = state
        .attachments
        .open(&caller.into(), thread_id, &id, AttachmentView::Original)
        .await?;
    respond(&state.attachments, &file, &method, &headers).await
}

/// 200 with an image, or its preview.
pub(super) async fn view(
    State(state): State<AppState>,
    caller: Authenticated,
    Path((thread_id, id, view)): Path<(ThreadId, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let view = match view.as_str() {
        "original" => AttachmentView::Original,
        "small" => AttachmentView::Small,
        _ => return Err(DomainError::NotFound { what: "view" }.into()),
    };
    let file = state
        .attachments
        .open(&caller.into(), thread_id, &id, view)
        .await?;
    respond(&state.attachments, &file, &method, &headers).await
}

/// 204 once the file is deleted.
pub(super) async fn delete(
    State(state): State<AppState>,
    caller: Authenticated,
    Path((thread_id, id)): Path<(ThreadId, String)>,
) -> Result<StatusCode, ApiError> {
    state.attachments.delete(&caller.into(), thread_id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn store(
    state: &AppState,
    caller: Authenticated,
    thread_id: &ThreadId,
    upload: Upload,
) -> Result<ChatAttachment, DomainError> {
    state
        .attachments
        .upload(&caller.into(), thread_id.clone(), upload)
        .await
}

pub(super) fn received(headers: &HeaderMap, name: Option<String>, body: Body) -> Upload {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    Upload {
        name,
        content_type: text(header::CONTENT_TYPE),
        declared_bytes: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        images_only: false,
        body: body
            .into_data_stream()
            .map(|piece| piece.map_err(|_broken| BodyBroken))
            .boxed(),
    }
}
