internal import Synchronization

/// A setting that may change while the process runs. Not for the way of an event: reading it takes a lock.
package final class Reloadable<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    /// Holds the value of the start.
    package init(_ value: Value) {
        stored = Mutex(value)
    }

    /// The value in force.
    package var value: Value {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
