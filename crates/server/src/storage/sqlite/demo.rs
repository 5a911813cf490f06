//! The sample page's people in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId};
use sqlx::{Row, sqlite::SqliteRow};

use super::transaction::SqliteTransaction;
use crate::storage::{DemoPersonRow, DemoTx, StorageError};

#[async_trait]
impl DemoTx for SqliteTransaction {
    async fn find_demo_person(
        &mut self,
        resource_id: &ResourceId,
        name_key: &str,
    ) -> Result<Option<DemoPersonRow>, StorageError> {
        let row = sqlx::query(
            "SELECT name, raw_id FROM demo_people JOIN identities USING (resource_id, raw_id) \
             WHERE resource_id = ? AND name_key = ? AND deleted_on IS NULL",
        )
        .bind(resource_id.as_str())
        .bind(name_key)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(person).transpose()
    }

    async fn put_demo_person(
        &mut self,
        resource_id: &ResourceId,
        name_key: &str,
        row: &DemoPersonRow,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO demo_people (resource_id, name_key, name, raw_id) VALUES (?, ?, ?, ?) \
             ON CONFLICT (resource_id, name_key) DO UPDATE SET name = excluded.name, raw_id = excluded.raw_id",
        )
        .bind(resource_id.as_str())
        .bind(name_key)
        .bind(&row.name)
        .bind(row.raw_id.as_str())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn list_demo_people(
        &mut self,
        resource_id: &ResourceId,
        limit: u32,
    ) -> Result<Vec<DemoPersonRow>, StorageError> {
        let rows = sqlx::query(
            "SELECT name, raw_id FROM demo_people JOIN identities USING (resource_id, raw_id) \
             WHERE resource_id = ? AND deleted_on IS NULL ORDER BY name_key LIMIT ?",
        )
        .bind(resource_id.as_str())
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(person).collect()
    }
}

fn person(row: &SqliteRow) -> Result<DemoPersonRow, StorageError> {
    Ok(DemoPersonRow {
        name: row.try_get("name")?,
        raw_id: RawId::new(row.try_get::<String, _>("raw_id")?),
    })
}
