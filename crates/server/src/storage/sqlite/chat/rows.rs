//! Reading rows for each identity in a thread.

use openline_chat::PageRequest;
use openline_protocol::{RawId, ResourceId};
use sqlx::sqlite::SqliteRow;

use crate::storage::{StorageError, chat::ThreadKey, sqlite::SqliteTransaction};

impl SqliteTransaction {
    /// The row that `query` has for an identity in a thread.
    pub(super) async fn row_of(
        &mut self,
        query: &'static str,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
    ) -> Result<Option<SqliteRow>, StorageError> {
        Ok(sqlx::query(query)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(raw_id.as_str())
            .fetch_optional(self.connection())
            .await?)
    }

    /// A page of the rows that `query` has for a thread.
    pub(super) async fn rows_of(
        &mut self,
        query: &'static str,
        resource_id: &ResourceId,
        key: ThreadKey,
        page: PageRequest,
    ) -> Result<Vec<SqliteRow>, StorageError> {
        Ok(sqlx::query(query)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(page.size)
            .bind(page.skip)
            .fetch_all(self.connection())
            .await?)
    }
}
