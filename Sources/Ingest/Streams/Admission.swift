internal import Synchronization

/// Bounds the payload bytes that are received and not yet durable: at the limit a stream waits its turn, first come,
/// first served, and its flow-control window makes the client wait.
final class Admission: Sendable {
    private struct State {
        var inFlight = 0
        var waiting: [(bytes: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limitBytes: Int) {
        limit = limitBytes
    }

    /// Payload bytes in flight now.
    var bytesInFlight: Int { state.withLock { $0.inFlight } }

    /// Batches that wait to be admitted now.
    var waitingBatches: Int { state.withLock { $0.waiting.count } }

    /// Returns once `bytes` are within the limit, or alone beyond it. Every call needs a `release` of the same bytes.
    func admit(_ bytes: Int) async {
        if state.withLock({ enter(bytes, &$0) }) { return }
        await withCheckedContinuation { continuation in
            let entered = state.withLock { state in
                if enter(bytes, &state) { return true }
                state.waiting.append((bytes, continuation))
                return false
            }
            if entered { continuation.resume() }
        }
    }

    /// Gives back bytes that are durable, or refused for good.
    func release(_ bytes: Int) {
        let admitted = state.withLock { state in
            state.inFlight -= bytes
            var count = 0
            for waiter in state.waiting {
                guard fits(waiter.bytes, state) else { break }
                state.inFlight += waiter.bytes
                count += 1
            }
            let admitted = Array(state.waiting[..<count])
            state.waiting.removeFirst(count)
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume() }
    }

    private func enter(_ bytes: Int, _ state: inout State) -> Bool {
        guard state.waiting.isEmpty, fits(bytes, state) else { return false }
        state.inFlight += bytes
        return true
    }

    private func fits(_ bytes: Int, _ state: State) -> Bool {
        state.inFlight == 0 || state.inFlight + bytes <= limit
    }
}
