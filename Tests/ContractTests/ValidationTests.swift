internal import Contract
internal import SwiftProtobuf
internal import Testing

/// The rules for single events, through the scanner and through the validator of decoded events.
@Suite struct ValidationTests {
    private func refusal(_ event: Telemetrygateway_V1_Event) throws -> RefusalReason? {
        try refusal(Wire.request(event: event.serializedBytes()))
    }

    private func refusal(_ request: [UInt8]) throws -> RefusalReason? {
        var scanner = WireScanner()
        _ = try request.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: false) }
        let decoded = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: request).events.events
        try #require(decoded.count == 1 && scanner.acceptedCount + scanner.refused.count == 1)
        #expect(scanner.refused.first?.reason == EventValidator.refusal(of: decoded[0]))
        return scanner.refused.first?.reason
    }

    private func event(feature: String = "valid.feature", action: String = "valid-action") -> Telemetrygateway_V1_Event
    {
        var event = Telemetrygateway_V1_Event()
        event.id = "id"
        event.feature = feature
        event.action = action
        event.timestamp.seconds = 1
        return event
    }

    private static let sixtyFour = String(repeating: "a", count: 64)

    @Test(arguments: [
        ("", "valid", "'feature', 'action' must both be provided"),
        ("valid", "", "'feature', 'action' must both be provided"),
        (sixtyFour + "aaa", "valid", "'feature' must be less than 64 characters"),
        ("valid", sixtyFour + "aaa", "'action' must be less than 64 characters"),
        (sixtyFour + "a", "valid", "'feature' must be less than 64 characters"),
        (sixtyFour + "1", sixtyFour + "1", "'feature' must be less than 64 characters"),
        ("Invalid", sixtyFour + "a", "'action' must be less than 64 characters"),
        (String(repeating: "é", count: 33), "valid", "'feature' must be less than 64 characters"),
    ])
    func namesAreRefusedInOrder(feature: String, action: String, text: String) throws {
        let reason = try #require(try refusal(event(feature: feature, action: action)))
        #expect(reason.message == "invalid event 'feature' or 'action': \(text)")
    }

    @Test(arguments: [
        "Invalid", "invalid_feature!", "a", "a1", "1a", "é", "éa", "aé", "a b", "a\n", "valid\n", "-a", ".a", "a:b",
        "a@",
        "a[", "a`", "a{", "persistence:present", "a\u{0}",
    ])
    func malformedNames(name: String) throws {
        let pattern = "must start with a lowercase letter and contain only letters, dashes, and dots"
        let feature = try #require(try refusal(event(feature: name)))
        #expect(feature.message == "invalid event 'feature' or 'action': 'feature' \(pattern)")
        let action = try #require(try refusal(event(action: name)))
        #expect(action.message == "invalid event 'feature' or 'action': 'action' \(pattern)")
        #expect(feature.name == "feature_action_malformed")
        #expect(feature.code == action.code)
    }

    @Test(arguments: ["valid.feature", "validFeature.foobar", "a.", "a-", "aZ", "az", sixtyFour])
    func validNames(name: String) throws {
        #expect(try refusal(event(feature: name)) == nil)
        #expect(try refusal(event(action: name)) == nil)
    }

    @Test func rulesApplyInOrder() throws {
        var broken = Telemetrygateway_V1_Event()
        broken.parameters.privateMetadata.fields["k"] = Google_Protobuf_Value()
        #expect(try refusal(broken)?.message == "event ID is required")
        broken.id = "id"
        #expect(try refusal(broken)?.code == .featureActionRequired)
        broken.feature = "valid"
        broken.action = "valid"
        #expect(try refusal(broken)?.message == "event timestamp is required")
        broken.timestamp.nanos = -1
        #expect(try refusal(broken)?.name == "timestamp_out_of_range")
        broken.timestamp.nanos = 1
        #expect(try refusal(broken)?.name == "not_renderable")
        broken.parameters.privateMetadata.fields["k"] = Google_Protobuf_Value(numberValue: 1)
        #expect(try refusal(broken) == nil)
    }

    @Test(arguments: [
        (Int64(-62_135_596_800), Int32(0), true), (-62_135_596_801, 0, false), (253_402_300_799, 999_999_999, true),
        (253_402_300_800, 0, false), (0, 1_000_000_000, false), (0, -1, false), (.max, 0, false), (.min, 0, false),
        (0, .max, false), (0, 0, true),
    ])
    func timestampRange(seconds: Int64, nanoseconds: Int32, accepted: Bool) throws {
        var event = event()
        event.timestamp.seconds = seconds
        event.timestamp.nanos = nanoseconds
        #expect(try refusal(event) == (accepted ? nil : .timestampOutOfRange))
    }

    @Test func emptyTimestampCounts() throws {
        var event = event()
        event.timestamp = Google_Protobuf_Timestamp()
        #expect(try refusal(event) == nil)
    }

    @Test func repeatedFieldsMerge() throws {
        let valid = Wire.acceptableFields
        #expect(try refusal(Wire.request(event: valid + Wire.field(0x0a, ""))) == .eventIDRequired)
        #expect(try refusal(Wire.request(event: valid + Wire.field(0x1a, "Bad"))) == .featureMalformed)
        #expect(try refusal(Wire.request(event: Wire.field(0x1a, "Bad") + valid)) == nil)
        // Seconds out of range in the first timestamp, replaced by the second one.
        #expect(try refusal(Wire.request(event: Wire.field(0x12, [0x08] + Wire.varint(1 << 60)) + valid)) == nil)
        // The second timestamp only adds nanoseconds; the seconds of the first stay.
        let pieces = Wire.field(0x12, [0x08] + Wire.varint(1 << 60)) + Wire.field(0x12, [0x10, 0x01])
        #expect(try refusal(Wire.request(event: Array(valid.dropLast(4)) + pieces)) == .timestampOutOfRange)
    }

    private static let infinity: [UInt8] = [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]
    private static let notANumber: [UInt8] = [0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]

    @Test func valuesThatJSONCannotExpress() throws {
        #expect(try refusal(Wire.request(privateValue: [])) == .notRenderable)
        #expect(try refusal(Wire.request(privateValue: Self.infinity)) == .notRenderable)
        #expect(try refusal(Wire.request(privateValue: Self.notANumber)) == .notRenderable)
        #expect(try refusal(Wire.request(privateValue: [0x48, 0x01])) == .notRenderable, "only an unknown field")
        #expect(try refusal(Wire.request(privateValue: [0x08, 0x07])) == nil, "an unknown null is a null")
        let list = Wire.field(0x32, Wire.field(0x0a, [0x08, 0x00]) + Wire.field(0x0a, Self.infinity))
        #expect(try refusal(Wire.request(privateValue: list)) == .notRenderable)
        let entry = Wire.field(0x32, Wire.field(0x1a, Wire.field(0x0a, Wire.field(0x0a, "k"))))
        #expect(try refusal(Wire.request(eventFields: entry)) == .notRenderable, "an entry without a value")
    }

    @Test func doubtfulValuesAreJudgedAfterMerging() throws {
        let string = Wire.field(0x1a, "text")
        #expect(try refusal(Wire.request(privateValue: Self.infinity + string)) == nil, "the last kind wins")
        #expect(try refusal(Wire.request(privateValue: string + Self.infinity)) == .notRenderable)
        func parameters(_ values: [[UInt8]]) -> [UInt8] {
            let entries = values.map { Wire.field(0x0a, Wire.field(0x0a, "k") + Wire.field(0x12, $0)) }
            return Wire.field(0x32, Wire.field(0x1a, entries.flatMap(\.self)))
        }
        #expect(try refusal(Wire.request(eventFields: parameters([[], string]))) == nil, "the last entry wins")
        #expect(try refusal(Wire.request(eventFields: parameters([string, []]))) == .notRenderable)
        #expect(
            try refusal(Wire.request(eventFields: parameters([[]]) + parameters([string]))) == nil,
            "in a later Struct too")
    }

    @Test func infinityIsFineOutsideOfStructs() throws {
        var event = event()
        event.parameters.metadata["k"] = .infinity
        #expect(try refusal(event) == nil)
    }

    @Test func namesOfReasonsAreStable() {
        #expect(
            RefusalReason.Code.allCases.map(\.rawValue) == [
                "event_id_required", "feature_action_required", "feature_action_too_long", "feature_action_malformed",
                "timestamp_required", "timestamp_out_of_range", "not_renderable", "oversized",
            ])
    }
}
