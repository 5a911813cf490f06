-- The place of each event among those of its thread, by which a client notices that it missed one. Events from
-- before have none: a thread begins to count here.

ALTER TABLE chat_threads ADD COLUMN last_event_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat_events ADD COLUMN thread_sequence INTEGER;
