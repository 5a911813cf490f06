-- The upload in parts that was begun for an object, where the store takes it so: it is aborted when the object is
-- erased, or its parts stay for ever.
ALTER TABLE chat_attachment_erasures ADD COLUMN upload_id TEXT;
