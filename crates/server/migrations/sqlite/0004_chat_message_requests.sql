-- Messages that were sent under a client's id for the request, so that a repetition stores nothing. request_hash
-- is of the sender and that id, fingerprint of the id and the request: without the id, which is not kept, no text
-- can be tried against it.

CREATE TABLE chat_message_requests (
    resource_id  TEXT NOT NULL,
    thread_key   INTEGER NOT NULL,
    request_hash BLOB NOT NULL,
    fingerprint  BLOB NOT NULL,
    message_id   INTEGER NOT NULL,
    created_on   INTEGER NOT NULL,
    PRIMARY KEY (resource_id, thread_key, request_hash),
    FOREIGN KEY (resource_id, thread_key) REFERENCES chat_threads (resource_id, thread_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_message_requests_by_age ON chat_message_requests (created_on);
