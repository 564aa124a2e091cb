package import Forwarder
internal import Runtime
package import Store

/// Puts together what the files say and what a running forwarder says.
package struct StatusCollector: Sendable {
    private let layout: SpoolLayout
    private let environment: SpoolLimits
    private var reader: FiguresReader

    /// Looks at the spool at a layout.
    /// - Parameter limits: those of the environment, for a spool on which no forwarder has run.
    package init(layout: SpoolLayout, limits: SpoolLimits) {
        self.layout = layout
        environment = limits
        reader = FiguresReader(layout: layout, limits: limits)
    }

    /// What can be said now.
    package mutating func collect() async throws(StoreError) -> StatusReport {
        var live: [DeliveryStatus] = []
        var problem: String?
        if ProcessLock.isHeld(path: layout.forwarderLockPath) {
            do throws(ControlFailure) {
                live = try await ControlClient(layout: layout).statusOrFailure()
            } catch {
                problem = error.message
            }
        }
        let limits = try SpoolInspector(layout: layout).forwarderLimits()
        if let limits {
            reader.use(SpoolLimits(quotaBytes: limits.quotaBytes, reserveBytes: limits.reserveBytes))
        } else {
            reader.use(environment)
        }
        let figures = try reader.read(live: live)
        // It may have ended between the two looks.
        if !figures.status.forwarderIsRunning { problem = nil }
        var reloads: [ReloadReport] = []
        for target in ReloadTarget.allCases {
            if let last = await ReloadClient(target, layout: layout).last() { reloads.append(last) }
        }
        let origin: LimitsOrigin =
            if limits != nil {
                figures.status.forwarderIsRunning ? .forwarder : .lastForwarder
            } else {
                environment == SpoolLimits() ? .fileSystem : .environment
            }
        return StatusReport(
            spool: layout.root, figures: figures, liveProblem: problem, limits: limits, limitsOrigin: origin,
            reloads: reloads)
    }
}
