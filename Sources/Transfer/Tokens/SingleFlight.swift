internal import Synchronization

/// Work that many may want at the same time and that is done once for each key: whoever comes while it is under way waits
/// for the same result. Bounded in work under way, in work that waits for its turn, and in that wait.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What became of one caller's wish.
    package enum Ending: Sendable {
        /// The work's result.
        case value(Value)
        /// The caller's task was cancelled; the work goes on for the others, or for the next who asks.
        case cancelled
        /// There was no turn in time, or there will be none.
        case overloaded
    }

    /// What bounds the work.
    package struct Limits: Sendable {
        /// Keys under way.
        var underWay: Int
        /// Keys that wait for their turn.
        var waiting: Int
        /// Longest wait for the turn, in nanoseconds.
        var maximumWait: Int64

        /// Makes limits.
        package init(underWay: Int, waiting: Int, maximumWait: Int64) {
            self.underWay = underWay
            self.waiting = waiting
            self.maximumWait = maximumWait
        }
    }

    /// The work.
    package typealias Operation = @Sendable () async -> Value

    private typealias Waiters = [UInt64: CheckedContinuation<Ending, Never>]

    private struct Flight {
        var waiters: Waiters = [:]
        let operation: Operation
        let wantedSince: Int64
        /// Nil while it waits for its turn.
        var task: Task<Void, Never>?
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        /// Keys without a task, in the order of their turn.
        var queue: [Key] = []
        var underWay = 0
        var lastID: UInt64 = 0
        var isShutDown = false
    }

    private let limits: Limits
    private let monotonic: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameter monotonic: nanoseconds that never go back.
    package init(limits: Limits, monotonic: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.monotonic = monotonic
    }

    /// The result for a key, of work that is under way or of `operation`.
    package func value(for key: Key, _ operation: @escaping Operation) async -> Ending {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { add(continuation, id: id, to: key, operation, &$0) }
                if !isWaiting { continuation.resume(returning: .overloaded) }
                // A task that was cancelled before has had its handler called before there was anything to cancel.
                if Task.isCancelled { cancel(id, of: key) }
            }
        } onCancel: {
            cancel(id, of: key)
        }
    }

    /// Callers that wait for a key now.
    package func waiters(for key: Key) -> Int {
        state.withLock { $0.flights[key]?.waiters.count ?? 0 }
    }

    /// Starts nothing any more, cancels what is under way and returns when it has ended.
    package func shutdown() async {
        let (tasks, waiters) = state.withLock { state in
            state.isShutDown = true
            let waiters = state.queue.flatMap { key in
                state.flights.removeValue(forKey: key).map { Array($0.waiters.values) } ?? []
            }
            state.queue = []
            return (state.flights.values.compactMap(\.task), waiters)
        }
        for waiter in waiters { waiter.resume(returning: .overloaded) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func add(
        _ continuation: CheckedContinuation<Ending, Never>, id: UInt64, to key: Key, _ operation: @escaping Operation,
        _ state: inout State
    ) -> Bool {
        if state.flights[key] != nil {
            state.flights[key]?.waiters[id] = continuation
            return true
        }
        guard !state.isShutDown else { return false }
        let flight = Flight(waiters: [id: continuation], operation: operation, wantedSince: monotonic())
        if state.underWay < limits.underWay {
            start(flight, for: key, &state)
        } else {
            guard state.queue.count < limits.waiting else { return false }
            state.flights[key] = flight
            state.queue.append(key)
        }
        return true
    }

    private func start(_ flight: Flight, for key: Key, _ state: inout State) {
        var flight = flight
        state.underWay += 1
        let operation = flight.operation
        // Ends by itself, as the operation has a timeout; `shutdown` awaits it. It is nobody's child, because every
        // caller may leave before it ends.
        flight.task = Task { finish(key, await operation()) }
        state.flights[key] = flight
    }

    private func finish(_ key: Key, _ value: Value) {
        let (waiters, late) = state.withLock { state in
            let waiters = state.flights.removeValue(forKey: key)?.waiters ?? [:]
            state.underWay -= 1
            return (waiters, startNext(&state))
        }
        for waiter in waiters.values { waiter.resume(returning: .value(value)) }
        for waiter in late { waiter.resume(returning: .overloaded) }
    }

    /// Gives the free place to the next in turn; returns those for whom the turn comes too late.
    private func startNext(_ state: inout State) -> [CheckedContinuation<Ending, Never>] {
        var late: [CheckedContinuation<Ending, Never>] = []
        let now = monotonic()
        while !state.queue.isEmpty, state.underWay < limits.underWay {
            let key = state.queue.removeFirst()
            guard let flight = state.flights.removeValue(forKey: key), !flight.waiters.isEmpty else { continue }
            if now - flight.wantedSince > limits.maximumWait {
                late += flight.waiters.values
            } else {
                start(flight, for: key, &state)
            }
        }
        return late
    }

    private func cancel(_ id: UInt64, of key: Key) {
        let waiter = state.withLock { $0.flights[key]?.waiters.removeValue(forKey: id) }
        waiter?.resume(returning: .cancelled)
    }
}
