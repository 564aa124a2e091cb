/// What the handlers of one connection know together about the request that is being received. Lives on the
/// connection's event loop.
final class RequestExchange {
    /// Body bytes as sent.
    var receivedBytes = 0
    /// Body bytes after decompression.
    var inflatedBytes = 0
    /// The body was given up: what still comes is thrown away.
    var hasFailed = false

    /// A request begins.
    func begin() {
        receivedBytes = 0
        inflatedBytes = 0
    }
}
