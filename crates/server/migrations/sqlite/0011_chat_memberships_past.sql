-- Intervals of the past are needed for as long as the log has events of them. The latest one of somebody who is gone
-- stays, since it shows in the list of threads; not that of a deleted identity, which lists nothing any more.
CREATE INDEX chat_memberships_past ON chat_memberships (to_position) WHERE latest = 0;
CREATE TRIGGER chat_memberships_of_deleted AFTER UPDATE OF deleted_on ON identities
WHEN NEW.deleted_on IS NOT NULL AND OLD.deleted_on IS NULL BEGIN
    UPDATE chat_memberships SET latest = 0
    WHERE resource_id = NEW.resource_id AND raw_id = NEW.raw_id AND to_position IS NOT NULL;
END;
UPDATE chat_memberships SET latest = 0
WHERE latest = 1 AND to_position IS NOT NULL AND (resource_id, raw_id) IN (
    SELECT resource_id, raw_id FROM identities WHERE deleted_on IS NOT NULL);
