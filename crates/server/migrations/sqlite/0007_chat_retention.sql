-- What ends: threads whose policy deletes them, and what deleted threads and messages leave behind.

-- When the thread's policy deletes it.
ALTER TABLE chat_threads ADD COLUMN expires_on INTEGER GENERATED ALWAYS AS (
    CASE retention_kind WHEN 'threadCreationDate' THEN created_on + retention_days * 86400000 END
) VIRTUAL;
CREATE INDEX chat_threads_by_expiry ON chat_threads (expires_on)
WHERE expires_on IS NOT NULL AND deleted_on IS NULL;

-- Whether the messages of a deleted thread are gone; then its row goes too, in its time.
ALTER TABLE chat_threads ADD COLUMN messages_erased INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chat_threads_deleted ON chat_threads (messages_erased, deleted_on) WHERE deleted_on IS NOT NULL;

-- The events of a message: once it is deleted they no longer say what it said.
CREATE INDEX chat_events_by_message ON chat_events (thread_key, about_on) WHERE about_on IS NOT NULL;
