-- Search in messages. Every word of a message stands here together with the number of its thread, as 12xlunch, so
-- that a thread's words lie together: what a search costs does not depend on what is said in others. What a word is
-- decides openline_chat::search; SQLite only keeps them apart at spaces.
CREATE VIRTUAL TABLE chat_message_words USING fts5 (words, tokenize = 'ascii', columnsize = 0);

-- A word that is deleted is gone, and not only marked so until the index is merged.
INSERT INTO chat_message_words (chat_message_words, rank) VALUES ('secure-delete', 1);

-- However a message goes, its words go with it.
CREATE TRIGGER chat_messages_words_deleted AFTER DELETE ON chat_messages BEGIN
    DELETE FROM chat_message_words WHERE rowid = OLD.message_key;
END;

-- Messages up to here are from before, and housekeeping adds them, the newest first.
CREATE TABLE chat_messages_unindexed (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    through_key INTEGER NOT NULL
) STRICT;
INSERT INTO chat_messages_unindexed (only, through_key) SELECT 1, coalesce(max(message_key), 0) FROM chat_messages;
