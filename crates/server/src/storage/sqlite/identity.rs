//! Identities in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::Row;

use super::{
    resource::{optional_timestamp, timestamp, to_column},
    transaction::SqliteTransaction,
};
use crate::storage::{IdentityRow, IdentityTx, StorageError};

#[async_trait]
impl IdentityTx for SqliteTransaction {
    async fn insert_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        created_on: Timestamp,
    ) -> Result<(), StorageError> {
        sqlx::query("INSERT INTO identities (resource_id, raw_id, created_on) VALUES (?, ?, ?)")
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(to_column(created_on))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn find_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
    ) -> Result<Option<IdentityRow>, StorageError> {
        let row = sqlx::query(
            "SELECT raw_id, created_on, deleted_on, token_generation FROM identities \
             WHERE resource_id = ? AND raw_id = ?",
        )
        .bind(resource_id.as_str())
        .bind(raw_id.as_str())
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(IdentityRow {
                raw_id: RawId::new(row.try_get::<String, _>("raw_id")?),
                created_on: timestamp(&row, "created_on")?,
                deleted_on: optional_timestamp(&row, "deleted_on")?,
                token_generation: generation(row.try_get("token_generation")?)?,
            })
        })
        .transpose()
    }

    async fn revoke_tokens(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
    ) -> Result<Option<u64>, StorageError> {
        let row = sqlx::query(
            "UPDATE identities SET token_generation = token_generation + 1 \
             WHERE resource_id = ? AND raw_id = ? AND deleted_on IS NULL RETURNING token_generation",
        )
        .bind(resource_id.as_str())
        .bind(raw_id.as_str())
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| generation(row.try_get("token_generation")?))
            .transpose()
    }

    async fn delete_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        deleted_on: Timestamp,
    ) -> Result<bool, StorageError> {
        let done = sqlx::query(
            "UPDATE identities SET deleted_on = ? WHERE resource_id = ? AND raw_id = ? AND deleted_on IS NULL",
        )
        .bind(to_column(deleted_on))
        .bind(resource_id.as_str())
        .bind(raw_id.as_str())
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

fn generation(value: i64) -> Result<u64, StorageError> {
    u64::try_from(value).map_err(|_negative| StorageError::Corrupt {
        what: "token_generation",
    })
}
