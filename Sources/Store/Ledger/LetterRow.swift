/// A row of `dead_letter` on its way into the table.
struct LetterRow {
    var kind: DeadLetter.Kind
    var state: DeadLetter.State
    var original: Int64?
    var isCopy: Bool
    var address: EventAddress
    var client: ClientID
    var stream: StreamRecord
    var receivedAt: Int64
    var firstSeenAt: Int64
    var lastSeenAt: Int64
    var attempts: Int64
    var feature: String
    var action: String
    var reason: String
    var code: String
    var message: String
    var history: [AttemptFailure]
    var digest: String
    var eventID: [UInt8]
    var bytes: [UInt8]

    var size: Int64 { Int64(bytes.count + stream.metadata.count) }

    /// A letter whose address is known already stays as it is.
    static let insert = """
        INSERT INTO dead_letter (destination, kind, state, original, is_copy, segment, batch, event, client, client_name,
            source, opened_at, origin, traceparent, received_at, first_seen_at, last_seen_at, attempts, size, feature,
            action, reason, code, message, history, digest, event_id, metadata, bytes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """

    func bind(to insert: Statement, destination: DestinationID) throws(StoreError) {
        try insert.bind(1, destination.row)
        try insert.bind(2, kind.rawValue)
        try insert.bind(3, state.rawValue)
        try insert.bind(4, original)
        try insert.bind(5, isCopy ? 1 : 0)
        try insert.bind(6, Int64(bitPattern: address.segment))
        try insert.bind(7, address.batch)
        try insert.bind(8, Int64(address.event))
        try insert.bind(9, client.row)
        try insert.bind(10, stream.client)
        try insert.bind(11, stream.source)
        try insert.bind(12, stream.openedAt)
        try insert.bind(13, stream.origin.rawValue)
        try insert.bind(14, stream.traceparent)
        try insert.bind(15, receivedAt)
        try insert.bind(16, firstSeenAt)
        try insert.bind(17, lastSeenAt)
        try insert.bind(18, attempts)
        try insert.bind(19, size)
        try insert.bind(20, feature)
        try insert.bind(21, action)
        try insert.bind(22, reason)
        try insert.bind(23, code)
        try insert.bind(24, String(message.prefix(FailureHistory.maximumMessage)))
        try insert.bind(25, FailureHistory.encode(history))
        try insert.bind(26, digest)
        try insert.bind(27, copying: eventID)
        try insert.bind(28, copying: stream.metadata)
        try insert.bind(29, copying: bytes)
    }
}
