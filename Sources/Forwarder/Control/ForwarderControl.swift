internal import Glibc
package import Logging
package import Runtime
package import ServiceLifecycle
package import Store

/// Everything with which operators see and steer a running forwarder, put together.
package struct ForwarderControl: Sendable {
    /// Why a destination is paused once it is drained.
    static let drainedReason = "drained"
    /// Who pauses drained destinations and ends the drained process, in the record of acts.
    package static let drainActor = "drain"
    /// The act of a process that ends itself because everything is drained.
    package static let drainedAct = "drained"

    /// Where the workers take their requests from and say how they are.
    package let board: WorkerBoard
    /// Takes commands, from wherever they come.
    package let commands: any ForwarderCommands
    /// The figures that were read last.
    package let latest: LatestFigures
    private let layout: SpoolLayout
    private let gauges: DeliveryGauges
    private let logger: Logger

    /// - Parameters:
    ///   - destinations: their names, in the order of the configuration.
    ///   - limits: up to where the spool may grow.
    ///   - bounds: of the dead letters of each destination.
    /// - Throws: `io` when there is no thread to be had.
    package init(
        ledger: DeliveryLedger, layout: SpoolLayout, destinations: [String],
        limits: Reloadable<SpoolLimits> = Reloadable(SpoolLimits()),
        bounds: DeadLetterBounds = DeadLetterBounds(), registry: PrometheusRegistry, logger: Logger
    ) throws(StoreError) {
        let board = WorkerBoard(
            destinations: destinations,
            pause: { await Self.pause($0, ledger, logger) },
            exit: {
                await Self.noteDrained(ledger, logger)
                logger.notice("everything is drained: stopping")
                // As if the supervisor had sent it: every service stops in its turn.
                kill(getpid(), SIGTERM)
            })
        let latest = LatestFigures()
        let commands = try LedgerCommands(ledger: ledger, layout: layout, steering: board, latest: latest)
        self.board = board
        self.latest = latest
        self.layout = layout
        self.commands = commands
        self.logger = logger
        gauges = try DeliveryGauges(
            layout: layout, limits: limits, steering: board, latest: latest, bounds: bounds, registry: registry,
            logger: logger)
    }

    /// To be run beside the workers, before them.
    /// - Parameter routes: what else is answered on the control socket.
    package func services(routes: [OperationsRoute] = []) -> [any Service] {
        [ForwarderControlServer(layout: layout, commands: commands, routes: routes, logger: logger), gauges]
    }

    private static func pause(_ destination: String, _ ledger: DeliveryLedger, _ logger: Logger) async {
        do throws(StoreError) {
            guard let identifier = try await ledger.destination(name: destination) else { return }
            try await ledger.pause(identifier, reason: drainedReason, actor: drainActor)
        } catch {
            logger.error(
                "a drained destination can not be paused; it goes on",
                metadata: ["destination": "\(destination)", "error": "\(error)"])
        }
    }

    /// Whoever waits for the end of the process can tell by this that it was drained.
    private static func noteDrained(_ ledger: DeliveryLedger, _ logger: Logger) async {
        do throws(StoreError) {
            try await ledger.record(OperatorAct(actor: drainActor, action: drainedAct))
        } catch {
            logger.error("that everything is drained can not be recorded", metadata: ["error": "\(error)"])
        }
    }
}
