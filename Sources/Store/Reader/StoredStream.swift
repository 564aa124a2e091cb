/// What a segment keeps of a stream.
package struct StoredStream: Sendable, Hashable {
    /// The stream's row in the segment.
    package let id: Int64
    /// What ingest knew of it.
    package let record: StreamRecord
}
