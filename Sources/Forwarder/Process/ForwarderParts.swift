package import Logging
package import Runtime
package import ServiceLifecycle
package import Store

/// What a running forwarder lends to those who show and steer it on its port.
package struct ForwarderParts: Sendable {
    /// The spool.
    package let layout: SpoolLayout
    /// Takes commands, one after the other.
    package let commands: any ForwarderCommands
    /// The figures that were read last.
    package let latest: LatestFigures
    /// Where the process's log goes.
    package let logger: Logger

    /// Makes parts from their parts.
    package init(layout: SpoolLayout, commands: any ForwarderCommands, latest: LatestFigures, logger: Logger) {
        self.layout = layout
        self.commands = commands
        self.latest = latest
        self.logger = logger
    }

    /// What is added to a forwarder.
    package struct Additions: Sendable {
        /// Served on its port.
        package let routes: [OperationsRoute]
        /// Run beside its own.
        package let services: [any Service]

        /// Makes additions from their parts.
        package init(routes: [OperationsRoute] = [], services: [any Service] = []) {
            self.routes = routes
            self.services = services
        }
    }
}
