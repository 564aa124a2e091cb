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

    /// Makes a record from its parts.
    package init(client: String, source: String, metadata: [UInt8], openedAt: Int64) {
        self.client = client
        self.source = source
        self.metadata = metadata
        self.openedAt = openedAt
    }

    /// What the stream row must still add up to when it is read.
    var checksum: UInt32 {
        var sum = Checksum()
        sum.add(openedAt)
        sum.add(client)
        sum.add(source)
        metadata.withUnsafeBytes { sum.add($0) }
        return sum.value
    }
}
