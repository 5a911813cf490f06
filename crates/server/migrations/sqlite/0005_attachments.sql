-- Files of messages: what is known of them. Their bytes are objects, in a directory or in S3, under a name made
-- of resource_id and attachment_id.

-- What a message shows of its files, as JSON; null where it has none.
ALTER TABLE chat_messages ADD COLUMN attachments TEXT;

-- message_id is null until a message takes the upload up. thumbnail_bytes is null where there is no preview.
CREATE TABLE chat_attachments (
    resource_id     TEXT NOT NULL,
    attachment_id   TEXT NOT NULL,
    thread_key      INTEGER NOT NULL,
    uploader        TEXT NOT NULL,
    attachment_type TEXT NOT NULL CHECK (attachment_type IN ('image', 'file')),
    name            TEXT,
    content_type    TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    width           INTEGER,
    height          INTEGER,
    thumbnail_type  TEXT,
    thumbnail_bytes INTEGER,
    created_on      INTEGER NOT NULL,
    message_id      INTEGER,
    PRIMARY KEY (resource_id, attachment_id),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE,
    FOREIGN KEY (resource_id, thread_key, message_id)
        REFERENCES chat_messages (resource_id, thread_key, message_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_attachments_by_message ON chat_attachments (resource_id, thread_key, message_id);
CREATE INDEX chat_attachments_unattached ON chat_attachments (created_on) WHERE message_id IS NULL;

-- How much each user's files take.
CREATE TABLE chat_attachment_usage (
    resource_id TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    raw_id      TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    PRIMARY KEY (resource_id, raw_id)
) STRICT, WITHOUT ROWID;

-- Objects to erase from due_on on. An upload is here before its first byte is stored and until its row is
-- written, so that no object is without either, whenever the server ends.
CREATE TABLE chat_attachment_erasures (
    resource_id   TEXT NOT NULL,
    attachment_id TEXT NOT NULL,
    due_on        INTEGER NOT NULL,
    PRIMARY KEY (resource_id, attachment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_attachment_erasures_by_time ON chat_attachment_erasures (due_on);

-- Deleted threads whose files are still to be deleted: too many, perhaps, for one transaction.
CREATE TABLE chat_attachment_orphaned_threads (
    resource_id TEXT NOT NULL,
    thread_key  INTEGER NOT NULL,
    PRIMARY KEY (resource_id, thread_key)
) STRICT, WITHOUT ROWID;

-- However a row goes, by a statement or with its thread or message, its object goes too, and its bytes are free.
CREATE TRIGGER chat_attachments_inserted AFTER INSERT ON chat_attachments BEGIN
    INSERT INTO chat_attachment_usage (resource_id, raw_id, bytes)
    VALUES (NEW.resource_id, NEW.uploader, NEW.size_bytes)
    ON CONFLICT (resource_id, raw_id) DO UPDATE SET bytes = bytes + NEW.size_bytes;
END;
CREATE TRIGGER chat_attachments_deleted AFTER DELETE ON chat_attachments BEGIN
    INSERT OR REPLACE INTO chat_attachment_erasures (resource_id, attachment_id, due_on)
    VALUES (OLD.resource_id, OLD.attachment_id, 0);
    UPDATE chat_attachment_usage SET bytes = bytes - OLD.size_bytes
    WHERE resource_id = OLD.resource_id AND raw_id = OLD.uploader;
END;
CREATE TRIGGER chat_messages_deleted AFTER UPDATE OF deleted_on ON chat_messages
WHEN NEW.deleted_on IS NOT NULL AND OLD.deleted_on IS NULL AND OLD.attachments IS NOT NULL BEGIN
    DELETE FROM chat_attachments
    WHERE resource_id = NEW.resource_id AND thread_key = NEW.thread_key AND message_id = NEW.message_id;
END;
CREATE TRIGGER chat_threads_deleted AFTER UPDATE OF deleted_on ON chat_threads
WHEN NEW.deleted_on IS NOT NULL AND OLD.deleted_on IS NULL BEGIN
    INSERT OR IGNORE INTO chat_attachment_orphaned_threads (resource_id, thread_key)
    VALUES (NEW.resource_id, NEW.thread_key);
END;
