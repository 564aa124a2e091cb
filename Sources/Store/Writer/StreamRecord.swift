/// What the spool keeps once for a stream, in every segment that has batches of it.
package struct StreamRecord: Sendable, Hashable {
    /// The sender as identified: instance id or service id.
    package let client: String
    /// Where the events come from, as the destinations show it (`publisher.source`).
    package let source: String
    /// The stream's metadata message as it was received.
    package let metadata: [UInt8]
    /// Nanoseconds since 1970.
    package let openedAt: Int64
    /// How the events came in.
    package let origin: Origin
    /// The trace that the call belonged to (W3C `traceparent`); empty without one.
    package let traceparent: String

    /// How events come in; they are rendered by it. The numbers are stored.
    package enum Origin: Int64, Sendable, Hashable, CaseIterable {
        /// A stream of batches.
        case stream = 0
        /// A call with one event.
        case unary = 1
        /// An HTTP request.
        case http = 2
    }

    /// Makes a record from its parts.
    package init(
        client: String, source: String, metadata: [UInt8], openedAt: Int64, origin: Origin = .stream,
        traceparent: String = ""
    ) {
        self.client = client
        self.source = source
        self.metadata = metadata
        self.openedAt = openedAt
        self.origin = origin
        self.traceparent = traceparent
    }

    /// What the stream row must still add up to when it is read.
    var checksum: UInt32 {
        var sum = Checksum()
        sum.add(openedAt)
        sum.add(client)
        sum.add(source)
        metadata.withUnsafeBytes { sum.add($0) }
        // Version 1 of the schema had neither, and its rows must still add up.
        if origin != .stream || !traceparent.isEmpty {
            sum.add(origin.rawValue)
            sum.add(traceparent)
        }
        return sum.value
    }
}
