//! The queries of lists.

use openline_chat::{CursorInvalid, PageRequest, check_page_size};
use openline_protocol::Timestamp;
use serde::Deserialize;

use crate::{
    domain::{DomainError, chat::parse_iso},
    http::ApiError,
};

/// A list that is counted off: participants and receipts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkipQuery {
    max_page_size: Option<i64>,
    skip: Option<i64>,
}

impl SkipQuery {
    pub(super) fn page(&self) -> Result<PageRequest, ApiError> {
        let size = check_page_size(self.max_page_size).map_err(DomainError::from)?;
        let skip = u32::try_from(self.skip.unwrap_or_default()).map_err(|_out_of_range| {
            ApiError::bad_request("skip must be a count, 0 or more.").with_target("skip")
        })?;
        Ok(PageRequest { skip, size })
    }
}

/// Where a list goes on, if the query says so.
pub(super) fn cursor<C>(
    text: Option<&str>,
    decode: impl FnOnce(&str) -> Result<C, CursorInvalid>,
) -> Result<Option<C>, ApiError> {
    Ok(text.map(decode).transpose().map_err(DomainError::from)?)
}

/// A list that goes on by a cursor: threads and messages.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CursorQuery {
    max_page_size: Option<i64>,
    start_time: Option<String>,
    /// Where the page before ended. Carries what `startTime` said with the first page.
    sync_state: Option<String>,
}

impl CursorQuery {
    pub(super) fn size(&self) -> Result<u32, ApiError> {
        Ok(check_page_size(self.max_page_size).map_err(DomainError::from)?)
    }

    pub(super) fn cursor<C>(
        &self,
        decode: impl FnOnce(&str) -> Result<C, CursorInvalid>,
    ) -> Result<Option<C>, ApiError> {
        cursor(self.sync_state.as_deref(), decode)
    }

    pub(super) fn start_time(&self) -> Result<Option<Timestamp>, ApiError> {
        time("startTime", self.start_time.as_deref())
    }
}

/// A time in a query, if it is there.
pub(super) fn time(name: &'static str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    text.map(|text| {
        parse_iso(text).ok_or_else(|| {
            let message = format!("{name} must be a time such as 2024-05-14T07:51:06Z.");
            ApiError::bad_request(message).with_target(name)
        })
    })
    .transpose()
}
