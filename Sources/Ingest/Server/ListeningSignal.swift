/// Lets one service wait until another one listens.
struct ListeningSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// The other service listens.
    func signal() {
        continuation.yield()
        continuation.finish()
    }

    /// Returns once the other service listens, or when this task is cancelled. One caller may wait.
    func wait() async {
        for await _ in stream { return }
    }
}
