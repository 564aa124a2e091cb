-- Where a stream's events came in (0 a stream, 1 a single call, 2 HTTP), for they are rendered by it; and the trace that
-- the call belonged to (W3C traceparent, empty without one), for it goes on with the messages.
ALTER TABLE stream ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN traceparent TEXT NOT NULL DEFAULT '';
