internal import Synchronization

/// Collects values from any thread.
package final class Recorder<Value: Sendable>: Sendable {
    private let state = Mutex<[Value]>([])

    package init() {}

    /// All values so far, in order.
    package var values: [Value] { state.withLock { $0 } }

    /// Adds a value.
    package func record(_ value: Value) { state.withLock { $0.append(value) } }
}
