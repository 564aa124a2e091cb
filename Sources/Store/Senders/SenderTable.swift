/// Writes the rows of the directory of senders. Not Sendable: it belongs to the thread that opened it.
final class SenderTable {
    /// Longest text of tags that is kept (bytes).
    private static let maximumTagBytes = 1024

    /// The rows of `sender_reason`. The numbers are stored.
    private enum ReasonKind: Int64 {
        case call = 0
        case event = 1
    }

    private let connection: Connection
    private let upsert: Statement
    private let addReason: Statement
    private let maximumSenders: Int64
    private(set) var count: Int64
    private var newest: Int64

    init(_ connection: Connection, maximumSenders: Int64) throws(StoreError) {
        self.connection = connection
        self.maximumSenders = maximumSenders
        upsert = try Statement(connection, Self.upsertSQL, persistent: true)
        addReason = try Statement(
            connection,
            """
            INSERT INTO sender_reason (sender, kind, reason, count, last_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (sender, kind, reason) DO UPDATE SET
                count = count + excluded.count, last_at = max(last_at, excluded.last_at)
            """, persistent: true)
        count = try connection.integer("SELECT count(*) FROM sender") ?? 0
        newest = try connection.integer("SELECT max(id) FROM sender") ?? 0
    }

    /// Whether the file is no longer the one at its path.
    var hasMoved: Bool { connection.hasMoved() }

    /// Adds what happened, in one transaction; nothing of it when it throws.
    func record(_ changes: some Collection<SenderChange>) throws(StoreError) {
        var (count, newest) = (count, newest)
        try connection.transaction { () throws(StoreError) in
            for change in changes {
                let id = try add(change)
                if id > newest {
                    newest = id
                    count += 1
                }
                try add(change.refusalsByReason, .call, sender: id, at: change.lastAt)
                try add(change.quarantinedByReason, .event, sender: id, at: change.lastAt)
            }
            if count > maximumSenders {
                // A twentieth more than needed, so that the next newcomers find room without it.
                let surplus = count - maximumSenders + maximumSenders / 20
                try connection.execute(
                    """
                    DELETE FROM sender WHERE id IN
                        (SELECT id FROM sender ORDER BY streams > 0, last_seen_at LIMIT \(surplus))
                    """)
                // Ids of rows that are gone are given away again.
                count = try connection.integer("SELECT count(*) FROM sender") ?? 0
                newest = try connection.integer("SELECT max(id) FROM sender") ?? 0
            }
        }
        (self.count, self.newest) = (count, newest)
    }

    /// Moves the log into the file, as far as readers let it.
    func checkpoint() throws(StoreError) { try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }

    /// Lets go of the file.
    func close() { connection.close() }

    private func add(_ change: SenderChange) throws(StoreError) -> Int64 {
        defer { upsert.reset() }
        let refusal = change.lastRefusal
        try upsert.bind(1, change.key.source)
        try upsert.bind(2, change.key.client)
        try upsert.bind(3, change.key.licence)
        try upsert.bind(4, change.kind.rawValue)
        try upsert.bind(5, change.externalURL)
        try upsert.bind(6, change.environment)
        try upsert.bind(7, change.version)
        try upsert.bind(8, change.licence?.digest ?? "")
        try upsert.bind(9, change.licence?.storedTags(maximumBytes: Self.maximumTagBytes) ?? "")
        try upsert.bind(10, change.licence?.createdAt)
        try upsert.bind(11, change.licence?.expiresAt)
        try upsert.bind(12, change.firstAt)
        try upsert.bind(13, change.lastAt)
        try upsert.bind(14, change.lastStreamAt)
        try upsert.bind(15, change.lastEventsAt)
        try upsert.bind(16, change.lastOrigin?.rawValue)
        try upsert.bind(17, change.streams)
        try upsert.bind(18, change.batches)
        try upsert.bind(19, change.accepted)
        try upsert.bind(20, change.quarantined)
        try upsert.bind(21, change.duplicates)
        try upsert.bind(22, change.refusals)
        try upsert.bind(23, refusal?.at)
        try upsert.bind(24, refusal?.reason ?? "")
        try upsert.bind(25, refusal?.code ?? "")
        try upsert.bind(26, refusal?.message ?? "")
        try upsert.bind(27, refusal?.licence ?? "")
        guard try upsert.step() else {
            throw StoreError(.misuse, "\(connection.path): the row of a sender was not written")
        }
        return upsert.integer(0)
    }

    private func add(
        _ reasons: [String: Int64], _ kind: ReasonKind, sender: Int64, at: Int64
    ) throws(StoreError) {
        for (reason, count) in reasons {
            defer { addReason.reset() }
            try addReason.bind(1, sender)
            try addReason.bind(2, kind.rawValue)
            try addReason.bind(3, reason)
            try addReason.bind(4, count)
            try addReason.bind(5, at)
            _ = try addReason.step()
        }
    }

    private static let columns = """
        source, client, licence_key, kind, external_url, environment, version, licence_digest, licence_tags,
        licence_created_at, licence_expires_at, first_seen_at, last_seen_at, last_stream_at, last_events_at, last_origin,
        streams, batches, accepted, quarantined, duplicates, refusals, last_refusal_at, last_refusal_reason,
        last_refusal_code, last_refusal_message, last_refusal_licence
        """

    private static let upsertSQL: String = {
        // What a call says that was not admitted is only what somebody claims: it never replaces what is known.
        let told = [
            "kind", "external_url", "environment", "licence_digest", "licence_tags", "licence_created_at",
            "licence_expires_at",
        ]
        .map { "\($0) = CASE WHEN excluded.streams > 0 OR sender.streams = 0 THEN excluded.\($0) ELSE \($0) END" }
        let sums = ["streams", "batches", "accepted", "quarantined", "duplicates", "refusals"]
            .map { "\($0) = \($0) + excluded.\($0)" }
        let newest = ["last_stream_at", "last_events_at", "last_origin"].map {
            "\($0) = coalesce(excluded.\($0), \($0))"
        }
        let refusal = [
            "last_refusal_at", "last_refusal_reason", "last_refusal_code", "last_refusal_message",
            "last_refusal_licence",
        ]
        .map { "\($0) = CASE WHEN excluded.refusals > 0 THEN excluded.\($0) ELSE \($0) END" }
        let rest = [
            "version = CASE WHEN excluded.version <> '' THEN excluded.version ELSE version END",
            "last_seen_at = max(last_seen_at, excluded.last_seen_at)",
        ]
        let values = (1...27).map { "?\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO sender (\(columns)) VALUES (\(values))
            ON CONFLICT (source, client, licence_key) DO UPDATE SET
            \((told + sums + newest + refusal + rest).joined(separator: ", "))
            RETURNING id
            """
    }()
}
