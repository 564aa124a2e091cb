-- What became of each event where, by client; dead letters and their replay; what an outage teaches, over a restart.

-- The senders, so that counts need a number only. Row 0 stands for events whose sender can not be read any more, row 1
-- for all that found no room here.
CREATE TABLE client (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (name, source)
) STRICT;
INSERT INTO client (id, name, source) VALUES (0, '', ''), (1, '(other)', '');

-- What became of a client's events at a destination. `accepted` counts those of closed segments only; of all others the
-- segments themselves tell. The rest counts what is resolved, in any segment.
CREATE TABLE client_total (
    destination INTEGER NOT NULL REFERENCES destination (id),
    client INTEGER NOT NULL REFERENCES client (id),
    accepted INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    dead INTEGER NOT NULL DEFAULT 0,
    expired INTEGER NOT NULL DEFAULT 0,
    purged INTEGER NOT NULL DEFAULT 0,
    damaged INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (destination, client)
) STRICT, WITHOUT ROWID;

-- Whether a destination is configured now, and how many dead letters a second it gets sent again.
ALTER TABLE destination ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE destination ADD COLUMN replay_rate REAL NOT NULL DEFAULT 0;

-- `resolved_events` counts every outcome. `counted`: the destination's totals have the segment's accepted events already.
-- `attributed`: what is resolved is counted for its clients; no in rows of version 2.
ALTER TABLE progress ADD COLUMN resolved_events INTEGER NOT NULL DEFAULT 0;
ALTER TABLE progress ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE progress ADD COLUMN attributed INTEGER NOT NULL DEFAULT 0;
UPDATE progress SET resolved_events = delivered_events;

-- Batches that are resolved whole out of order: bit (batch - 1) % 4096 of chunk (batch - 1) / 4096, low bits first.
CREATE TABLE resolved_chunk (
    destination INTEGER NOT NULL REFERENCES destination (id),
    segment INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (destination, segment, chunk)
) STRICT, WITHOUT ROWID;

-- All that was delivered before there were clients. What is in segments on disk is found in their rows.
INSERT INTO client_total (destination, client, accepted, delivered)
    SELECT id, 0,
        delivered_events - (SELECT coalesce(sum(progress.delivered_events), 0) FROM progress
                            WHERE progress.destination = destination.id),
        delivered_events
    FROM destination;

-- What a destination's worker has learnt.
CREATE TABLE destination_state (
    destination INTEGER PRIMARY KEY REFERENCES destination (id),
    breaker TEXT NOT NULL,
    failures INTEGER NOT NULL,
    open_until INTEGER NOT NULL,
    concurrency REAL NOT NULL,
    last_error_code TEXT NOT NULL,
    last_error_message TEXT NOT NULL,
    last_error_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    is_paused INTEGER NOT NULL DEFAULT 0,
    pause_reason TEXT NOT NULL DEFAULT ''
) STRICT;

-- Events that failed alone and are tried again; a row goes when its event is resolved.
CREATE TABLE event_attempt (
    destination INTEGER NOT NULL REFERENCES destination (id),
    segment INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    event INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    first_failed_at INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    history TEXT NOT NULL,
    PRIMARY KEY (destination, segment, batch, event)
) STRICT, WITHOUT ROWID;

-- Events that a destination will never take. `kind`: 0 refused by the destination, 1 quarantined by ingest (`event` is its
-- row, `batch` 0). `state`: 0 waiting, 1 replaying, 2 delivered, 3 replaced by the edited copy that names it.
CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL REFERENCES destination (id),
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    original INTEGER REFERENCES dead_letter (id) ON DELETE SET NULL,
    is_copy INTEGER NOT NULL DEFAULT 0,
    segment INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    event INTEGER NOT NULL,
    client INTEGER NOT NULL REFERENCES client (id),
    client_name TEXT NOT NULL,
    source TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    traceparent TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    size INTEGER NOT NULL,
    feature TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    history TEXT NOT NULL,
    digest TEXT NOT NULL,
    event_id BLOB NOT NULL,
    metadata BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX dead_letter_address ON dead_letter (destination, kind, segment, batch, event) WHERE is_copy = 0;
CREATE INDEX dead_letter_state ON dead_letter (destination, state, id);
CREATE INDEX dead_letter_original ON dead_letter (original) WHERE original IS NOT NULL;

-- What the dead letters of a destination take, metadata included: those that are delivered are kept apart, for a while.
CREATE TABLE dead_letter_usage (
    destination INTEGER PRIMARY KEY REFERENCES destination (id),
    letters INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    delivered_letters INTEGER NOT NULL DEFAULT 0,
    delivered_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Quarantined events of a segment on disk that were purged: they are not copied from it when it goes.
CREATE TABLE purged_quarantine (
    segment INTEGER NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (segment, row)
) STRICT, WITHOUT ROWID;

-- Orders to send a time of the past again. `state`: 0 running, 1 done, 2 cancelled.
CREATE TABLE replay_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL REFERENCES destination (id),
    from_time INTEGER NOT NULL,
    to_time INTEGER NOT NULL,
    client TEXT,
    rate REAL NOT NULL,
    segment INTEGER NOT NULL DEFAULT 0,
    batch INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who did what by hand.
CREATE TABLE operator_act (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    destination TEXT NOT NULL,
    detail TEXT NOT NULL,
    events INTEGER NOT NULL
) STRICT;
