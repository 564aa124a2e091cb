-- The forwarder's own database: what has been delivered where. Written by one forwarder through one connection.
-- Times are nanoseconds since 1970-01-01T00:00:00Z.

CREATE TABLE destination (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    added_at INTEGER NOT NULL,
    delivered_events INTEGER NOT NULL DEFAULT 0,
    delivered_bytes INTEGER NOT NULL DEFAULT 0,
    last_delivery_at INTEGER
) STRICT;

-- How far a destination is in a segment that is still on disk: every batch up to `through_batch` is resolved.
CREATE TABLE progress (
    destination INTEGER NOT NULL REFERENCES destination (id),
    segment INTEGER NOT NULL,
    through_batch INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    delivered_events INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (destination, segment)
) STRICT, WITHOUT ROWID;

-- Deliveries beyond `through_batch`, for requests that finish out of order and batches sent in parts.
CREATE TABLE resolved_range (
    destination INTEGER NOT NULL REFERENCES destination (id),
    segment INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    first_event INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    batch_events INTEGER NOT NULL,
    PRIMARY KEY (destination, segment, batch, first_event)
) STRICT, WITHOUT ROWID;

-- Segments that every destination has finished: recorded before their files are unlinked, removed after.
CREATE TABLE finished_segment (
    segment INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL
) STRICT;

-- Batches whose stored bytes can not be read back as they were written: counted, never skipped in silence.
-- `batch` 0 stands for batches that the seal's totals name and the file no longer shows.
CREATE TABLE damaged_batch (
    segment INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    events INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (segment, batch)
) STRICT, WITHOUT ROWID;

-- Quarantined events, copied here before their segment goes, so that nothing acknowledged ever disappears.
CREATE TABLE quarantined_event (
    id INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL,
    row INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    client TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    event_id BLOB NOT NULL,
    metadata BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (segment, row)
) STRICT;

-- Counters that outlive segments, by name.
CREATE TABLE total (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
