-- Client instances of the published chat client, and how far each has answered: it keeps no cursor itself.

-- cursor: every event up to here is done with; beyond: positions after it that are, separated by spaces. The cursor
-- is null where the client stopped: it begins anew when it comes back.
CREATE TABLE trouter_endpoints (
    resource_id TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    raw_id      TEXT NOT NULL,
    epid        TEXT NOT NULL,
    cursor      INTEGER,
    beyond      TEXT NOT NULL,
    saved_on    INTEGER NOT NULL,
    PRIMARY KEY (resource_id, raw_id, epid)
) STRICT, WITHOUT ROWID;
CREATE INDEX trouter_endpoints_by_identity ON trouter_endpoints (resource_id, raw_id, saved_on);
CREATE INDEX trouter_endpoints_by_age ON trouter_endpoints (saved_on);

-- What the server signs with for itself, drawn when it is first needed.
CREATE TABLE server_secrets (
    name       TEXT NOT NULL PRIMARY KEY,
    secret     BLOB NOT NULL,
    created_on INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
