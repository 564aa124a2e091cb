import Listening
import Synchronization

/// What a listener has reported so far; tests wait for reports instead of sleeping.
final class Observed: Sendable {
    enum Report: Sendable, Hashable {
        case opened(ListenerProtocol)
        case closed(ListenerProtocol)
        case refused(ListenerRefusal)
        case proxiedStreamOpened
        case proxiedStreamClosed
        case certificateReloaded(Bool)
        /// The HTTP/1.1 server of the test has lost a connection.
        case upstreamClosed
        /// The HTTP/1.1 server of the test has the head of a request for this path.
        case requested(String)
    }

    private struct Waiter {
        let number: Int
        let report: Report
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var counts: [Report: Int] = [:]
        var waiters: [Waiter] = []
        var nextNumber = 0
    }

    private let state = Mutex(State())

    func record(_ report: Report) {
        let ready = state.withLock { state in
            state.counts[report, default: 0] += 1
            let counts = state.counts
            let ready = state.waiters.filter { counts[$0.report, default: 0] >= $0.count }
            state.waiters.removeAll { counts[$0.report, default: 0] >= $0.count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func count(of report: Report) -> Int { state.withLock { $0.counts[report, default: 0] } }

    /// Returns when `report` has come `count` times, or when the test has run out of time.
    func wait(for report: Report, count: Int = 1) async {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let done = state.withLock { state in
                    if Task.isCancelled || state.counts[report, default: 0] >= count { return true }
                    state.waiters.append(
                        Waiter(number: number, report: report, count: count, continuation: continuation))
                    return false
                }
                if done { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }

    var observer: ListenerObserver {
        var observer = ListenerObserver()
        observer.opened = { self.record(.opened($0)) }
        observer.closed = { self.record(.closed($0)) }
        observer.refused = { self.record(.refused($0)) }
        observer.proxiedStreamOpened = { self.record(.proxiedStreamOpened) }
        observer.proxiedStreamClosed = { self.record(.proxiedStreamClosed) }
        observer.certificateReloaded = { self.record(.certificateReloaded($0)) }
        return observer
    }
}
