internal import NIOCore

/// Finds clients that dribble a request to keep a connection busy (slow loris). A pure value: the caller tells the time.
///
/// Knows nothing of HTTP: what counts is how much has arrived since the client was last answered. It is judged only when bytes
/// arrive, so a client that has sent its request may wait for the answer as long as it takes.
struct SlowSenderRule {
    private let time: TimeAmount
    private let bytesPerSecond: Int
    private var start: NIODeadline?
    private var bytes = 0

    init(limits: ListenerLimits) {
        time = TimeAmount(limits.slowSenderTime)
        bytesPerSecond = limits.slowSenderBytesPerSecond
    }

    /// Bytes have arrived; true when the client is too slow.
    mutating func received(bytes count: Int, at now: NIODeadline) -> Bool {
        let start = start ?? now
        self.start = start
        bytes += count
        let elapsed = now - start
        guard elapsed > time else { return false }
        return Double(bytes) / (Double(elapsed.nanoseconds) / 1e9) < Double(bytesPerSecond)
    }

    /// The client was answered, or had to wait for us.
    mutating func restart() {
        start = nil
        bytes = 0
    }
}
