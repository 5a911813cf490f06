//! The published chat client's instances in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::Row;

use super::{resource::to_column, transaction::SqliteTransaction};
use crate::storage::{StorageError, TrouterEndpointKey, TrouterEndpointRow, TrouterTx};

const FIND: &str = "SELECT cursor, beyond FROM trouter_endpoints \
     WHERE resource_id = ? AND raw_id = ? AND epid = ?";

const TRIM: &str = "DELETE FROM trouter_endpoints WHERE resource_id = ?1 AND raw_id = ?2 AND epid IN (\
     SELECT epid FROM trouter_endpoints WHERE resource_id = ?1 AND raw_id = ?2 \
     ORDER BY saved_on DESC LIMIT -1 OFFSET ?3)";

const PRUNE: &str = "DELETE FROM trouter_endpoints WHERE (resource_id, raw_id, epid) IN (\
     SELECT resource_id, raw_id, epid FROM trouter_endpoints WHERE saved_on < ? LIMIT ?)";

#[async_trait]
impl TrouterTx for SqliteTransaction {
    async fn find_trouter_endpoint(
        &mut self,
        key: &TrouterEndpointKey,
    ) -> Result<Option<TrouterEndpointRow>, StorageError> {
        let row = sqlx::query(FIND)
            .bind(key.resource_id.as_str())
            .bind(key.raw_id.as_str())
            .bind(&key.epid)
            .fetch_optional(self.connection())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let corrupt = |_invalid| StorageError::Corrupt {
            what: "trouter cursor",
        };
        let Some(cursor) = row.try_get::<Option<i64>, _>("cursor")? else {
            return Ok(Some(TrouterEndpointRow::Stopped));
        };
        let beyond = row.try_get::<&str, _>("beyond")?.split_ascii_whitespace();
        Ok(Some(TrouterEndpointRow::Known {
            cursor: u64::try_from(cursor).map_err(corrupt)?,
            beyond: beyond
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(|_invalid| StorageError::Corrupt {
                    what: "trouter positions",
                })?,
        }))
    }

    async fn put_trouter_endpoint(
        &mut self,
        key: &TrouterEndpointKey,
        row: &TrouterEndpointRow,
        saved_on: Timestamp,
    ) -> Result<(), StorageError> {
        let (cursor, beyond) = match row {
            TrouterEndpointRow::Known { cursor, beyond } => {
                let beyond: Vec<_> = beyond.iter().map(ToString::to_string).collect();
                (Some(i64::try_from(*cursor).unwrap_or(i64::MAX)), beyond.join(" "))
            }
            TrouterEndpointRow::Stopped => (None, String::new()),
        };
        sqlx::query(
            "INSERT INTO trouter_endpoints (resource_id, raw_id, epid, cursor, beyond, saved_on) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, raw_id, epid) DO UPDATE \
             SET cursor = excluded.cursor, beyond = excluded.beyond, saved_on = excluded.saved_on",
        )
        .bind(key.resource_id.as_str())
        .bind(key.raw_id.as_str())
        .bind(&key.epid)
        .bind(cursor)
        .bind(beyond)
        .bind(to_column(saved_on))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn trim_trouter_endpoints(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        keep: u32,
    ) -> Result<(), StorageError> {
        sqlx::query(TRIM)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(keep)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn prune_trouter_endpoints(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE)
            .bind(to_column(before))
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }

    async fn server_secret(
        &mut self,
        name: &str,
        fresh: &[u8],
        created_on: Timestamp,
    ) -> Result<Vec<u8>, StorageError> {
        sqlx::query("INSERT OR IGNORE INTO server_secrets (name, secret, created_on) VALUES (?, ?, ?)")
            .bind(name)
            .bind(fresh)
            .bind(to_column(created_on))
            .execute(self.connection())
            .await?;
        let row = sqlx::query("SELECT secret FROM server_secrets WHERE name = ?")
            .bind(name)
            .fetch_one(self.connection())
            .await?;
        Ok(row.try_get("secret")?)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn every_query_goes_by_an_index() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::migrate!("migrations/sqlite")
            .run(&mut connection)
            .await
            .unwrap();
        for query in [FIND, TRIM, PRUNE] {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
            let rows = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            let slow = |step: &String| step.starts_with("SCAN ") || step.contains("TEMP B-TREE");
            assert!(!plan.is_empty() && !plan.iter().any(slow), "{query}: {plan:#?}");
        }
    }
}
