internal import Observing
internal import Runtime

/// Which batches of a stream become spans: the first ones and then one in so many, so that a stream of a million batches is
/// no trace of a million spans.
struct BatchSpans {
    /// Batches at the beginning of a stream that become spans.
    static let first = 16
    /// Further on, one in this many does.
    static let interval = 64

    private let call: CallRecord
    private var receivedAt: Int64 = 0
    private var batches = 0

    init(_ call: CallRecord) {
        self.call = call
    }

    /// A message has come.
    mutating func received() {
        if call.span != nil { receivedAt = WallClock.monotonic() }
    }

    /// The message is a batch.
    /// - Returns: its span, which began with the message; nil when it is not recorded.
    mutating func begin() -> OpenSpan? {
        guard let stream = call.span else { return nil }
        defer { batches += 1 }
        guard batches < Self.first || batches.isMultiple(of: Self.interval) else { return nil }
        return call.spans.begin(below: stream, at: receivedAt)
    }
}
