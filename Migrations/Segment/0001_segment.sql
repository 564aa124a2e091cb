-- One spool segment. Written by one ingest process through one connection, never checkpointed, unlinked whole.
-- Times are nanoseconds since 1970-01-01T00:00:00Z.

-- Exactly one row. The totals are written when the segment is sealed; a reader that finds fewer batches knows that some
-- are damaged.
CREATE TABLE segment (
    number INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    sealed_at INTEGER,
    batches INTEGER,
    events INTEGER,
    quarantined INTEGER,
    payload_bytes INTEGER
) STRICT;

-- One row for each stream that has a batch in this segment: its metadata once, not once an event.
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    client TEXT NOT NULL,
    source TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    metadata BLOB NOT NULL
) STRICT;

-- One row a batch. `payload` is the message as it was received; `event_index` says where the accepted events lie in it
-- (pairs of little-endian 32-bit offset and length). The small columns come first, so that totals need no payload page.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    events INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    event_index BLOB NOT NULL,
    payload BLOB NOT NULL
) STRICT;

-- One row for each event that ingest acknowledged but could not accept; its bytes are at (start, length) of the
-- batch's payload.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    event_id BLOB NOT NULL
) STRICT;
