/// Headers of consecutive batches of one segment.
package struct HeaderPage: Sendable, Hashable {
    /// The segment they lie in; nil when the spool has nothing after the position.
    package var segment: UInt64?
    /// The headers, in order and without a gap.
    package var headers: [BatchHeader] = []
    /// Who sent them, by the streams of the headers; a stream whose row can not be read is missing.
    package var senders: [Int64: StreamSender] = [:]
    /// What can not be read and has no number either.
    package var damaged: [DamagedBatch] = []
    /// What comes after them.
    package var end: SpoolPage.End
    /// The last one's place, or the one that was asked for.
    package var position: SpoolPosition
}
