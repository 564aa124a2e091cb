internal import GRPCCore

/// Clients that stream batches of unique events, each over its own connection, until they are stopped or the server goes.
struct Load: Sendable {
    /// Connections, with one stream each.
    static let clients = 4
    /// Batches that a client has under way at most.
    static let window = 8
    static let batchEvents = 10

    /// Begins every id.
    let name: String
    let record: AcknowledgementRecord

    private let paces: [ClientPace]

    /// Prepares a load.
    /// - Parameter allowance: batches that may be sent before `allow` is called; nil for any number.
    init(name: String, record: AcknowledgementRecord, allowance: Int? = nil) {
        self.name = name
        self.record = record
        let share = allowance.map(Self.share) ?? Int.max / 2
        paces = (0..<Self.clients).map { _ in ClientPace(window: Self.window, allowance: share) }
    }

    /// Allows at least this many batches more.
    func allow(_ batches: Int) { for pace in paces { pace.allow(Self.share(batches)) } }

    /// Lets the clients half-close.
    func stop() { for pace in paces { pace.finish() } }

    /// Whether every stream has ended or waits to be allowed more.
    var isIdle: Bool { paces.allSatisfy(\.isIdle) }

    /// Sends until `stop()`, or until every stream has failed.
    /// - Returns: how each stream ended.
    func run(port: Int) async -> [GatewayClient.Outcome] {
        await withTaskGroup(of: GatewayClient.Outcome.self) { group in
            for client in 0..<Self.clients { group.addTask { await send(client, port: port) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// The event with an id of any load.
    static func event(id: String) -> TestEvent? {
        guard let number = id.split(separator: "-").last.flatMap({ Int($0) }) else { return nil }
        return TestEvent(id: id, number: number)
    }

    private static func share(_ batches: Int) -> Int { (batches + clients - 1) / clients }

    private func send(_ client: Int, port: Int) async -> GatewayClient.Outcome {
        let pace = paces[client]
        defer { pace.finish() }
        do {
            let metadata = try Requests.instance("instance-\(client)", requestID: "\(name)-\(client)")
            return try await GatewayClient.connected(to: port) { connection in
                await connection.stream(
                    write: { writer in
                        try await writer.write(metadata)
                        var number = 0
                        for await _ in pace.turns {
                            let events = (number..<number + Self.batchEvents).map {
                                TestEvent(id: "\(name)-\(client)-\($0)", number: $0)
                            }
                            number += Self.batchEvents
                            record.send(events)
                            try await writer.write(Requests.batch(events))
                        }
                    },
                    acknowledged: { ids in
                        record.acknowledge(ids)
                        pace.answered()
                    }, ended: pace.finish)
            }
        } catch {
            return GatewayClient.Outcome(error: RPCError(code: .unknown, message: "the client failed: \(error)"))
        }
    }
}
