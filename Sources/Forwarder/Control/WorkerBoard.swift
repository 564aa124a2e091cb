internal import Synchronization

/// Where workers say how they are and are told what operators want: the two sides never wait for each other.
package final class WorkerBoard: DeliverySteering {
    private struct State {
        var status: [String: DeliveryStatus]
        var requests: [String: AsyncStream<WorkerRequest>.Continuation] = [:]
        var draining: Set<String> = []
        /// Set while the process is to end once nothing drains any more.
        var exitsWhenDrained = false
    }

    /// Requests that a worker has not taken yet; older ones say nothing that newer ones do not.
    private static let maximumRequests = 64

    package let destinations: [String]
    private let state: Mutex<State>
    private let pause: @Sendable (String) async -> Void
    private let exit: @Sendable () async -> Void

    /// - Parameters:
    ///   - destinations: in the order of the configuration.
    ///   - pause: records in the ledger that a drained destination is paused; then its worker is told.
    ///   - exit: begins the graceful end of the process.
    package init(
        destinations: [String], pause: @escaping @Sendable (String) async -> Void,
        exit: @escaping @Sendable () async -> Void
    ) {
        self.destinations = destinations
        self.pause = pause
        self.exit = exit
        let status = Dictionary(destinations.map { ($0, DeliveryStatus(name: $0)) }) { first, _ in first }
        state = Mutex(State(status: status))
    }

    // MARK: - For workers

    /// What a worker is told from now on. One worker a destination; ends with `end`, or when the stream is dropped.
    package func requests(for destination: String) -> AsyncStream<WorkerRequest> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: WorkerRequest.self, bufferingPolicy: .bufferingNewest(Self.maximumRequests))
        state.withLock { $0.requests[destination] = continuation }
        return stream
    }

    /// Says how a worker is; `isDraining` is the board's own.
    package func publish(_ status: DeliveryStatus) {
        state.withLock { state in
            var status = status
            status.isDraining = state.draining.contains(status.name)
            state.status[status.name] = status
        }
    }

    /// Says that a draining worker has nothing left that waits. Again and again is fine.
    package func drained(_ destination: String) async {
        let (wasDraining, exits, isLast) = state.withLock { state in
            let wasDraining = state.draining.remove(destination) != nil
            state.status[destination]?.isDraining = false
            return (wasDraining, state.exitsWhenDrained, state.draining.isEmpty)
        }
        guard wasDraining else { return }
        if !exits {
            await pause(destination)
            tell(destination, .pauseChanged)
        } else if isLast {
            await exit()
        }
    }

    // MARK: - For operators

    package func status() async -> [DeliveryStatus] {
        state.withLock { state in destinations.compactMap { state.status[$0] } }
    }

    package func pauseChanged(at destination: String) async { tell(destination, .pauseChanged) }

    package func replayAdded(at destination: String) async { tell(destination, .replayAdded) }

    package func drain(_ destinations: [String], thenExit: Bool) async {
        state.withLock { state in
            state.draining.formUnion(destinations)
            state.exitsWhenDrained = thenExit
            for name in destinations { state.status[name]?.isDraining = true }
        }
        for destination in destinations { tell(destination, .drain) }
    }

    private func tell(_ destination: String, _ request: WorkerRequest) {
        _ = state.withLock { $0.requests[destination] }?.yield(request)
    }
}
