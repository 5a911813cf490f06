-- How far somebody is in a thread: up to which message it was read, and up to which it was delivered. What was read was
-- delivered.
CREATE TABLE chat_receipts (
    resource_id TEXT NOT NULL,
    thread_key  INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('delivery', 'read')),
    participant TEXT NOT NULL,
    message_id  INTEGER NOT NULL,
    received_on INTEGER NOT NULL,
    PRIMARY KEY (resource_id, thread_key, kind, participant),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO chat_receipts (resource_id, thread_key, kind, participant, message_id, received_on)
SELECT resource_id, thread_key, 'read', reader, message_id, read_on FROM chat_read_receipts;

INSERT INTO chat_receipts (resource_id, thread_key, kind, participant, message_id, received_on)
SELECT resource_id, thread_key, 'delivery', reader, message_id, read_on FROM chat_read_receipts;

DROP TABLE chat_read_receipts;
