-- Who has sent to this ingest and what it was told: for people who look for missing events. Written by ingest beside the
-- spool, at most once a second and without a sync of its own; nothing is delivered or acknowledged by it.
-- Times are nanoseconds since 1970-01-01T00:00:00Z, those of licences seconds.

-- `licence_key`: the licence's digest where no client id tells senders apart, empty otherwise. What a sender says of itself
-- is what it said in the last call that was admitted, or in any call while none was.
CREATE TABLE sender (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    client TEXT NOT NULL,
    licence_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_url TEXT NOT NULL,
    environment TEXT NOT NULL,
    version TEXT NOT NULL,
    licence_digest TEXT NOT NULL,
    licence_tags TEXT NOT NULL,
    licence_created_at INTEGER,
    licence_expires_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    last_stream_at INTEGER,
    last_events_at INTEGER,
    last_origin INTEGER,
    streams INTEGER NOT NULL,
    batches INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    last_refusal_at INTEGER,
    last_refusal_reason TEXT NOT NULL,
    last_refusal_code TEXT NOT NULL,
    last_refusal_message TEXT NOT NULL,
    last_refusal_licence TEXT NOT NULL,
    UNIQUE (source, client, licence_key)
) STRICT;
CREATE INDEX sender_client ON sender (client);
-- Who goes first when there are too many: those that were never admitted.
CREATE INDEX sender_age ON sender (streams > 0, last_seen_at);

-- Refusals by reason. `kind`: 0 whole calls, 1 events that went to quarantine.
CREATE TABLE sender_reason (
    sender INTEGER NOT NULL REFERENCES sender (id) ON DELETE CASCADE,
    kind INTEGER NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (sender, kind, reason)
) STRICT, WITHOUT ROWID;
