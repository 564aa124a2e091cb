internal import Synchronization

/// One open stream, as the writer knows it.
package final class StreamHandle: Sendable {
    /// What the spool keeps of the stream.
    package let record: StreamRecord

    /// The stream's row in the newest segment that has one; only the writer's thread uses it.
    let row = Mutex<(segment: UInt64, id: Int64)?>(nil)

    /// Describes a stream; nothing is written before its first batch.
    package init(_ record: StreamRecord) {
        self.record = record
    }
}
