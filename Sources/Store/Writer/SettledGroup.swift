/// What became of one group of batches, batch by batch: for whoever accounts for space.
package struct SettledGroup: Sendable, Hashable {
    /// One batch of the group.
    package struct Part: Sendable, Hashable {
        /// Who sent it.
        package var client: String
        /// Its payload bytes.
        package var payloadBytes: Int

        /// Makes it from its parts.
        package init(client: String, payloadBytes: Int) {
            self.client = client
            self.payloadBytes = payloadBytes
        }
    }

    /// The segment that took it; nil when nothing was stored: it was refused, or all of it was known already.
    package var segment: UInt64?
    /// Bytes by which the segment's log has grown.
    package var diskBytes: Int
    /// All batches of the group.
    package var parts: [Part]

    /// Makes it from its parts.
    package init(segment: UInt64?, diskBytes: Int, parts: [Part]) {
        self.segment = segment
        self.diskBytes = diskBytes
        self.parts = parts
    }
}
