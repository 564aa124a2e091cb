internal import Contract
internal import Foundation
internal import GRPCCore
internal import SwiftProtobuf
internal import Testing

extension SystemTests {
    /// What becomes of each event, from the wire to the destination (reference 1.6 and 1.7).
    @Suite(.serialized) struct EventRules {
        private typealias Event = Telemetrygateway_V1_Event

        private let settings = ["GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true"]

        private func event(_ id: String, _ change: (inout Event) -> Void = { _ in }) -> Event {
            var event = TestEvent(id: id, number: 1).message
            change(&event)
            return event
        }

        /// Each breaks one rule, and the ones of the rules after it too.
        private var refusedEvents: [(event: Event, code: String, field: String, message: String)] {
            let malformed = "must start with a lowercase letter and contain only letters, dashes, and dots"
            let names = "invalid event 'feature' or 'action': "
            return [
                (
                    event("") { $0.feature = "Nameless" }, "event_id_required", "id", "event ID is required"
                ),
                (
                    event("no-feature") {
                        $0.feature = ""; $0.clearTimestamp()
                    }, "feature_action_required", "feature",
                    names + "'feature', 'action' must both be provided"
                ),
                (
                    event("no-action") {
                        $0.action = ""; $0.feature = "Bad"
                    }, "feature_action_required", "action",
                    names + "'feature', 'action' must both be provided"
                ),
                (
                    event("long-feature") { $0.feature = String(repeating: "F", count: 65) }, "feature_action_too_long",
                    "feature", names + "'feature' must be less than 64 characters"
                ),
                (
                    event("long-action") {
                        $0.action = String(repeating: "a", count: 65); $0.feature = "Bad"
                    },
                    "feature_action_too_long", "action", names + "'action' must be less than 64 characters"
                ),
                (
                    event("bad-feature") {
                        $0.feature = "persistence:present"; $0.action = "1"
                    },
                    "feature_action_malformed", "feature", names + "'feature' " + malformed
                ),
                (
                    event("bad-action") {
                        $0.action = "a"; $0.clearTimestamp()
                    }, "feature_action_malformed", "action",
                    names + "'action' " + malformed
                ),
                (
                    event("no-time") { $0.clearTimestamp() }, "timestamp_required", "timestamp",
                    "event timestamp is required"
                ),
                (
                    event("far-time") { $0.timestamp.seconds = 1 << 40 }, "timestamp_out_of_range", "timestamp",
                    "marshalling event: "
                ),
                (
                    event("no-json") { $0.parameters.privateMetadata.fields["n"] = .init(numberValue: .nan) },
                    "not_renderable", "parameters.private_metadata", "marshalling event: "
                ),
            ]
        }

        @Test func everyRuleIsHeldInItsOrderAndNothingIsDropped() async throws {
            let cases = refusedEvents
            let good = event("good")
            let batch = try Requests.batch(cases.map(\.event) + [good])
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                try await GatewayClient.connected(to: port) { client in
                    let instance = await client.send([try Requests.instance("i"), batch])
                    let service = await client.send([try Requests.service("pings"), batch])
                    #expect(instance.error == nil && service.error == nil)
                    // Instances would resend what is left out for ever; a managed service can mend it.
                    #expect(instance.responses.map { $0.sorted() } == [(cases.map(\.event.id) + ["good"]).sorted()])
                    #expect(service.responses == [["good"]])
                    for outcome in [instance, service] {
                        let rejections = outcome.messages.first?.rejections ?? []
                        #expect(rejections.map(\.id) == cases.map(\.event.id))
                        #expect(rejections.map(\.code) == cases.map(\.code))
                        #expect(rejections.map(\.field) == cases.map(\.field))
                        #expect(zip(rejections, cases).allSatisfy { $0.message.hasPrefix($1.message) })
                        #expect(rejections.allSatisfy { !$0.retryable })
                    }
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                #expect(try workspace.delivered.messages().map(\.id) == ["good", "good"])
                let kept = try workspace.quarantined()
                #expect(kept.count == 2 * cases.count)
                for refused in cases {
                    let bytes: [UInt8] = try refused.event.serializedBytes()
                    let own = kept.filter { $0.id == refused.event.id }
                    #expect(own.map(\.reason) == [refused.code, refused.code], "\(refused.event.id)")
                    #expect(own.allSatisfy { $0.detail.hasPrefix(refused.message) }, "\(refused.event.id)")
                    #expect(own.allSatisfy { $0.bytes == bytes }, "\(refused.event.id)")
                }
            }
        }

        @Test func theUnaryCallSaysWhatIsWrongAndKeepsTheEvent() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let cases = refusedEvents
                try await GatewayClient.connected(to: try await ingest.port()) { client in
                    for refused in cases {
                        let request = try Requests.unary(Requests.serviceMetadata("pings"), refused.event)
                        let error = await client.recordEvent(request)
                        #expect(error?.code == .internalError, "\(refused.event.id)")
                        #expect(
                            error?.message.hasPrefix("failed to publish event: " + refused.message) == true,
                            "\(refused.event.id): \(error?.message ?? "")")
                    }
                }
                #expect(try await ingest.stop() == .code(0))
                #expect(try workspace.quarantined().map(\.reason).sorted() == cases.map(\.code).sorted())
            }
        }

        @Test func legacyMetadataIsMigratedOnTheStreamOnly() async throws {
            let legacy = event("legacy") {
                $0.parameters.metadata = ["both": 1.5, "new": 2.5]
                $0.parameters.legacyMetadata = ["both": 3, "old": 4]
            }
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                try await GatewayClient.connected(to: try await ingest.port()) { client in
                    let stream = [try Requests.service("pings", requestID: "stream"), try Requests.batch([legacy])]
                    #expect(await client.send(stream).responses == [["legacy"]])
                    // Another service, so that it is no duplicate.
                    let unary = try Requests.unary(Requests.serviceMetadata("pongs", requestID: "unary"), legacy)
                    #expect(await client.recordEvent(unary) == nil)
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                let parameters = Dictionary(
                    uniqueKeysWithValues: messages.map { ($0.requestID, $0.event["parameters"] as? [String: Any]) })
                #expect(parameters.count == 2)
                let migrated: NSDictionary = ["both": 3, "new": 2.5, "old": 4]
                #expect(parameters["stream"]??["metadata"] as? NSDictionary == migrated)
                #expect(parameters["stream"]??["legacyMetadata"] == nil)
                let (untouched, old): (NSDictionary, NSDictionary) = (
                    ["both": 1.5, "new": 2.5], ["both": "3", "old": "4"]
                )
                #expect(parameters["unary"]??["metadata"] as? NSDictionary == untouched)
                #expect(parameters["unary"]??["legacyMetadata"] as? NSDictionary == old)
            }
        }

        @Test func oversizedEventsAreAcknowledgedAndKept() async throws {
            let large = TestEvent(id: "large", number: 1, filling: 10_000_000).message
            let fits = TestEvent(id: "fits", number: 2, filling: 9_998_000)
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                try await GatewayClient.connected(to: try await ingest.port()) { client in
                    for metadata in [try Requests.instance("i"), try Requests.service("pings")] {
                        let outcome = await client.send([metadata, try Requests.batch([large, fits.message])])
                        #expect(outcome.error == nil)
                        #expect(outcome.responses.map { $0.sorted() } == [["fits", "large"]])
                        #expect(outcome.messages.first?.rejections.map(\.code) == ["oversized"])
                    }
                    let unary = await client.recordEvent(
                        try Requests.unary(Requests.serviceMetadata("single"), large))
                    #expect(unary == nil)
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.map(\.id) == ["fits", "fits"])
                #expect(messages.allSatisfy { $0.event == fits.json })
                let bytes: [UInt8] = try large.serializedBytes()
                let kept = try workspace.quarantined()
                #expect(kept.map(\.reason) == ["oversized", "oversized", "oversized"])
                #expect(kept.allSatisfy { $0.id == "large" && $0.bytes == bytes })
            }
        }

        @Test func duplicatesAreAcknowledgedAndDeliveredOnceForEachSender() async throws {
            let events = (0..<3).map { TestEvent(id: "event-\($0)", number: $0) }
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                try await GatewayClient.connected(to: port) { client in
                    let first = try Requests.instance("first")
                    let twice = await client.send([first, try Requests.batch([events[0], events[1], events[0]])])
                    #expect(twice.responses == [["event-0", "event-1", "event-0"]])
                    #expect(twice.messages.map(\.duplicates) == [["event-0"]])
                    let again = await client.send([
                        first, try Requests.batch([events[0], events[1]]), try Requests.batch([events[1], events[2]]),
                    ])
                    #expect(again.responses == [["event-0", "event-1"], ["event-1", "event-2"]])
                    #expect(again.messages.map(\.duplicates) == [["event-0", "event-1"], ["event-1"]])
                    // Ids are the sender's own: another one may use the same.
                    let other = await client.send([try Requests.instance("other"), try Requests.batch(events)])
                    #expect(other.messages.map(\.duplicates) == [[]])
                    let unary = try Requests.unary(Requests.serviceMetadata("pings"), events[0].message)
                    #expect(await client.recordEvent(unary) == nil)
                    #expect(await client.recordEvent(unary) == nil, "OK means recorded, now or before")
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let ids = try workspace.delivered.messages().map(\.id).sorted()
                #expect(ids == ["event-0", "event-0", "event-0", "event-1", "event-1", "event-2", "event-2"])
            }
        }

        @Test func routingAttributesAndTheCallersTrace() async throws {
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let traced = event("traced") {
                $0.parameters.clearPrivateMetadata()
                $0.parameters.metadata = [
                    "recordsPrivateMetadataTranscript": 1, "recordsPrivateMetadataX": 1, "recordsPrivateMetadataXY": 0,
                ]
            }
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                try await GatewayClient.connected(to: try await ingest.port()) { client in
                    let batch = try Requests.batch([traced])
                    for (name, header) in [("valid", parent), ("invalid", "00-0-0-00"), ("none", nil)] {
                        let outcome = await client.send(
                            [try Requests.instance(name, requestID: name), batch],
                            headers: header.map { ["traceparent": .string($0)] } ?? [:])
                        #expect(outcome.error == nil)
                    }
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let attributes = [
                    "publisher.source": "unlicensed_instance", "event.feature": "system.test", "event.action": "sent",
                    "event.hasPrivateMetadata": "false", "event.recordsPrivateMetadataTranscript": "true",
                ]
                let messages = try workspace.delivered.messages()
                #expect(messages.count == 3)
                for message in messages {
                    let isTraced = message.requestID == "valid"
                    let expected = isTraced ? attributes.merging(["traceparent": parent]) { $1 } : attributes
                    #expect(message.attributes == expected, "\(message.requestID ?? "")")
                }
            }
        }
    }
}
