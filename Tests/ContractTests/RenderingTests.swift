internal import Contract
internal import Foundation
internal import SwiftProtobuf
internal import Testing

/// Messages and routing attributes.
@Suite struct RenderingTests {
    private func metadata(source: String) throws -> [UInt8] {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = "req-1"
        switch source {
        case "licensed_instance":
            metadata.identifier.licensedInstance.licenseKey = "key"
            metadata.identifier.licensedInstance.instanceID = "inst-1"
        case "unlicensed_instance":
            metadata.identifier.unlicensedInstance.instanceID = "inst-1"
            metadata.identifier.unlicensedInstance.externalURL = "https://sourcegraph.example.com"
        default:
            metadata.identifier.managedService.serviceID = source
        }
        return try metadata.serializedBytes()
    }

    private func attributes(of message: RenderedMessage, in arena: MessageArena) -> [String: String] {
        var attributes: [String: String] = [:]
        arena.forEachAttribute(of: message) { key, value in
            attributes[String(decoding: key, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
        return attributes
    }

    private func render(
        _ event: Telemetrygateway_V1_Event, source: String = "licensed_instance"
    ) throws -> (json: JSONValue, attributes: [String: String]) {
        var renderer = try MessageRenderer(metadata: metadata(source: source))
        var arena = MessageArena()
        let bytes: [UInt8] = try event.serializedBytes()
        try bytes.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        let message = try #require(arena.messages.first)
        return (try JSONValue(arena.bytes[message.data]), attributes(of: message, in: arena))
    }

    @Test(arguments: try EventVector.all()) func vector(_ vector: EventVector) throws {
        let request = Wire.request(event: [UInt8](vector.wire))
        var scanner = WireScanner()
        _ = try request.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        guard vector.verdict == "accept" else {
            let expected: RefusalReason.Code? =
                switch vector.reason {
                case "event ID is required": .eventIDRequired
                case "feature/action required": .featureActionRequired
                case "feature/action too long": .featureActionTooLong
                case "feature/action malformed": .featureActionMalformed
                case "event timestamp is required": .timestampRequired
                case "timestamp out of range": .timestampOutOfRange
                default: nil
                }
            #expect(expected != nil)
            #expect(scanner.refused.map(\.reason.code) == [expected])
            return
        }
        #expect(scanner.acceptedCount == 1)
        var renderer = try MessageRenderer(metadata: metadata(source: vector.source))
        var arena = MessageArena()
        try vector.wire.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        let message = try #require(arena.messages.first)
        #expect(try JSONValue(arena.bytes[message.data])["event"] == vector.event)
        #expect(attributes(of: message, in: arena) == vector.attributes)
    }

    @Test func vectorsAreComplete() throws {
        #expect(try EventVector.all().count == 400)
    }

    @Test func goldenMessage() throws {
        var renderer = try MessageRenderer(metadata: metadata(source: "unlicensed_instance"))
        var arena = MessageArena()
        let event = try Fixture.bytes("event_full.pb")
        try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        let golden = try Fixture.bytes("pubsub_message_full.json")
        #expect(try JSONValue(arena.bytes[arena.messages[0].data]) == JSONValue(golden))
        #expect(arena.bytes.starts(with: #"{"event":{"#.utf8), "the event stands first")
    }

    private var event: Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        event.id = "id"
        event.feature = "cody.feature"
        event.action = "chat"
        event.timestamp.seconds = 1
        return event
    }

    private let fixed = [
        "publisher.source": "licensed_instance", "event.feature": "cody.feature", "event.action": "chat",
        "event.hasPrivateMetadata": "false",
    ]

    @Test func attributesWithoutParameters() throws {
        #expect(try render(event).attributes == fixed)
    }

    @Test func emptyPrivateMetadataCounts() throws {
        var event = event
        event.parameters.privateMetadata = Google_Protobuf_Struct()
        #expect(try render(event).attributes == fixed.merging(["event.hasPrivateMetadata": "true"]) { $1 })
    }

    @Test func recordsKeysArePromoted() throws {
        var event = event
        event.parameters.metadata["recordsPrivateMetadataTranscript"] = 1
        event.parameters.privateMetadata.fields["transcript"] = "foobar"
        #expect(
            try render(event).attributes
                == fixed.merging([
                    "event.hasPrivateMetadata": "true", "event.recordsPrivateMetadataTranscript": "true",
                ]) { $1 })
    }

    @Test func otherMetadataIsNotPromoted() throws {
        var event = event
        event.parameters.metadata = [
            "anotherMetadata": 3, "recordTranscript": 1, "recordsPrivateMetadata": 1, "recordsPrivateMetadataX": 1,
            "recordsPrivateMetadataZero": 0, "recordsPrivateMetadataNegative": -1, "recordsPrivateMetadataNaN": .nan,
            "RecordsPrivateMetadataUpper": 1,
        ]
        #expect(try render(event).attributes == fixed)
        event.parameters.metadata["recordsPrivateMetadataXY"] = 0.5
        #expect(try render(event).attributes["event.recordsPrivateMetadataXY"] == "true")
    }

    @Test func longKeysKeepTheirLength() throws {
        var event = event
        let key = "recordsPrivateMetadata" + String(repeating: "k", count: 70_000)
        event.parameters.metadata[key] = 1
        #expect(try render(event).attributes["event." + key] == "true")
    }

    @Test func legacyMetadataIsMigrated() throws {
        var event = event
        event.parameters.legacyMetadata = ["foo": 123, "both": 2, "recordsPrivateMetadataOld": 1]
        event.parameters.metadata = ["bar": 456, "both": 1]
        let (json, attributes) = try render(event)
        let parameters = json["event"]?["parameters"]
        #expect(
            parameters?["metadata"]
                == .object([
                    "foo": .number(123), "bar": .number(456), "both": .number(2),
                    "recordsPrivateMetadataOld": .number(1),
                ]))
        #expect(parameters?["legacyMetadata"] == nil)
        #expect(attributes["event.recordsPrivateMetadataOld"] == "true")
    }

    @Test func legacyMetadataOfUnaryCallsStays() throws {
        var event = event
        event.parameters.legacyMetadata = [
            "foo": 123, "least": .min, "zero": 0, "b\u{1}": -1, "recordsPrivateMetadataOld": 1,
        ]
        event.parameters.metadata = ["bar": 456, "foo": 1]
        let bytes: [UInt8] = try event.serializedBytes()
        var renderer = try MessageRenderer(metadata: metadata(source: "pings"), migratesLegacyMetadata: false)
        var arena = MessageArena()
        let isTranscoded = bytes.withUnsafeBytes { renderer.transcode(event: $0, into: &arena) }
        #expect(isTranscoded)
        try bytes.withUnsafeBytes { try renderer.renderByDecoding(event: $0, into: &arena) }
        for message in arena.messages {
            let parameters = try JSONValue(arena.bytes[message.data])["event"]?["parameters"]
            #expect(
                parameters?["legacyMetadata"]
                    == .object([
                        "foo": .string("123"), "least": .string("-9223372036854775808"), "zero": .string("0"),
                        "b\u{1}": .string("-1"), "recordsPrivateMetadataOld": .string("1"),
                    ]))
            #expect(parameters?["metadata"] == .object(["bar": .number(456), "foo": .number(1)]))
            #expect(attributes(of: message, in: arena)["event.recordsPrivateMetadataOld"] == nil)
        }
        #expect(arena.messages.count == 2)
    }

    @Test func traceparentIsTheLastAttribute() throws {
        let value = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        var event = event
        event.parameters.metadata["recordsPrivateMetadataTranscript"] = 1
        let bytes: [UInt8] = try event.serializedBytes()
        for traceparent in ["", value] {
            var renderer = try MessageRenderer(metadata: metadata(source: "pings"), traceparent: traceparent)
            var arena = MessageArena()
            try bytes.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
            try bytes.withUnsafeBytes { try renderer.renderByDecoding(event: $0, into: &arena) }
            for message in arena.messages {
                var keys: [String] = []
                arena.forEachAttribute(of: message) { key, _ in keys.append(String(decoding: key, as: UTF8.self)) }
                let expected = ["event.recordsPrivateMetadataTranscript"] + (traceparent.isEmpty ? [] : ["traceparent"])
                #expect(keys.dropFirst(4).elementsEqual(expected))
                #expect(attributes(of: message, in: arena)["traceparent"] == (traceparent.isEmpty ? nil : value))
            }
        }
    }

    @Test func jsonFacts() throws {
        var event = event
        event.timestamp.nanos = 123_400_000
        event.user.userID = 0
        event.parameters.metadata = ["nan": .nan, "large": 1e21, "half": 12.5]
        event.source.server = Telemetrygateway_V1_EventSource.Server()
        let json = try #require(try render(event).json["event"])
        #expect(json["timestamp"] == .string("1970-01-01T00:00:01.123400Z"))
        #expect(json["user"] == .object(["userId": .string("0")]))
        #expect(json["source"] == .object(["server": .object([:])]))
        #expect(
            json["parameters"]?["metadata"]
                == .object(["nan": .string("NaN"), "large": .number(1e21), "half": .number(12.5)]))
    }

    @Test func arenaHoldsManyMessagesAndIsReusable() throws {
        var renderer = try MessageRenderer(metadata: metadata(source: "pings"))
        var arena = MessageArena()
        for round in 0..<2 {
            for number in 0..<50 {
                var event = event
                event.id = "\(round)-\(number)"
                let bytes: [UInt8] = try event.serializedBytes()
                try bytes.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
            }
            try #require(arena.messages.count == 50)
            for (number, message) in arena.messages.enumerated() {
                let json = try JSONValue(arena.bytes[message.data])
                #expect(json["event"]?["id"] == .string("\(round)-\(number)"))
                #expect(json["metadata"]?["identifier"]?["managedService"]?["serviceId"] == .string("pings"))
                #expect(attributes(of: message, in: arena)["publisher.source"] == "pings")
            }
            arena.removeAll()
        }
    }

    @Test func damagedEventsLeaveTheArenaUnchanged() throws {
        var renderer = try MessageRenderer(metadata: metadata(source: "pings"))
        var arena = MessageArena()
        let damaged = #expect(throws: RenderError.self) {
            try [UInt8]([0x0f]).withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        }
        #expect(damaged?.code == .undecodable)
        var event = event
        event.timestamp.nanos = -1
        let bytes: [UInt8] = try event.serializedBytes()
        let unrenderable = #expect(throws: RenderError.self) {
            try bytes.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        }
        #expect(unrenderable?.code == .unrenderable)
        #expect(arena.messages.isEmpty && arena.bytes.isEmpty)
        #expect(throws: RenderError.self) { try MessageRenderer(metadata: [0x0f]) }
    }
}
