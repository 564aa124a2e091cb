internal import Contract
internal import SwiftProtobuf
internal import Testing

/// What a response says beyond the ids that old clients read.
@Suite struct ResponseTests {
    private typealias Response = Telemetrygateway_V1_RecordEventsResponse

    private func acknowledgement(_ message: [UInt8], acknowledgeRefused: Bool = false) throws -> [UInt8] {
        var scanner = WireScanner()
        _ = try message.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: acknowledgeRefused) }
        return scanner.acknowledgement
    }

    private static let timestamp: [UInt8] = Wire.field(0x12, [0x08, 0x01])
    private static let notRenderable = Wire.field(0x32, Wire.field(0x1a, Wire.field(0x0a, Wire.field(0x0a, "k"))))

    @Test(arguments: [
        ([], "event_id_required", "id"),
        (Wire.field(0x0a, "bad"), "feature_action_required", "feature"),
        (Wire.field(0x0a, "bad") + Wire.field(0x22, "sent"), "feature_action_required", "feature"),
        (Wire.field(0x0a, "bad") + Wire.field(0x1a, "cody"), "feature_action_required", "action"),
        (
            Wire.acceptableFields + Wire.field(0x1a, String(repeating: "a", count: 65)), "feature_action_too_long",
            "feature"
        ),
        (
            Wire.acceptableFields + Wire.field(0x22, String(repeating: "a", count: 65)), "feature_action_too_long",
            "action"
        ),
        (Wire.acceptableFields + Wire.field(0x1a, "Bad"), "feature_action_malformed", "feature"),
        (Wire.acceptableFields + Wire.field(0x22, "Bad"), "feature_action_malformed", "action"),
        (Array(Wire.acceptableFields.dropLast(timestamp.count)), "timestamp_required", "timestamp"),
        (Wire.acceptableFields + Wire.field(0x12, [0x10] + Wire.varint(.max)), "timestamp_out_of_range", "timestamp"),
        (Wire.acceptableFields + notRenderable, "not_renderable", "parameters.private_metadata"),
    ])
    func rejectionsNameCodeAndField(event: [UInt8], code: String, field: String) throws {
        for acknowledgeRefused in [true, false] {
            let bytes = try acknowledgement(Wire.request(event: event), acknowledgeRefused: acknowledgeRefused)
            let response = try Response(serializedBytes: bytes)
            let id = try Telemetrygateway_V1_Event(serializedBytes: event).id
            #expect(response.succeededEvents == (acknowledgeRefused ? [id] : []))
            try #require(response.rejections.count == 1)
            let rejection = response.rejections[0]
            #expect(rejection.id == id && rejection.code == code && rejection.field == field)
            #expect(!rejection.message.isEmpty && !rejection.retryable)
            #expect(response.duplicates.isEmpty)
        }
    }

    @Test func rejectionsFollowAllIDsInOrder() throws {
        let message =
            Wire.request(event: Wire.field(0x0a, "first")) + Wire.request(eventFields: [])
            + Wire.request(event: Wire.field(0x0a, "second")) + Wire.request(eventFields: [])
        let bytes = try acknowledgement(message)
        let ids = Wire.field(0x0a, "id") + Wire.field(0x0a, "id")
        #expect(bytes.starts(with: ids))
        #expect(try Response(serializedBytes: bytes).rejections.map(\.id) == ["first", "second"])
        #expect(
            try acknowledgement(Wire.request(eventFields: [])) == Wire.field(0x0a, "id"),
            "nothing more when all is well")
    }

    @Test func oldClientsSeeTheirIDsOnly() throws {
        var bytes = try acknowledgement(Wire.request(event: Wire.field(0x0a, "bad")) + Wire.request(eventFields: []))
        "id".utf8.withContiguousStorageIfAvailable {
            ResponseEncoder.appendDuplicate(UnsafeRawBufferPointer($0), to: &bytes)
        }
        // What a client that knows nothing but field 1 steps over.
        var numbers: [UInt64] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let tag = takeVarint(&rest)
            numbers.append(tag >> 3)
            let length = Int(takeVarint(&rest))
            rest = rest.dropFirst(length)
        }
        #expect(numbers == [1, 1000, 1001])
    }

    private func takeVarint(_ bytes: inout ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.popFirst() {
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return value
    }

    @Test func duplicatesAreAppended() throws {
        var bytes = try acknowledgement(Wire.request(event: Wire.field(0x0a, "bad")) + Wire.request(eventFields: []))
        let long = [UInt8](repeating: 0x78, count: 300)
        for id in [Array("id".utf8), long] {
            id.withUnsafeBytes { ResponseEncoder.appendDuplicate($0, to: &bytes) }
        }
        let response = try Response(serializedBytes: bytes)
        #expect(response.succeededEvents == ["id"])
        #expect(response.rejections.map(\.id) == ["bad"])
        #expect(response.duplicates == ["id", String(decoding: long, as: UTF8.self)])
    }

    @Test func rejectionsAreBounded() throws {
        // Two bytes each: a batch of many, whose rejections would be twenty times as large as itself.
        let events = (0..<100_000).flatMap { _ in [0x0a, 0x00] as [UInt8] }
        let bytes = try acknowledgement(Wire.field(0x12, events))
        #expect(bytes.count <= 256 << 10)
        let response = try Response(serializedBytes: bytes)
        #expect(response.rejections.count > 2000)
        #expect(response.rejections.allSatisfy { $0.code == "event_id_required" })
        // One long id leaves no room.
        let long = Wire.request(event: Wire.field(0x0a, String(repeating: "x", count: 300_000)))
        let answer = try Response(serializedBytes: acknowledgement(long, acknowledgeRefused: true))
        #expect(answer.succeededEvents.count == 1 && answer.rejections.isEmpty)
    }
}
