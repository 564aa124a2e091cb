internal import Synchronization

/// Hands log events at error level and above to whoever tells somebody about them. Other events never come here.
package final class ErrorLogObserver: Sendable {
    /// The one of this process.
    package static let shared = ErrorLogObserver()

    private let observer = Mutex<(@Sendable (ErrorLogRecord) -> Void)?>(nil)

    package init() {}

    /// Sets who is told; nil for nobody. It must neither block nor log at error level.
    package func observe(_ observer: (@Sendable (ErrorLogRecord) -> Void)?) {
        self.observer.withLock { $0 = observer }
    }

    /// Tells the observer, if there is one.
    func tell(_ record: () -> ErrorLogRecord) {
        // Outside of the lock: the observer is somebody else's code.
        guard let observer = observer.withLock(\.self) else { return }
        observer(record())
    }
}
