//! `/chat/messages/search`

use axum::extract::State;
use openline_chat::{SearchCursor, check_search_page_size, search::SearchQuery};
use openline_protocol::{
    RawId, ThreadId,
    rest::chat::{ChatMessageSearchItem, Page},
};
use serde::Deserialize;

use super::{
    links::Links,
    queries::{cursor, time},
};
use crate::{
    domain::{DomainError, chat::MessageSearch},
    http::{ApiError, Authenticated, Json, Query},
    state::AppState,
};

/// What is asked for. A link to the next page repeats it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchParameters {
    #[serde(default)]
    query: String,
    thread_id: Option<String>,
    sender_communication_identifier: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    max_page_size: Option<i64>,
    sync_state: Option<String>,
}

impl SearchParameters {
    fn search(&self) -> Result<MessageSearch, ApiError> {
        Ok(MessageSearch {
            query: SearchQuery::parse(&self.query).map_err(DomainError::from)?,
            thread_id: self.thread_id.as_deref().map(ThreadId::new),
            sender: self.sender_communication_identifier.as_deref().map(RawId::new),
            from: time("startTime", self.start_time.as_deref())?,
            until: time("endTime", self.end_time.as_deref())?,
        })
    }

    fn next_link(&self, links: &Links, next: SearchCursor, size: u32) -> String {
        let (sync_state, size) = (next.encode(), size.to_string());
        let repeated = [
            ("query", Some(&self.query)),
            ("threadId", self.thread_id.as_ref()),
            (
                "senderCommunicationIdentifier",
                self.sender_communication_identifier.as_ref(),
            ),
            ("startTime", self.start_time.as_ref()),
            ("endTime", self.end_time.as_ref()),
            ("maxPageSize", Some(&size)),
            ("syncState", Some(&sync_state)),
        ];
        let parameters: Vec<_> = repeated
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?.as_str())))
            .collect();
        links.next_page(&parameters)
    }
}

/// 200 with a page of the messages that were found.
pub(super) async fn search(
    State(state): State<AppState>,
    caller: Authenticated,
    links: Links,
    Query(parameters): Query<SearchParameters>,
) -> Result<Json<Page<ChatMessageSearchItem>>, ApiError> {
    let size = check_search_page_size(parameters.max_page_size).map_err(DomainError::from)?;
    let after = cursor(parameters.sync_state.as_deref(), SearchCursor::decode)?;
    let page = state
        .chats
        .search_messages(&caller.into(), parameters.search()?, after, size)
        .await?;
    let addressed = |item: ChatMessageSearchItem| ChatMessageSearchItem {
        message: links.message(&item.thread_id, item.message),
        ..item
    };
    Ok(Json(Page {
        value: page.items.into_iter().map(addressed).collect(),
        next_link: page.next.map(|next| parameters.next_link(&links, next, size)),
    }))
}
