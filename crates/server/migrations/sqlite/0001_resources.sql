-- Resources (tenants), what authenticates their requests and signs their tokens, and their identities.
-- Times are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE resources (
    resource_id TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    created_on  INTEGER NOT NULL
) STRICT;

-- Two per resource, so that one can be replaced while the other is in use.
CREATE TABLE access_keys (
    resource_id TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    slot        INTEGER NOT NULL CHECK (slot IN (1, 2)),
    secret      BLOB NOT NULL,
    created_on  INTEGER NOT NULL,
    PRIMARY KEY (resource_id, slot)
) STRICT;

-- The newest key of a resource signs; all of them verify.
CREATE TABLE signing_keys (
    resource_id TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    key_id      TEXT NOT NULL UNIQUE,
    private_key BLOB NOT NULL,
    created_on  INTEGER NOT NULL,
    PRIMARY KEY (resource_id, key_id)
) STRICT;

-- A token carries the generation it was issued in and is good for as long as that is the current one.
CREATE TABLE identities (
    resource_id      TEXT NOT NULL REFERENCES resources (resource_id) ON DELETE CASCADE,
    raw_id           TEXT NOT NULL,
    created_on       INTEGER NOT NULL,
    deleted_on       INTEGER,
    token_generation INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (resource_id, raw_id)
) STRICT, WITHOUT ROWID;

-- Who typed which name on the sample page. Written in dev mode only.
CREATE TABLE demo_people (
    resource_id TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    raw_id      TEXT NOT NULL,
    PRIMARY KEY (resource_id, name_key),
    FOREIGN KEY (resource_id, raw_id) REFERENCES identities (resource_id, raw_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
