internal import Contract
internal import Foundation
internal import GRPCCore
internal import SwiftProtobuf
internal import Testing

extension SystemTests {
    /// gRPC → ingest → forwarder → file.
    @Suite(.serialized) struct EndToEnd {
        private let settings = ["GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true"]

        private func events(_ name: String, _ numbers: Range<Int>) -> [TestEvent] {
            numbers.map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        @Test func streamsArriveAsSent() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                _ = try await forwarder.port()
                try await GatewayClient.connected(to: port) { client in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for stream in 0..<3 {
                            let batches = [0..<5, 5..<5, 5..<6, 6..<1006].map { events("s\(stream)", $0) }
                            let messages =
                                try [Requests.instance("instance-\(stream)", requestID: "stream-\(stream)")]
                                + batches.map(Requests.batch)
                            group.addTask {
                                let outcome = await client.send(messages)
                                #expect(outcome.error == nil)
                                #expect(outcome.responses == batches.map { $0.map(\.id) })
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.count == 3 * 1006)
                #expect(Set(messages.map(\.id)).count == 3 * 1006)
                let sent = (0..<3).flatMap { stream in events("s\(stream)", 0..<1006).map { ($0.id, (stream, $0)) } }
                let byID = Dictionary(uniqueKeysWithValues: sent)
                for message in messages {
                    let (stream, event) = try #require(byID[message.id])
                    #expect(message.event == event.json)
                    let metadata: NSDictionary = [
                        "requestId": "stream-\(stream)",
                        "identifier": ["unlicensedInstance": ["instanceId": "instance-\(stream)"]],
                    ]
                    #expect(message.metadata == metadata)
                    #expect(message.attributes == event.attributes(source: "unlicensed_instance"))
                }
                #expect(try workspace.delivered.unfinished().isEmpty)
            }
        }

        @Test func refusedEventsAreAcknowledgedForInstancesOnly() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                let good = TestEvent(id: "good", number: 1)
                var bad = TestEvent(id: "bad", number: 2).message
                bad.feature = "No Such Feature"
                var nameless = TestEvent(id: "", number: 3).message
                nameless.id = ""
                let batch = try Requests.batch([bad, good.message, nameless])
                try await GatewayClient.connected(to: port) { client in
                    let instance = await client.send([try Requests.instance("i", requestID: "instance"), batch])
                    #expect(instance.error == nil)
                    #expect(instance.responses.map { $0.sorted() } == [["", "bad", "good"]])
                    let service = await client.send([try Requests.service("pings", requestID: "service"), batch])
                    #expect(service.error == nil)
                    #expect(service.responses == [["good"]])
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.map(\.requestID).compactMap(\.self).sorted() == ["instance", "service"])
                for message in messages {
                    #expect(message.event == good.json)
                    let source = message.requestID == "service" ? "pings" : "unlicensed_instance"
                    #expect(message.attributes == good.attributes(source: source))
                }
                let kept = try workspace.quarantined()
                #expect(kept.map(\.id).sorted() == ["", "", "bad", "bad"])
                #expect(kept.allSatisfy { !$0.reason.isEmpty && !$0.detail.isEmpty })
            }
        }

        @Test func unaryCalls() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                let event = TestEvent(id: "unary", number: 5)
                var invalid = TestEvent(id: "invalid", number: 6).message
                invalid.clearTimestamp()
                let service = Requests.serviceMetadata("cody-gateway")
                var instance = Telemetrygateway_V1_RecordEventsRequestMetadata()
                instance.identifier.unlicensedInstance.instanceID = "i"
                try await GatewayClient.connected(to: port) { client in
                    #expect(await client.recordEvent(try Requests.unary(service, event.message)) == nil)
                    let missing = await client.recordEvent(try Requests.unary(service, nil))
                    #expect(missing?.code == .invalidArgument)
                    #expect(missing?.message == "event is required")
                    let refused = await client.recordEvent(try Requests.unary(service, invalid))
                    #expect(refused?.code == .internalError)
                    #expect(refused?.message.hasPrefix("failed to publish event: ") == true)
                    let identity = await client.recordEvent(try Requests.unary(instance, event.message))
                    #expect(identity?.code == .unimplemented)
                    #expect(identity?.message == "unsupported identifier type")
                    let nobody = await client.recordEvent(try Requests.unary(nil, event.message))
                    #expect(nobody?.code == .invalidArgument)
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.map(\.event) == [event.json])
                #expect(messages.map(\.attributes) == [event.attributes(source: "cody-gateway")])
                #expect(try workspace.quarantined().map(\.id) == ["invalid"])
            }
        }

        @Test func protocolErrors() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let instance = try Requests.instance("i")
                let batch = try Requests.batch(events("e", 0..<1))
                var anonymous = Telemetrygateway_V1_RecordEventsRequestMetadata()
                anonymous.requestID = "r"
                var unset = anonymous
                unset.identifier = Telemetrygateway_V1_Identifier()
                var licensed = anonymous
                licensed.identifier.licensedInstance.instanceID = "i"
                licensed.identifier.licensedInstance.licenseKey = "key"
                let cases: [(messages: [[UInt8]], code: RPCError.Code, message: String)] = [
                    ([instance, instance], .invalidArgument, "received metadata more than once"),
                    ([batch], .invalidArgument, "got events when metadata not yet received"),
                    ([try Requests.stream(anonymous)], .invalidArgument, "identifier"),
                    ([try Requests.stream(unset)], .unimplemented, "unsupported identifier type"),
                    (
                        [try Requests.instance("")], .invalidArgument,
                        "instance_id is required for unlicensed instance"
                    ),
                    ([try Requests.stream(licensed)], .unimplemented, "licensed instances are not accepted"),
                    ([try Requests.service("pings")], .unauthenticated, "managed services are not accepted"),
                    ([try Requests.service("")], .invalidArgument, "service_id is required for managed services"),
                ]
                try await GatewayClient.connected(to: port) { client in
                    for (messages, code, message) in cases {
                        let outcome = await client.send(messages)
                        #expect(outcome.error?.code == code, "\(message)")
                        #expect(outcome.error?.message.contains(message) == true, "\(outcome)")
                        #expect(outcome.responses.isEmpty)
                    }
                    // Neither an empty stream nor a message without payload is an error.
                    for messages in [[], [instance], [[], instance, [], batch]] {
                        #expect(await client.send(messages).error == nil)
                    }
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }
    }
}
