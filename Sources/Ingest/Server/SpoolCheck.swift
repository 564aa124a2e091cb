internal import Runtime
internal import Store

/// Whether events can be recorded now, and how far their delivery is behind: for probes.
struct SpoolCheck: Sendable {
    /// How long the spool may take to answer a probe.
    static let probeTime = Duration.seconds(3)

    let space: SpaceGuard
    let writer: SegmentWriter
    let health: SpoolHealth
    /// How old the oldest segment may be.
    let maximumLag: Duration

    /// The checks that fail now, for `/readyz` and the gRPC health service: quick while commits succeed. After a failed
    /// commit the spool is asked, because without traffic no commit would ever say that it is well again.
    func readiness() async -> [ReadinessProblem] {
        guard health.problem != nil, let problem = await commitProblem() else { return [] }
        return [ReadinessProblem(check: "spool", message: problem)]
    }

    /// What is wrong, for `/-/healthz`; nil when nothing is.
    func problem() async -> String? {
        if let problem = await commitProblem() { return problem }
        if space.status.isRefusing {
            return "the spool has reached its limit and refuses batches: look at the forwarder"
        }
        guard let lag, lag > maximumLag else { return nil }
        return
            "the oldest segment of the spool is \(Int(lag / .seconds(1))) s old and not delivered: look at the forwarder"
    }

    /// Age of the oldest segment that is not delivered: a forwarder that keeps up leaves only the one that is being
    /// written.
    private var lag: Duration? {
        space.status.oldestWaitingAt.map { .nanoseconds(max(0, WallClock.now() - $0)) }
    }

    private func commitProblem() async -> String? {
        do {
            try await Deadline.run(Self.probeTime) { [writer] () throws(StoreError) in try await writer.probe() }
            health.committed()
            return nil
        } catch {
            return "the spool takes no commit: \(error)"
        }
    }
}
