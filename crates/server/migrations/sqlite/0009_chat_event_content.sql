-- Where content_in_message is 1, an event leaves out what its message says, and is told with what it says now: once a
-- message was changed, nothing else keeps what it said before.
ALTER TABLE chat_events ADD COLUMN content_in_message INTEGER NOT NULL DEFAULT 0;

-- The events of a message that say themselves what it said.
DROP INDEX chat_events_by_message;
CREATE INDEX chat_events_by_message ON chat_events (thread_key, about_on, content_in_message)
WHERE about_on IS NOT NULL;
