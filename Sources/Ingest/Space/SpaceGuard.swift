internal import Runtime
internal import Store
internal import Synchronization

/// The one `SpaceBudget` of the process: streams ask it, the writer and the watch tell it.
final class SpaceGuard: Sendable {
    private let budget: Mutex<SpaceBudget>
    private let monotonic: @Sendable () -> Int64

    /// - Parameter monotonic: nanoseconds.
    init(limits: SpaceBudget.Limits, monotonic: @escaping @Sendable () -> Int64) {
        budget = Mutex(SpaceBudget(limits: limits))
        self.monotonic = monotonic
    }

    /// The space as it was last seen.
    var status: SpaceStatus {
        budget.withLock { budget in
            SpaceStatus(
                limits: budget.limits.spool, usedBytes: budget.usedBytes,
                retainedBytes: budget.measured?.retainedBytes ?? 0, isRefusing: budget.refusingSince != nil,
                oldestWaitingAt: budget.measured?.oldestWaitingAt)
        }
    }

    /// The segments that some destination still needed when last measured, oldest first.
    var waitingSegments: [UInt64] {
        budget.withLock { $0.measured?.segments.filter { !$0.isRetained }.map(\.number) ?? [] }
    }

    /// Takes a batch, which must then be queued for the writer.
    /// - Throws: what its client is told when there is no space for it.
    func admit(client: String, payloadBytes: Int) throws(IngestFailure) {
        let now = monotonic()
        if let refusal = budget.withLock({ $0.admit(client: client, payloadBytes: payloadBytes, now: now) }) {
            throw .noSpace(refusal)
        }
    }

    /// Other limits from now on.
    func adopt(_ limits: SpaceBudget.Limits) { budget.withLock { $0.adopt(limits) } }

    /// A group of batches is durable or refused.
    func settled(_ group: SettledGroup) { budget.withLock { $0.settled(group) } }

    /// A segment of an earlier process was looked into.
    func counted(segment: UInt64, payloadBytes: [String: Int64]) {
        budget.withLock { $0.counted(segment: segment, payloadBytes: payloadBytes) }
    }

    /// A measurement is about to be made.
    func measurementBegins() { budget.withLock { $0.measurementBegins() } }

    /// A measurement was made.
    func measurementEnded(_ measurement: SpaceMeasurement) -> SpaceBudget.Consequences {
        let now = monotonic()
        return budget.withLock { $0.measurementEnded(measurement, now: now) }
    }
}
