-- Chat. Times are milliseconds since 1970-01-01T00:00:00Z; metadata and system messages are JSON.

-- thread_key is a thread's number within this database: short, because other keys repeat it, and never reused.
CREATE TABLE chat_threads (
    thread_key      INTEGER PRIMARY KEY AUTOINCREMENT,
    resource_id     TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    thread_id       TEXT NOT NULL,
    topic           TEXT NOT NULL,
    metadata        TEXT,
    retention_kind  TEXT CHECK (retention_kind IN ('none', 'threadCreationDate')),
    retention_days  INTEGER,
    created_on      INTEGER NOT NULL,
    created_by      TEXT NOT NULL,
    deleted_on      INTEGER,
    -- The thread's clock: the latest id or version given to any of its messages or changes.
    version         INTEGER NOT NULL,
    last_sequence   INTEGER NOT NULL,
    last_message_on INTEGER NOT NULL,
    UNIQUE (resource_id, thread_id),
    UNIQUE (resource_id, thread_key)
) STRICT;

-- ordinal is the place in the list: the position in the log at which the participant came.
CREATE TABLE chat_participants (
    resource_id        TEXT NOT NULL,
    thread_key         INTEGER NOT NULL,
    raw_id             TEXT NOT NULL,
    display_name       TEXT NOT NULL,
    share_history_time INTEGER NOT NULL,
    metadata           TEXT,
    ordinal            INTEGER NOT NULL,
    PRIMARY KEY (resource_id, thread_key, raw_id),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- message_id is the time of creation and rises with sequence, so one index serves both orders and all
-- bounds in time.
CREATE TABLE chat_messages (
    message_key         INTEGER PRIMARY KEY,
    resource_id         TEXT NOT NULL,
    thread_key          INTEGER NOT NULL,
    message_id          INTEGER NOT NULL,
    sequence            INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    message_type        TEXT NOT NULL,
    sender              TEXT,
    sender_display_name TEXT NOT NULL,
    content             TEXT,
    metadata            TEXT,
    edited_on           INTEGER,
    deleted_on          INTEGER,
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX chat_messages_by_id ON chat_messages (resource_id, thread_key, message_id);

CREATE TABLE chat_read_receipts (
    resource_id TEXT NOT NULL,
    thread_key  INTEGER NOT NULL,
    reader      TEXT NOT NULL,
    message_id  INTEGER NOT NULL,
    read_on     INTEGER NOT NULL,
    PRIMARY KEY (resource_id, thread_key, reader),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- When an identity was in a thread, in positions of the log: what it is told after a reconnect. Both ends
-- belong to it; to_position is the removal itself. The latest interval also keeps what the list of threads
-- shows to somebody who is gone.
CREATE TABLE chat_memberships (
    resource_id        TEXT NOT NULL,
    raw_id             TEXT NOT NULL,
    thread_key         INTEGER NOT NULL,
    from_position      INTEGER NOT NULL,
    to_position        INTEGER,
    share_history_time INTEGER NOT NULL,
    latest             INTEGER NOT NULL DEFAULT 1,
    left_topic         TEXT,
    left_message_on    INTEGER,
    PRIMARY KEY (resource_id, raw_id, thread_key, from_position),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_memberships_by_thread ON chat_memberships (resource_id, thread_key);

-- The log. about_on is the creation time of the message the event tells of, for those who do not share
-- that part of the history. Events outlive their thread: they tell that it was deleted.
CREATE TABLE chat_events (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    resource_id TEXT NOT NULL,
    thread_key  INTEGER NOT NULL,
    created_on  INTEGER NOT NULL,
    about_on    INTEGER,
    event       TEXT NOT NULL
) STRICT;
CREATE INDEX chat_events_by_thread ON chat_events (resource_id, thread_key, position);

-- How far the log of a resource was pruned: a cursor below is expired.
CREATE TABLE chat_log_marks (
    resource_id    TEXT NOT NULL PRIMARY KEY,
    pruned_through INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The answers to repeatable requests that created a thread.
CREATE TABLE chat_create_requests (
    resource_id TEXT NOT NULL,
    raw_id      TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    created_on  INTEGER NOT NULL,
    response    TEXT NOT NULL,
    PRIMARY KEY (resource_id, raw_id, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_create_requests_by_age ON chat_create_requests (created_on);
