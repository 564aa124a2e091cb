internal import Synchronization

/// The calls under way that are asked what they have come to.
final class SenderCalls: Sendable {
    private let calls = Mutex<[ObjectIdentifier: any SenderSource]>([:])

    func add(_ call: any SenderSource) {
        calls.withLock { $0[ObjectIdentifier(call)] = call }
    }

    func remove(_ call: any SenderSource) {
        _ = calls.withLock { $0.removeValue(forKey: ObjectIdentifier(call)) }
    }

    /// What all of them have come to since they were last asked.
    func takeChanges() -> [SenderChange] {
        // Outside the lock: a call has a lock of its own, and another one may be about to begin or end.
        calls.withLock { Array($0.values) }.compactMap { $0.takeSenderChange() }
    }
}
