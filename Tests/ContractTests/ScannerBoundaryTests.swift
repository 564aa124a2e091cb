internal import Contract
internal import SwiftProtobuf
internal import Testing

/// Hand-written bytes at the edges of the format. Each expectation is stated and also held against SwiftProtobuf.
@Suite struct ScannerBoundaryTests {
    private func scan(_ bytes: [UInt8]) throws(WireError) -> (payload: RequestPayload, scanner: WireScanner) {
        var scanner = WireScanner()
        var payload = RequestPayload.none
        var failure: WireError?
        bytes.withUnsafeBytes { message in
            do throws(WireError) {
                payload = try scanner.scan(message, acknowledgeRefused: true)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return (payload, scanner)
    }

    private func expectRefused(_ bytes: [UInt8], _ code: WireError.Code, _ comment: Comment = "") {
        #expect(throws: (any Error).self, comment) {
            try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: bytes)
        }
        do {
            _ = try scan(bytes)
            Issue.record("accepted: \(comment)")
        } catch {
            #expect(error.code == code, comment)
            #expect(error.offset <= bytes.count, comment)
        }
    }

    private func expectAccepted(_ bytes: [UInt8], events: Int, _ comment: Comment = "") throws {
        var scanner = WireScanner()
        let expected = Verdict.oracle(bytes, acknowledgeRefused: true)
        #expect(Verdict.scanned(bytes, acknowledgeRefused: true, by: &scanner) == expected, comment)
        #expect(try scan(bytes).scanner.acceptedCount == events, comment)
    }

    @Test func emptyMessageCarriesNothing() throws {
        let (payload, scanner) = try scan([])
        #expect(payload == .none)
        #expect(scanner.acknowledgement.isEmpty)
    }

    @Test func emptyEventsPayloadIsAnEventsMessage() throws {
        let (payload, scanner) = try scan([0x12, 0x00])
        #expect(payload == .events)
        #expect(scanner.acceptedCount == 0)
        #expect(scanner.acknowledgement.isEmpty)
    }

    @Test func acceptedIndexAndAcknowledgementAreExact() throws {
        let (payload, scanner) = try scan(Wire.request(eventFields: []) + Wire.request(eventFields: []))
        #expect(payload == .events)
        let length = UInt32(Wire.acceptableFields.count)
        #expect(scanner.acceptedIndex == [4, length, length + 8, length])
        #expect(scanner.acknowledgement == [0x0a, 0x02, 0x69, 0x64, 0x0a, 0x02, 0x69, 0x64])
    }

    @Test func idsLongerThanOneLengthByteAreAcknowledgedWhole() throws {
        let id = String(repeating: "x", count: 300)
        let bytes = Wire.request(eventFields: Wire.field(0x0a, id))
        let response = try Telemetrygateway_V1_RecordEventsResponse(
            serializedBytes: try scan(bytes).scanner.acknowledgement)
        #expect(response.succeededEvents == [id])
    }

    @Test func refusedEventsAreAcknowledgedOnlyOnDemand() throws {
        let bytes = Wire.request(event: Wire.field(0x0a, "bad")) + Wire.request(eventFields: [])
        var scanner = WireScanner()
        for (acknowledgeRefused, ids) in [(true, ["bad", "id"]), (false, ["id"])] {
            _ = try bytes.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: acknowledgeRefused) }
            let response = try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: scanner.acknowledgement)
            #expect(response.succeededEvents == ids)
            #expect(scanner.refused.map(\.reason) == [.featureRequired])
            #expect(bytes[scanner.refused[0].id].elementsEqual("bad".utf8))
        }
    }

    @Test func lastMemberOfTheOneofWins() throws {
        let event = Wire.request(eventFields: [])
        let metadata = Wire.field(0x0a, Wire.field(0x0a, "r1"))
        try expectAccepted(event + event, events: 2, "the same member merges")
        try expectAccepted(event + metadata + event, events: 1, "metadata in between resets")
        let switched = event + metadata + event
        let leftOver = try scan(switched).scanner
        #expect(switched.withUnsafeBytes { leftOver.metadataBytes(of: $0) }.isEmpty, "metadata that lost is gone")
        let (payload, scanner) = try scan(event + metadata + metadata)
        #expect(payload == .metadata)
        #expect(scanner.acceptedCount == 0)
        #expect(scanner.acknowledgement.isEmpty)
        let bytes = event + metadata + metadata
        #expect(
            bytes.withUnsafeBytes { scanner.metadataBytes(of: $0) } == Wire.field(0x0a, "r1") + Wire.field(0x0a, "r1"))
    }

    /// Lists inside lists: the event is message 3, `parameters` 4, the Struct 5, its value 6, and each list adds two.
    private func lists(_ count: Int, innermost: [UInt8]) -> [UInt8] {
        var value = innermost
        for _ in 0..<count { value = Wire.field(0x32, Wire.field(0x0a, value)) }
        return Wire.request(privateValue: value)
    }

    @Test func depthHundredIsReadAndOneMoreIsNot() throws {
        try expectAccepted(lists(47, innermost: [0x08, 0x00]), events: 1, "100 messages")
        let oneMore = lists(47, innermost: [0x32, 0x00])
        expectRefused(oneMore, .tooDeep, "101 messages")
    }

    @Test func deepNestingDoesNotExhaustTheStack() {
        expectRefused(lists(20_000, innermost: [0x08, 0x00]), .tooDeep, "lists")
        let groups = [UInt8](repeating: 0x5b, count: 100_000) + [UInt8](repeating: 0x5c, count: 100_000)
        expectRefused(groups, .tooDeep, "groups")
    }

    @Test func unknownGroupsCountAsDepth() throws {
        func groups(_ count: Int) -> [UInt8] {
            [UInt8](repeating: 0x5b, count: count) + [UInt8](repeating: 0x5c, count: count)
        }
        try expectAccepted(groups(99) + Wire.request(eventFields: []), events: 1, "99 groups and the request")
        expectRefused(groups(100), .tooDeep, "100 groups and the request")
    }

    @Test func groupsMustMatch() throws {
        try expectAccepted([0x5b, 0x08, 0x01, 0x5c] + Wire.request(eventFields: [0x63, 0x64]), events: 1)
        expectRefused([0x5b, 0x64], .malformed, "another group's end")
        expectRefused([0x5c], .malformed, "an end without a start")
        expectRefused([0x5b, 0x08, 0x01], .truncated, "no end")
        expectRefused(Wire.request(eventFields: [0x5b]) + [0x5c], .truncated, "ends outside its message")
    }

    @Test(arguments: [UInt64(1), 100, 0x7fff_fffe, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, .max])
    func lengthsBeyondTheMessage(length: UInt64) {
        for tag: UInt8 in [0x0a, 0x12, 0x7a] {
            expectRefused([tag] + Wire.varint(length), .truncated, "field \(tag >> 3)")
        }
        let event = Wire.acceptableFields + [0x2a] + Wire.varint(length)
        expectRefused(Wire.request(event: event), .truncated, "inside an event")
    }

    @Test func overlongVarintsAreReadUpToTenBytes() throws {
        let nine = [UInt8](repeating: 0x80, count: 9)
        try expectAccepted(Wire.request(eventFields: [0x12, 0x0b, 0x10] + nine + [0x00]), events: 1, "zero in ten")
        try expectAccepted(Wire.request(eventFields: [0x12, 0x0b, 0x10] + nine + [0x7e]), events: 1, "bits above 64")
        expectRefused(Wire.request(eventFields: [0x12, 0x0c, 0x10] + nine + [0x80, 0x00]), .malformed, "eleven bytes")
        let event = Wire.acceptableFields
        try expectAccepted(
            [0x92, 0x80, 0x80, 0x00] + Wire.varint(UInt64(event.count + 2)) + Wire.field(0x0a, event), events: 1)
    }

    @Test func tagNumbersEndAtTwoToTheTwentyNine() throws {
        try expectAccepted([0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01] + Wire.request(eventFields: []), events: 1, "2^29 - 1")
        expectRefused([0x80, 0x80, 0x80, 0x80, 0x10, 0x01], .malformed, "2^29")
        expectRefused([0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], .malformed, "six bytes")
        expectRefused([0x00, 0x01], .malformed, "number 0")
        expectRefused([0x80, 0x00, 0x01], .malformed, "number 0 in two bytes")
        expectRefused([0x0e], .malformed, "wire type 6")
        expectRefused([0x0f], .malformed, "wire type 7")
        expectRefused([0x8a], .malformed, "half a tag")
    }

    @Test func groupsAndMapEntriesReadLongTags() throws {
        let longTag: [UInt8] = [0x88, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]
        try expectAccepted([0x5b] + longTag + [0x01, 0x5c] + Wire.request(eventFields: []), events: 1, "group")
        let longKey: [UInt8] = [0x8a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01, 0x6b]
        try expectAccepted(Wire.request(eventFields: Wire.field(0x32, Wire.field(0x2a, longKey))), events: 1, "entry")
    }

    @Test func wireTypeMismatchIsAnUnknownField() throws {
        try expectAccepted([0x08, 0x05] + Wire.request(eventFields: [0x28, 0x01, 0x15, 1, 2, 3, 4]), events: 1)
        let (_, scanner) = try scan(Wire.request(event: Wire.acceptableFields.dropFirst(4) + [0x08, 0x01]))
        #expect(scanner.refused.map(\.reason) == [.eventIDRequired], "an id of another wire type is no id")
    }

    /// SwiftProtobuf 1.39 leaves the value of a mismatched key or value in a map entry unread and goes on behind the
    /// tag. The scanner must see the same bytes as tags.
    @Test func mismatchInMapEntryReadsOnBehindTheTag() throws {
        func entry(_ body: [UInt8]) -> [UInt8] {
            Wire.request(eventFields: Wire.field(0x32, Wire.field(0x2a, body)))
        }
        try expectAccepted(entry([0x08, 0x18, 0x01]), events: 1, "the varint 0x18 is read as a tag")
        expectRefused(entry([0x08, 0x00]), .malformed, "the varint 0 is read as a tag")
        expectRefused(entry([0x0c]), .malformed, "an end group")
    }

    @Test func invalidUTF8IsRefusedInEveryString() throws {
        let broken: [[UInt8]] = [
            [0xff], [0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80],
            Array("seven..".utf8) + [0xc3, 0x28] + Array("and more than eight".utf8),
        ]
        for bytes in broken {
            let map = Wire.field(0x0a, bytes)
            let places: [[UInt8]] = [
                Wire.field(0x0a, bytes), Wire.field(0x1a, bytes), Wire.field(0x22, bytes),
                Wire.field(0x2a, Wire.field(0x0a, Wire.field(0x0a, bytes))),
                Wire.field(0x32, Wire.field(0x12, map)), Wire.field(0x32, Wire.field(0x2a, map)),
                Wire.field(0x32, Wire.field(0x1a, Wire.field(0x0a, map))),
                Wire.field(0x32, Wire.field(0x22, map)), Wire.field(0x3a, Wire.field(0x1a, bytes)),
                Wire.field(0x42, Wire.field(0x0a, Wire.field(0x12, bytes))), Wire.field(0x4a, Wire.field(0x42, bytes)),
                Wire.field(0x52, Wire.field(0x1a, map)),
            ]
            for place in places {
                expectRefused(Wire.request(eventFields: place), .invalidUTF8, "\(bytes) in \(place)")
            }
            expectRefused(Wire.request(privateValue: Wire.field(0x1a, bytes)), .invalidUTF8, "Struct string")
            expectRefused(Wire.field(0x0a, Wire.field(0x12, Wire.field(0x1a, map))), .invalidUTF8, "identifier")
            try expectAccepted(
                Wire.request(eventFields: Wire.field(0x7a, bytes)), events: 1, "unknown fields are bytes")
        }
        try expectAccepted(Wire.request(eventFields: Wire.field(0x0a, "é中👩‍🚀\u{10ffff} and the end")), events: 1)
    }

    @Test func truncationAnywhereIsAnErrorOrAShorterMessage() throws {
        let whole = Wire.field(0x0a, Wire.field(0x0a, "r")) + Wire.request(eventFields: Wire.field(0x2a, [0x0a, 0x00]))
        for length in 0...whole.count {
            var scanner = WireScanner()
            let bytes = Array(whole.prefix(length))
            #expect(
                Verdict.scanned(bytes, acknowledgeRefused: true, by: &scanner)
                    == Verdict.oracle(bytes, acknowledgeRefused: true), "\(length) bytes")
        }
    }

    @Test func aMalformedMessageLeavesNoResults() throws {
        var scanner = WireScanner()
        let bytes = Wire.request(eventFields: []) + [0x0f]
        #expect(throws: WireError.self) {
            try bytes.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
        #expect(scanner.acceptedIndex.isEmpty && scanner.acknowledgement.isEmpty && scanner.refused.isEmpty)
    }

    @Test func messagesAboveTheLimitAreNotRead() {
        var scanner = WireScanner(limits: WireLimits(maximumMessageBytes: 8))
        let error = #expect(throws: WireError.self) {
            try [UInt8](repeating: 0, count: 9).withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func moreEventsThanTheLimitAreNotTaken() throws {
        var scanner = WireScanner(limits: WireLimits(maximumEvents: 3))
        let event: [UInt8] = [0x0a, 0x00]
        let three = Wire.field(0x12, event + event + Wire.field(0x0a, Wire.acceptableFields))
        #expect(try three.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) } == .events)
        let error = #expect(throws: WireError.self) {
            try (three + Wire.field(0x12, event)).withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: true) }
        }
        #expect(error?.code == .tooManyEvents)
        #expect(scanner.refused.isEmpty)
    }
}
