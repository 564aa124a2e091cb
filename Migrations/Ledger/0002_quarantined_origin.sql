-- What a segment's stream row has of the same name: a quarantined event must be renderable after its segment is gone.
ALTER TABLE quarantined_event ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantined_event ADD COLUMN traceparent TEXT NOT NULL DEFAULT '';
