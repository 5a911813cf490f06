//! The queries of lists.

use openline_chat::{PageRequest, check_page_size};
use openline_protocol::Timestamp;
use serde::Deserialize;

use crate::{
    domain::{DomainError, chat::parse_iso},
    http::ApiError,
};

/// A list that is counted off: participants and read receipts.
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

/// A list that goes on by a cursor: threads and messages.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CursorQuery {
    max_page_size: Option<i64>,
    start_time: Option<String>,
    /// Where the page before ended. Carries what `startTime` said with the first page.
    pub(super) sync_state: Option<String>,
}

impl CursorQuery {
    pub(super) fn size(&self) -> Result<u32, ApiError> {
        Ok(check_page_size(self.max_page_size).map_err(DomainError::from)?)
    }

    pub(super) fn start_time(&self) -> Result<Option<Timestamp>, ApiError> {
        self.start_time
            .as_deref()
            .map(|text| {
                parse_iso(text).ok_or_else(|| {
                    ApiError::bad_request("startTime must be a time such as 2024-05-14T07:51:06Z.")
                        .with_target("startTime")
                })
            })
            .transpose()
    }
}
