internal import Foundation
internal import Testing

extension SystemTests {
    /// gRPC → ingest → forwarder → the real Pub/Sub emulator.
    @Suite(
        .serialized,
        .enabled(
            if: PubSubEmulator.configuredHost != nil || PubSubEmulator.gcloud != nil,
            "neither PUBSUB_EMULATOR_HOST nor gcloud on the PATH: the Pub/Sub emulator is missing"))
    struct PubSub {
        @Test func messagesArriveAsSentAcrossAnOutage() async throws {
            try await Workspace.run { workspace in
                let topic = "gateway-\(UUID().uuidString)"
                var emulator = try await PubSubEmulator(in: workspace)
                try await emulator.create(topic: topic, subscription: topic)
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder([
                    "GATEWAY_DESTINATIONS": "pubsub://test/\(topic)", "PUBSUB_EMULATOR_HOST": emulator.host,
                ])
                let port = try await ingest.port()
                _ = try await forwarder.port()

                let first = events("first", 2500)
                try await send(first, to: port)
                try expect(first, await emulator.pull(subscription: topic, expecting: first.count))
                try await workspace.drained()

                // Acknowledged although nothing can be published now.
                let outage = events("outage", 1500)
                if PubSubEmulator.configuredHost == nil {
                    try await emulator.stop()
                    try await send(outage, to: port)
                    // Stopped until topic and subscription exist: what is published between the two reaches nobody.
                    forwarder.signal(SIGSTOP)
                    emulator = try await PubSubEmulator(in: workspace, port: emulator.port)
                    try await emulator.create(topic: topic, subscription: topic)
                    forwarder.signal(SIGCONT)
                } else {
                    // An emulator that is not ours keeps running; without its topic it is as good as gone.
                    try await emulator.remove(topic: topic, subscription: topic)
                    try await send(outage, to: port)
                    forwarder.signal(SIGSTOP)
                    try await emulator.create(topic: topic, subscription: topic)
                    forwarder.signal(SIGCONT)
                }
                let last = events("last", 500)
                try await send(last, to: port)
                try expect(
                    outage + last, await emulator.pull(subscription: topic, expecting: outage.count + last.count))
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                try await emulator.remove(topic: topic, subscription: topic)
            }
        }

        private func events(_ name: String, _ count: Int) -> [TestEvent] {
            (0..<count).map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        private func send(_ events: [TestEvent], to port: Int) async throws {
            let batches = stride(from: 0, to: events.count, by: 500).map {
                Array(events[$0..<min($0 + 500, events.count)])
            }
            let outcome = try await GatewayClient.connected(to: port) { client in
                await client.send([try Requests.instance("i", requestID: "pubsub")] + (try batches.map(Requests.batch)))
            }
            #expect(outcome.error == nil)
            #expect(outcome.ids == events.map(\.id))
        }

        /// Each once, as sent; a request of which the answer was lost may come twice.
        private func expect(_ events: [TestEvent], _ messages: [DeliveredMessage]) throws {
            let byID = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0) })
            #expect(Set(messages.map(\.id)) == Set(byID.keys))
            for message in messages {
                guard let event = byID[message.id] else { continue }
                #expect(message.event == event.json)
                let metadata: NSDictionary = [
                    "requestId": "pubsub", "identifier": ["unlicensedInstance": ["instanceId": "i"]],
                ]
                #expect(message.metadata == metadata)
                #expect(message.attributes == event.attributes(source: "unlicensed_instance"))
            }
        }
    }
}
