//! The REST of chat (`/chat/threads` and what is below it).

pub(super) mod attachments;
mod file_response;
#[cfg(feature = "_fuzz")]
pub(super) mod fuzzing;
mod links;
mod messages;
mod participants;
mod queries;
mod receipts;
mod repeatability;
mod search;
mod threads;
mod typing;

use axum::{
    Router,
    routing::{delete, get, post},
};

use super::Authenticated;
use crate::{domain::chat::Caller, state::AppState};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .without_v07_checks()
        .route("/chat/threads", get(threads::list).post(threads::create))
        .route(
            "/chat/threads/{threadId}",
            get(threads::get).patch(threads::update).delete(threads::delete),
        )
        .route("/chat/threads/{threadId}/participants", get(participants::list))
        .route(
            "/chat/threads/{threadId}/participants/:add",
            post(participants::add),
        )
        .route(
            "/chat/threads/{threadId}/participants/:remove",
            post(participants::remove),
        )
        .route(
            "/chat/threads/{threadId}/messages",
            get(messages::list).post(messages::send),
        )
        .route(
            "/chat/threads/{threadId}/messages/{messageId}",
            get(messages::get).patch(messages::edit).delete(messages::delete),
        )
        .route("/chat/messages/search", get(search::search))
        .route("/chat/threads/{threadId}/attachments", post(attachments::upload))
        .route(
            "/chat/threads/{threadId}/attachments/{attachmentId}",
            get(attachments::download).delete(attachments::delete),
        )
        .route("/chat/threads/{threadId}/images", post(attachments::upload_image))
        .route(
            "/chat/threads/{threadId}/images/{imageId}",
            delete(attachments::delete),
        )
        .route(
            "/chat/threads/{threadId}/images/{imageId}/view/{imageViewType}",
            get(attachments::view),
        )
        .route(
            "/chat/threads/{threadId}/readReceipts",
            get(receipts::list_read).post(receipts::send_read),
        )
        .route(
            "/chat/threads/{threadId}/deliveryReceipts",
            get(receipts::list_delivery).post(receipts::send_delivery),
        )
        .route("/chat/threads/{threadId}/typing", post(typing::send))
}

impl From<Authenticated> for Caller {
    fn from(authenticated: Authenticated) -> Self {
        let Authenticated {
            resource_id,
            raw_id,
            scopes,
            ..
        } = authenticated;
        Self {
            resource_id,
            raw_id,
            scopes,
        }
    }
}
