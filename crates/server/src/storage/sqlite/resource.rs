//! Resources in SQLite.

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::transaction::SqliteTransaction;
use crate::storage::{AccessKeyRow, ResourceRow, ResourceTx, SigningKeyRow, StorageError};

#[async_trait]
impl ResourceTx for SqliteTransaction {
    async fn insert_resource(&mut self, row: &ResourceRow) -> Result<(), StorageError> {
        sqlx::query("INSERT INTO resources (resource_id, name, created_on) VALUES (?, ?, ?)")
            .bind(row.resource_id.as_str())
            .bind(&row.name)
            .bind(to_column(row.created_on))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn insert_access_key(&mut self, row: &AccessKeyRow) -> Result<(), StorageError> {
        sqlx::query("INSERT INTO access_keys (resource_id, slot, secret, created_on) VALUES (?, ?, ?, ?)")
            .bind(row.resource_id.as_str())
            .bind(row.slot)
            .bind(&row.secret)
            .bind(to_column(row.created_on))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn insert_signing_key(&mut self, row: &SigningKeyRow) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO signing_keys (resource_id, key_id, private_key, created_on) VALUES (?, ?, ?, ?)",
        )
        .bind(row.resource_id.as_str())
        .bind(&row.key_id)
        .bind(&row.private_key)
        .bind(to_column(row.created_on))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn list_resources(&mut self) -> Result<Vec<ResourceRow>, StorageError> {
        let rows = sqlx::query("SELECT resource_id, name, created_on FROM resources ORDER BY name")
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(ResourceRow {
                    resource_id: ResourceId::new(row.try_get::<String, _>("resource_id")?),
                    name: row.try_get("name")?,
                    created_on: timestamp(row, "created_on")?,
                })
            })
            .collect()
    }

    async fn list_access_keys(&mut self) -> Result<Vec<AccessKeyRow>, StorageError> {
        let rows = sqlx::query(
            "SELECT resource_id, slot, secret, created_on FROM access_keys ORDER BY resource_id, slot",
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AccessKeyRow {
                    resource_id: ResourceId::new(row.try_get::<String, _>("resource_id")?),
                    slot: row.try_get("slot")?,
                    secret: row.try_get("secret")?,
                    created_on: timestamp(row, "created_on")?,
                })
            })
            .collect()
    }

    async fn list_signing_keys(&mut self) -> Result<Vec<SigningKeyRow>, StorageError> {
        let rows = sqlx::query(
            "SELECT resource_id, key_id, private_key, created_on FROM signing_keys ORDER BY created_on, key_id",
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SigningKeyRow {
                    resource_id: ResourceId::new(row.try_get::<String, _>("resource_id")?),
                    key_id: row.try_get("key_id")?,
                    private_key: row.try_get("private_key")?,
                    created_on: timestamp(row, "created_on")?,
                })
            })
            .collect()
    }
}

/// A time as SQLite stores it. Times past the year 292 million do not occur.
pub(super) fn to_column(time: Timestamp) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Reads a time.
pub(super) fn timestamp(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StorageError> {
    from_column(row.try_get(column)?, column)
}

/// Reads a time that may be absent.
pub(super) fn optional_timestamp(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<Timestamp>, StorageError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(|millis| from_column(millis, column))
        .transpose()
}

fn from_column(millis: i64, column: &'static str) -> Result<Timestamp, StorageError> {
    u64::try_from(millis)
        .map(Timestamp::from_millis)
        .map_err(|_negative| StorageError::Corrupt { what: column })
}
