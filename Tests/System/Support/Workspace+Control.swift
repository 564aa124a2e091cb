internal import Foundation
internal import Store
internal import Testing

extension Workspace {
    /// What a run of `gatewayctl` has said.
    struct ControlRun {
        let exit: ManagedProcess.Exit
        let output: String
        let errorText: String

        /// Its standard output as one JSON value.
        func json() throws -> JSONValue {
            do {
                return try JSONValue(Data(output.utf8))
            } catch {
                throw HarnessError("gatewayctl has not printed JSON, \(exit): \(output)\(errorText)")
            }
        }
    }

    /// Runs `gatewayctl` on this spool.
    func control(_ arguments: [String]) async throws -> ControlRun {
        // A name of its own, so that its standard error is its own.
        let process = try start(
            "gatewayctl-\(UUID().uuidString)", Binaries.control, arguments + ["--spool", layout.root], [:])
        let exit = try await process.exit(within: .seconds(60))
        return ControlRun(exit: exit, output: try await process.wholeOutput(), errorText: process.errorText)
    }

    /// Runs `gatewayctl` on this spool, which must end well.
    /// - Returns: what it has printed with `--json`.
    @discardableResult
    func controlJSON(_ arguments: [String]) async throws -> JSONValue {
        let run = try await control(arguments + ["--json"])
        guard run.exit == .code(0) else { throw HarnessError("gatewayctl \(arguments): \(run.exit), \(run.errorText)") }
        return try run.json()
    }

    /// What `gatewayctl status` says of a destination; of the only one without a name.
    func destinationStatus(_ name: String? = nil) async throws -> JSONValue {
        let destinations = try await controlJSON(["status"])["destinations"]?.elements ?? []
        let found = destinations.first { name == nil || $0["name"]?.text == name }
        guard let found else { throw HarnessError("no destination \(name ?? "") in \(destinations)") }
        return found
    }

    /// Dead letters as `gatewayctl dead-letters list` shows them.
    func deadLetters(_ options: [String] = []) async throws -> [JSONValue] {
        try await controlJSON(["dead-letters", "list"] + options)["dead_letters"]?.elements ?? []
    }

    /// `gatewayctl audit` says that every accepted event is accounted for.
    func expectBalance(_ comment: Comment? = nil) async throws {
        let audit = try await control(["audit"])
        #expect(audit.exit == .code(0), "\(comment?.rawValue ?? ""): \(audit.output)\(audit.errorText)")
    }

    /// Sends a batch of events that must all be acknowledged.
    func send(_ events: [TestEvent], as instance: String = "i", to port: Int) async throws {
        let batches = stride(from: 0, to: events.count, by: Self.batchEvents).map {
            Array(events[$0..<min($0 + Self.batchEvents, events.count)])
        }
        let outcome = try await GatewayClient.connected(to: port) { client in
            await client.send([try Requests.instance(instance)] + (try batches.map(Requests.batch)))
        }
        #expect(outcome.error == nil)
        #expect(outcome.ids == events.map(\.id))
    }

    /// Sends one event after the other until a condition holds: an event that is refused alone is given up only once the
    /// destination has taken others after it.
    /// - Returns: what was sent.
    func trickle(_ name: String, to port: Int, until what: String, _ condition: () async throws -> Bool) async throws
        -> [TestEvent]
    {
        var sent: [TestEvent] = []
        try await eventually(what) {
            let event = TestEvent(id: "\(name)-\(sent.count)", number: sent.count)
            try await send([event], to: port)
            sent.append(event)
            return try await condition()
        }
        return sent
    }

    private static let batchEvents = 500
}
