internal import Contract
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// The limit for the size of a message, its metadata included.
@Suite struct RenderedSizeTests {
    private static let identity = Identity.licensedInstance(licenseKey: "key\n", instanceID: "inst-1", externalURL: "")

    private static func metadata(requestID: String = "req-1") throws -> [UInt8] {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = requestID
        metadata.identifier.licensedInstance.licenseKey = "key\n"
        metadata.identifier.licensedInstance.instanceID = "inst-1"
        return try metadata.serializedBytes()
    }

    private func renderedBytes(_ event: [UInt8], metadata: [UInt8], migrates: Bool = true) throws -> Int {
        var renderer = try MessageRenderer(metadata: metadata, migratesLegacyMetadata: migrates)
        var arena = MessageArena()
        try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        return arena.messages[0].data.count
    }

    /// An acceptable event that is `bytes` long as a message with the metadata.
    private func event(rendering bytes: Int, metadata: [UInt8], filler: String) throws -> [UInt8] {
        var event = Telemetrygateway_V1_Event()
        event.id = "id"
        event.feature = "cody.chat"
        event.action = "sent"
        event.timestamp.seconds = 1
        event.parameters.privateMetadata.fields["text"] = ""
        let room = try bytes - renderedBytes(event.serializedBytes(), metadata: metadata)
        let each = filler.utf8.first.map { $0 < 0x20 } == true ? 6 : filler == "\"" ? 2 : filler.utf8.count
        let text = String(repeating: filler, count: room / each) + String(repeating: "a", count: room % each)
        event.parameters.privateMetadata.fields["text"] = Google_Protobuf_Value(stringValue: text)
        return try event.serializedBytes()
    }

    private func scan(
        _ message: [UInt8], metadata: [UInt8], acknowledgeRefused: Bool = false
    ) throws -> WireScanner {
        var scanner = WireScanner()
        scanner.scope = StreamScope(identity: Self.identity, metadata: metadata)
        _ = try message.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: acknowledgeRefused) }
        return scanner
    }

    @Test(arguments: ["a", "\u{1}", "\"", "é", "中"])
    func boundary(filler: String) throws {
        let metadata = try Self.metadata()
        let limit = RenderedSizeLimit.standardMessageBytes
        #expect(limit == 10_000_000)
        for (bytes, isAccepted) in [(limit - 1, true), (limit, false)] {
            let event = try event(rendering: bytes, metadata: metadata, filler: filler)
            #expect(try renderedBytes(event, metadata: metadata) == bytes)
            let scanner = try scan(Wire.request(event: event), metadata: metadata)
            #expect(scanner.acceptedCount == (isAccepted ? 1 : 0))
            #expect(scanner.fingerprints.count == (isAccepted ? 2 : 0))
            #expect(scanner.refused.map(\.reason) == (isAccepted ? [] : [.oversized]))
            // Everybody is told to stop resending it, managed services too.
            let response = try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: scanner.acknowledgement)
            #expect(response.succeededEvents == ["id"])
            #expect(response.rejections.map(\.code) == (isAccepted ? [] : ["oversized"]))
        }
    }

    @Test func metadataCounts() throws {
        let small = try Self.metadata()
        let limit = RenderedSizeLimit.standardMessageBytes
        let event = try event(rendering: limit - 1, metadata: small, filler: "a")
        let larger = try Self.metadata(requestID: "req-10")
        #expect(try scan(Wire.request(event: event), metadata: small).refused.isEmpty)
        #expect(try scan(Wire.request(event: event), metadata: larger).refused.map(\.reason) == [.oversized])
        // Metadata that leaves no room for any event, and some that leaves a little.
        let none = try Self.metadata(requestID: String(repeating: "\u{1}", count: limit / 6))
        #expect(try scan(Wire.request(eventFields: []), metadata: none).refused.map(\.reason) == [.oversized])
        let little = try Self.metadata(requestID: String(repeating: "a", count: limit - 1000))
        #expect(try scan(Wire.request(eventFields: []), metadata: little).acceptedCount == 1)
        let thousand = Wire.field(0x2a, Wire.field(0x0a, Wire.field(0x0a, String(repeating: "v", count: 1000))))
        #expect(try scan(Wire.request(eventFields: thousand), metadata: little).refused.map(\.reason) == [.oversized])
    }

    @Test func otherRulesComeFirst() throws {
        let metadata = try Self.metadata()
        let event = try event(rendering: RenderedSizeLimit.standardMessageBytes, metadata: metadata, filler: "\u{1}")
        let scanner = try scan(Wire.request(event: event + Wire.field(0x1a, "Bad")), metadata: metadata)
        #expect(scanner.refused.map(\.reason) == [.featureMalformed])
        #expect(
            try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: scanner.acknowledgement).succeededEvents == []
        )
    }

    @Test func unaryRequests() throws {
        let metadata = try Self.metadata()
        let limit = RenderedSizeLimit.standardMessageBytes
        for filler in ["a", "\u{1}"] {
            for (bytes, refusal) in [(limit - 1, nil), (limit, RefusalReason.oversized)] {
                let event = try event(rendering: bytes, metadata: metadata, filler: filler)
                let message = Wire.field(0x0a, metadata) + Wire.field(0x12, event)
                let scan = try message.withUnsafeBytes { try WireScanner().scanUnary($0) }
                #expect(scan.refusal == refusal)
                #expect(scan.event == event)
            }
        }
    }

    /// What the transcoder declines because a later field replaces or completes an earlier one.
    @Test func replacedFieldsDoNotCount() throws {
        let metadata = try Self.metadata()
        let huge = String(repeating: "\u{1}", count: 3_000_000)
        let small = Wire.field(0x0a, huge) + Wire.acceptableFields
        #expect(try scan(Wire.request(event: small), metadata: metadata).acceptedCount == 1)
        let large = Wire.acceptableFields + Wire.field(0x0a, huge)
        #expect(try scan(Wire.request(event: large), metadata: metadata).refused.map(\.reason) == [.oversized])
        let flags = { (value: String) in
            Wire.field(0x42, Wire.field(0x0a, Wire.field(0x0a, "k") + Wire.field(0x12, value)))
        }
        let replaced = Wire.acceptableFields + flags(huge) + flags("small")
        #expect(try scan(Wire.request(event: replaced), metadata: metadata).acceptedCount == 1)
        let unknown = Wire.acceptableFields + Wire.field(0x7a, huge)
        #expect(
            try scan(Wire.request(event: unknown), metadata: metadata).acceptedCount == 1, "unknown fields are no JSON")
    }

    /// More map entries than the renderer's scratch space has at first, up to more than it ever has.
    @Test func manyMapEntries() throws {
        let metadata = try Self.metadata()
        func flags(_ count: Int, distinct: Int) -> [UInt8] {
            var entries: [UInt8] = []
            entries.reserveCapacity(12 * count)
            for number in 0..<count {
                entries += [0x0a, 0x08, 0x0a, 0x04]
                entries += (0..<4).map { UInt8(0x21 + (number % distinct) >> (6 * $0) & 63) }
                entries += [0x12, 0x00]
            }
            return Wire.acceptableFields + Wire.field(0x42, entries)
        }
        let many = flags(100_000, distinct: 100_000)
        #expect(try scan(Wire.request(event: many), metadata: metadata).acceptedCount == 1)
        let repeated = flags(2_200_000, distinct: 50)
        #expect(
            try scan(Wire.request(event: repeated), metadata: metadata).acceptedCount == 1, "one entry for each key")
    }
}
