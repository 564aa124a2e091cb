internal import Runtime
internal import Store
internal import Synchronization

/// Whether the spool takes batches, as the last commit saw it.
final class SpoolHealth: Sendable {
    private let failure = Mutex<StoreError?>(nil)

    /// A group became durable.
    func committed() {
        failure.withLock { if $0 != nil { $0 = nil } }
    }

    /// A group was refused.
    func failed(_ error: StoreError) {
        failure.withLock { $0 = error }
    }

    /// Why the last group was refused; nil when it was not.
    var problem: StoreError? { failure.withLock { $0 } }
}
