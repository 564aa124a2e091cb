package import Forwarder
internal import Runtime
package import Store

/// Puts together what the files say and what a running forwarder says.
package struct StatusCollector: Sendable {
    private let layout: SpoolLayout
    private var reader: FiguresReader

    /// Looks at the spool at a layout.
    package init(layout: SpoolLayout, limits: SpoolLimits) {
        self.layout = layout
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
        let figures = try reader.read(live: live)
        // It may have ended between the two looks.
        if !figures.status.forwarderIsRunning { problem = nil }
        var reloads: [ReloadReport] = []
        for target in ReloadTarget.allCases {
            if let last = await ReloadClient(target, layout: layout).last() { reloads.append(last) }
        }
        return StatusReport(spool: layout.root, figures: figures, liveProblem: problem, reloads: reloads)
    }
}
