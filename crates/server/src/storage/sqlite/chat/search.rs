//! Search in SQLite: the words of messages in FTS5, each with the number of its thread.
//!
//! One statement asks the index for the newest match in each of the caller's threads and answers with the threads whose
//! matches are the newest, no more than there are places on the page: whatever else is found is older. Only these are
//! read.

use std::{cmp::Reverse, fmt::Display};

use async_trait::async_trait;
use aws_lc_rs::digest;
use openline_chat::{
    SearchCursor,
    search::{SearchQuery, searchable_text, words},
};
use openline_protocol::{RawId, ResourceId, ThreadId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    columns::{message_type, number_column},
    message::{message, message_columns},
};
use crate::storage::{
    StorageError,
    chat::{ChatSearchTx, FoundMessageRow, MessageRow, SearchRange, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{timestamp, to_column},
    },
};

/// A user's threads are few against messages, so they are sorted for each page. The number of each takes the place of
/// [`THREAD`] in the expression.
pub(super) const THREADS: &str = "SELECT s.thread_key, s.thread_id, s.share_history_time, n.message_id AS newest \
     FROM (SELECT t.thread_key, t.thread_id, m.share_history_time, \
     (SELECT rowid FROM chat_message_words \
     WHERE chat_message_words MATCH replace(?6, '@', t.thread_key) \
     AND rowid <= (SELECT message_key FROM chat_messages \
     WHERE resource_id = ?1 AND thread_key = t.thread_key \
     AND message_id < min(?7, ?8 + (t.thread_key < ?9)) ORDER BY message_id DESC LIMIT 1) \
     ORDER BY rowid DESC LIMIT 1) AS newest_key \
     FROM chat_memberships m CROSS JOIN chat_threads t ON t.thread_key = m.thread_key \
     WHERE m.resource_id = ?1 AND m.raw_id = ?2 AND m.thread_key BETWEEN ?3 AND ?4 AND m.latest = 1 \
     AND m.to_position IS NULL AND t.deleted_on IS NULL \
     AND t.last_message_on >= max(m.share_history_time, ?5)) s \
     CROSS JOIN chat_messages n ON n.message_key = s.newest_key \
     WHERE n.message_id >= max(s.share_history_time, ?5) \
     ORDER BY n.message_id DESC, s.thread_key DESC LIMIT ?10";

/// What stands for a thread's number in an expression. No word has it.
const THREAD: char = '@';

/// Within a thread the order of keys is the order of ids, so what FTS5 reads is bounded from both sides, and is read
/// from the newest on.
pub(super) const FIND: &str = concat!(
    "SELECT ",
    message_columns!(),
    " FROM chat_message_words CROSS JOIN chat_messages ON message_key = chat_message_words.rowid \
     WHERE chat_message_words MATCH ?1 AND resource_id = ?2 AND thread_key = ?3 \
     AND chat_message_words.rowid >= (SELECT message_key FROM chat_messages \
     WHERE resource_id = ?2 AND thread_key = ?3 AND message_id >= ?4 ORDER BY message_id LIMIT 1) \
     AND chat_message_words.rowid <= (SELECT message_key FROM chat_messages \
     WHERE resource_id = ?2 AND thread_key = ?3 AND message_id < ?5 ORDER BY message_id DESC LIMIT 1) \
     AND (?6 IS NULL OR sender = ?6) ORDER BY chat_message_words.rowid DESC LIMIT ?7"
);

/// A time after all that fits beside a 1.
const AFTER_ALL: i64 = i64::MAX - 1;

const PUT: &str = "INSERT OR REPLACE INTO chat_message_words (rowid, words) VALUES (?, ?)";

const DELETE: &str = "DELETE FROM chat_message_words WHERE rowid = ?";

pub(super) const UNINDEXED: &str = "SELECT message_key, thread_key, message_type, sender, content \
     FROM chat_messages WHERE message_key <= (SELECT through_key FROM chat_messages_unindexed WHERE only = 1) \
     ORDER BY message_key DESC LIMIT ?";

pub(super) const INDEXED: &str = "UPDATE chat_messages_unindexed SET through_key = ? WHERE only = 1";

/// A thread that is searched.
struct Searched {
    key: ThreadKey,
    thread_id: ThreadId,
    /// When its newest match was sent.
    newest: Timestamp,
    share_history_time: Timestamp,
}

#[async_trait]
impl ChatSearchTx for SqliteTransaction {
    async fn search_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        range: &SearchRange,
    ) -> Result<Vec<FoundMessageRow>, StorageError> {
        let limit = usize::try_from(range.limit).unwrap_or(usize::MAX);
        let mut found: Vec<FoundMessageRow> = Vec::new();
        for thread in self.searched_threads(resource_id, raw_id, range).await? {
            let mut from = range.from.max(thread.share_history_time);
            if let Some(last) = found.last().filter(|_| found.len() == limit) {
                if (thread.newest, thread.key) < (last.message.message_id, last.key) {
                    // Whatever is in this thread, and in those after it, is older.
                    break;
                }
                from = from.max(last.message.message_id);
            }
            let messages = self.find_words(resource_id, &thread, range, from).await?;
            found.extend(messages.into_iter().map(|message| FoundMessageRow {
                key: thread.key,
                thread_id: thread.thread_id.clone(),
                message,
            }));
            found.sort_unstable_by_key(|row| Reverse((row.message.message_id, row.key)));
            found.truncate(limit);
        }
        Ok(found)
    }

    async fn index_chat_messages(&mut self, limit: u32) -> Result<u64, StorageError> {
        let rows = sqlx::query(UNINDEXED)
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
        let Some(last) = rows.last() else { return Ok(0) };
        let through: i64 = last.try_get("message_key")?;
        for row in &rows {
            let words = Indexed {
                key: ThreadKey(row.try_get("thread_key")?),
                sender: row
                    .try_get::<Option<String>, _>("sender")?
                    .map(RawId::new)
                    .as_ref(),
                text: row
                    .try_get::<Option<&str>, _>("content")?
                    .map(|content| Ok::<_, StorageError>(searchable_text(message_type(row)?, content)))
                    .transpose()?
                    .flatten()
                    .as_deref(),
            }
            .words();
            self.put_words(row.try_get("message_key")?, words).await?;
        }
        sqlx::query(INDEXED)
            .bind(through - 1)
            .execute(self.connection())
            .await?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }
}

impl SqliteTransaction {
    /// Has a message found by what it says now.
    pub(super) async fn index_message(
        &mut self,
        message_key: i64,
        key: ThreadKey,
        row: &MessageRow,
    ) -> Result<(), StorageError> {
        let content = row.content.as_deref();
        let words = Indexed {
            key,
            sender: row.sender.as_ref(),
            text: content
                .and_then(|content| searchable_text(row.message_type, content))
                .as_deref(),
        }
        .words();
        self.put_words(message_key, words).await
    }

    async fn put_words(&mut self, message_key: i64, words: Option<String>) -> Result<(), StorageError> {
        let statement = if words.is_some() { PUT } else { DELETE };
        let query = sqlx::query(statement).bind(message_key);
        let query = match words {
            Some(words) => query.bind(words),
            None => query,
        };
        query.execute(self.connection()).await?;
        Ok(())
    }

    /// The threads that have what is searched for, in the order of their newest match.
    async fn searched_threads(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        range: &SearchRange,
    ) -> Result<Vec<Searched>, StorageError> {
        let (first, last) = range.thread.map_or((0, i64::MAX), |key| (key.0, key.0));
        let rows = sqlx::query(THREADS)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(first)
            .bind(last)
            .bind(to_column(range.from))
            .bind(expression(THREAD, &range.query, range.sender.as_ref()))
            .bind(range.until.map_or(i64::MAX, to_column))
            .bind(range.after.map_or(AFTER_ALL, |cursor| to_column(cursor.before)))
            .bind(range.after.map_or(0, |cursor| number_column(cursor.thread_key)))
            .bind(range.limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(searched).collect()
    }

    async fn find_words(
        &mut self,
        resource_id: &ResourceId,
        thread: &Searched,
        range: &SearchRange,
        from: Timestamp,
    ) -> Result<Vec<MessageRow>, StorageError> {
        let rows = sqlx::query(FIND)
            .bind(expression(thread.key.0, &range.query, range.sender.as_ref()))
            .bind(resource_id.as_str())
            .bind(thread.key.0)
            .bind(to_column(from))
            .bind(until(thread.key, range.until, range.after))
            .bind(range.sender.as_ref().map(RawId::as_str))
            .bind(range.limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(message).collect()
    }
}

/// What is kept of a message for being found.
struct Indexed<'a> {
    key: ThreadKey,
    sender: Option<&'a RawId>,
    text: Option<&'a str>,
}

impl Indexed<'_> {
    /// The sender, and the words in their order; `None` where nobody searches.
    fn words(&self) -> Option<String> {
        let mut indexed = self
            .sender
            .map_or_else(String::new, |sender| sent_by(self.key.0, sender));
        for word in words(self.text?) {
            indexed.push(' ');
            indexed.push_str(&in_thread(self.key.0, &word.text));
        }
        Some(indexed)
    }
}

/// A word of a thread.
fn in_thread(thread: impl Display, word: &str) -> String {
    format!("{thread}x{word}")
}

/// The word that stands for a sender in a thread. Two may share it, so the query compares the sender too.
fn sent_by(thread: impl Display, sender: &RawId) -> String {
    let hash = digest::digest(&digest::SHA256, sender.as_str().as_bytes());
    let mut word = format!("{thread}s");
    for byte in hash.as_ref().iter().take(8) {
        word.push_str(&format!("{byte:02x}"));
    }
    word
}

/// What FTS5 is asked. Words have letters, digits and marks alone, so nothing in quotes ends them.
fn expression(thread: impl Display + Copy, query: &SearchQuery, sender: Option<&RawId>) -> String {
    let terms = query.terms().iter().map(|term| {
        let words: Vec<_> = term.words.iter().map(|word| in_thread(thread, word)).collect();
        let star = if term.prefix { " *" } else { "" };
        format!("\"{}\"{star}", words.join(" "))
    });
    let sender = sender.map(|sender| format!("\"{}\"", sent_by(thread, sender)));
    terms.chain(sender).collect::<Vec<_>>().join(" AND ")
}

/// The time before which messages of a thread are still to come.
fn until(key: ThreadKey, until: Option<Timestamp>, after: Option<SearchCursor>) -> i64 {
    let until = until.map_or(i64::MAX, to_column);
    let after = after.map_or(i64::MAX, |cursor| {
        let same_time_too = u64::try_from(key.0).unwrap_or_default() < cursor.thread_key;
        to_column(cursor.before).saturating_add(i64::from(same_time_too))
    });
    until.min(after)
}

fn searched(row: &SqliteRow) -> Result<Searched, StorageError> {
    Ok(Searched {
        key: ThreadKey(row.try_get("thread_key")?),
        thread_id: ThreadId::new(row.try_get::<String, _>("thread_id")?),
        newest: timestamp(row, "newest")?,
        share_history_time: timestamp(row, "share_history_time")?,
    })
}
