internal import Contract
package import Logging
package import Runtime
internal import ServiceLifecycle
package import Store

/// Takes operators' commands on a Unix socket in the spool directory, for the forwarder's own user only.
package struct ForwarderControlServer: Service {
    private static var limits: OperationsLimits {
        var limits = OperationsLimits.standard
        limits.requestTime = ControlProtocol.commandTime
        // The connection is silent while a command is carried out.
        limits.idleTime = ControlProtocol.commandTime
        limits.bodyBytes = ControlProtocol.maximumCommandBytes
        return limits
    }

    private let path: String
    private let commands: any ForwarderCommands
    private let further: [OperationsRoute]
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// - Parameters:
    ///   - routes: what else is answered on the socket.
    ///   - onListening: called once commands are taken.
    package init(
        layout: SpoolLayout, commands: any ForwarderCommands, routes: [OperationsRoute] = [], logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}
    ) {
        path = layout.controlSocketPath
        self.commands = commands
        further = routes
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown.
    /// - Throws: `RuntimeFailure` when the socket can not be made.
    package func run() async throws {
        try await PrivateSocketServer(
            path: path, routes: routes + further, limits: Self.limits, logger: logger, onListening: onListening
        ).run()
    }

    private var routes: [OperationsRoute] {
        let (commands, logger) = (commands, logger)
        return [
            .get(ControlProtocol.statusPath) { _ in
                Self.answer(.members([("destinations", .array(await commands.status().map(\.json)))]))
            },
            .post(ControlProtocol.commandPath) { request in
                let body: [UInt8]
                do throws(OperationsBodyError) {
                    body = try await request.body.collect(upTo: ControlProtocol.maximumCommandBytes)
                } catch {
                    return .problem(error)
                }
                do throws(ControlFailure) {
                    let envelope = try ControlEnvelope(body)
                    let result = try await commands.perform(envelope.command, actor: envelope.actor)
                    logger.notice(
                        "an operator's command is carried out",
                        metadata: [
                            "command": "\(envelope.command.name)", "actor": "\(envelope.actor)",
                            "events": "\(result.events)", "dry_run": "\(result.isDryRun)",
                            "destinations": "\(result.destinations.joined(separator: ","))",
                        ])
                    return Self.answer(result.json)
                } catch {
                    logger.warning("an operator's command failed", metadata: ["error": "\(error.message)"])
                    return .problem(status: error.httpStatus, code: error.code.rawValue, detail: error.message)
                }
            },
        ]
    }

    private static func answer(_ json: JSONValue) -> OperationsResponse {
        OperationsResponse(status: 200, contentType: OperationsResponse.json, body: json.line)
    }
}
