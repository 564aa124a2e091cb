internal import GRPCCore
internal import Synchronization

/// Clients that stream batches of unique events, each over its own connection, until they are stopped or the server goes.
struct Load: Sendable {
    /// Connections, with one stream each.
    static let clients = 4
    /// Batches that a client has under way at most.
    static let outstanding = 8

    /// Begins every id.
    let name: String
    let record: AcknowledgementRecord
    var batchEvents = 20

    private let isStopped = Stop()

    init(name: String, record: AcknowledgementRecord, batchEvents: Int = 20) {
        self.name = name
        self.record = record
        self.batchEvents = batchEvents
    }

    /// Lets the clients half-close after the batch in hand.
    func stop() { isStopped.set() }

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

    private func send(_ client: Int, port: Int) async -> GatewayClient.Outcome {
        // A response, or the end of the stream, lets the next batch go.
        let (credits, credit) = AsyncStream.makeStream(of: Void.self)
        for _ in 0..<Self.outstanding { credit.yield() }
        do {
            let metadata = try Requests.instance("instance-\(client)", requestID: "\(name)-\(client)")
            return try await GatewayClient.connected(to: port) { connection in
                defer { credit.finish() }
                return await connection.stream(
                    write: { writer in
                        try await writer.write(metadata)
                        var number = 0
                        for await _ in credits {
                            if isStopped.isSet { break }
                            let events = (0..<batchEvents).map { index in
                                TestEvent(id: "\(name)-\(client)-\(number + index)", number: number + index)
                            }
                            number += batchEvents
                            record.send(events)
                            try await writer.write(Requests.batch(events))
                        }
                    },
                    acknowledged: { ids in
                        record.acknowledge(ids)
                        credit.yield()
                    }, ended: credit.finish)
            }
        } catch {
            return GatewayClient.Outcome(error: .init(code: .unknown, message: "the client failed: \(error)"))
        }
    }
}

/// Set once.
final class Stop: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
