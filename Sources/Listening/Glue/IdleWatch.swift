internal import NIOCore

/// Calls back when nothing has moved for a time. Belongs to one event loop; one timer, however often `touch` is called.
final class IdleWatch {
    private let eventLoop: any EventLoop
    private let limit: TimeAmount
    private let onIdle: () -> Void
    private var lastMoved: NIODeadline
    private var timer: Scheduled<Void>?

    /// Starts to watch.
    init(eventLoop: any EventLoop, limit: Duration, onIdle: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.limit = TimeAmount(limit)
        self.onIdle = onIdle
        lastMoved = .now()
        schedule(at: lastMoved + self.limit)
    }

    /// Something has moved.
    func touch() { lastMoved = .now() }

    /// Ends the watch and lets go of the callback's owner.
    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func schedule(at deadline: NIODeadline) {
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            guard timer != nil else { return }
            let next = lastMoved + limit
            if next <= .now() { onIdle() } else { schedule(at: next) }
        }
    }
}
