internal import Contract
internal import SwiftProtobuf
internal import Testing

/// Request bodies as clients send them, and as they should not.
@Suite struct BodyTests {
    static let event =
        #"{"id":"1","feature":"cody.chat","action":"opened","timestamp":"2026-01-31T23:59:59.123Z"}"#

    /// Ids of events and codes of problems, in order.
    private func read(
        _ text: String, as format: EventBodyFormat, limits: EventBodyLimits = .standard
    ) throws -> [String] {
        try read(Array(text.utf8), as: format, limits: limits)
    }

    private func read(
        _ bytes: [UInt8], as format: EventBodyFormat, limits: EventBodyLimits = .standard
    ) throws -> [String] {
        var body = try EventBody(bytes, format: format, limits: limits)
        while try body.decode(portion: 1) {}
        return body.items.map {
            switch $0 {
            case .event(_, let id): id
            case .problem(let problem): "\(problem.number)@\(problem.offset) \(problem.code.rawValue)"
            }
        }
    }

    private func refusal(
        _ text: String, as format: EventBodyFormat, limits: EventBodyLimits = .standard
    ) -> EventBodyError.Code? {
        refusal(Array(text.utf8), as: format, limits: limits)
    }

    private func refusal(
        _ bytes: [UInt8], as format: EventBodyFormat, limits: EventBodyLimits = .standard
    ) -> EventBodyError.Code? {
        do {
            _ = try read(bytes, as: format, limits: limits)
            return nil
        } catch {
            return (error as? EventBodyError)?.code
        }
    }

    @Test(arguments: [
        ("application/x-ndjson", EventBodyFormat.lines), ("application/json", .array),
        ("Application/JSON; charset=utf-8", .array), (" application/x-ndjson ;charset=UTF-8", .lines),
    ]) func theContentTypeDecides(type: String, format: EventBodyFormat) {
        #expect(EventBodyFormat(contentType: type) == format)
    }

    @Test(arguments: ["", "text/plain", "application/jsonp", "application/x-protobuf", "json", ";"])
    func otherContentTypes(type: String) {
        #expect(EventBodyFormat(contentType: type) == nil)
    }

    @Test func linesBecomeTheRequestOfAStream() throws {
        let second = Self.event.replacing(#""1""#, with: #""é\u0000""#)
        var body = try EventBody(Array("\(Self.event)\n\n \t\r\n{\n\(second)\r\n".utf8), format: .lines)
        #expect(try body.decode() == false)
        guard body.items.count == 3, case .problem(let problem) = body.items[1] else {
            Issue.record("\(body.items)")
            return
        }
        #expect(body.items[0] == .event(ordinal: 0, id: "1"))
        #expect(body.items[2] == .event(ordinal: 1, id: "é\u{0}"))
        #expect(problem.code == .invalid && problem.number == 4)
        #expect(problem.offset == Self.event.utf8.count + 6)

        let request = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: body.request)
        #expect(request.events.events.map(\.id) == ["1", "é\u{0}"])
        #expect(request.events.events[0].timestamp.nanos == 123_000_000)
        var scanner = WireScanner()
        let payload = try body.request.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: false) }
        #expect(payload == .events && scanner.acceptedCount == 2)
    }

    @Test func arraysBecomeTheSame() throws {
        let lines = try read("\(Self.event)\n\(Self.event)\n", as: .lines)
        #expect(lines == ["1", "1"])
        #expect(try read("[\(Self.event),\(Self.event)]", as: .array) == lines)
        #expect(try read(" \n[ \(Self.event)\t,\r\n\(Self.event) ] \n", as: .array) == lines)
        let mixed = try read(
            #"[{"id":"]},{[\\\"","feature":"a"},7, "x,]" ,null,[{}],{"id":2}]"#, as: .array)
        let expected = [
            #"]},{[\""#, "2@34 not_an_object", "3@37 not_an_object", "4@44 not_an_object", "5@49 not_an_object",
            "6@54 invalid_event",
        ]
        #expect(mixed == expected)
    }

    @Test func nothingIsAnAnswerToo() throws {
        #expect(try read("", as: .lines) == [])
        #expect(try read("\n \r\n\n", as: .lines) == [])
        #expect(try read("[]", as: .array) == [])
        #expect(try read(" [ ] ", as: .array) == [])
        var body = try EventBody([], format: .lines)
        #expect(try body.decode() == false)
        #expect(body.request == [0x12, 0x00])
        #expect(refusal("", as: .array) == .empty)
        #expect(refusal(" \n", as: .array) == .empty)
    }

    @Test(arguments: [
        ("[{}", EventBodyError.Code.truncated), ("[", .truncated), ("[{},", .truncated), (#"[{"id":"a]"#, .truncated),
        (#"["\"#, .truncated), (#"[{"a":[}]"#, .truncated), ("[{},]", .malformed), ("[,{}]", .malformed),
        ("[{}{}]", .malformed), ("[{},,{}]", .malformed), ("[}]", .malformed), ("[{}] []", .malformed),
        ("[{}]{}", .malformed), ("[]]", .malformed), ("[1}]", .malformed), ("{}", .wrongShape), ("7", .wrongShape),
        ("{}\n{}", .wrongShape), ("\u{0}[]", .notText),
    ]) func arraysThatAreNone(text: String, code: EventBodyError.Code) {
        #expect(refusal(text, as: .array) == code)
    }

    @Test func linesThatAreNone() {
        #expect(refusal("[\(Self.event)]", as: .lines) == .wrongShape)
        #expect(refusal("hello\nworld", as: .lines) == .wrongShape)
        #expect(refusal([0x1f, 0x8b, 0x08, 0x00], as: .lines) == .notText)
        #expect(refusal([0xff, 0xfe, 0x7b, 0x00], as: .lines) == .notText)
        #expect(refusal([0x7b, 0x00, 0x7d, 0x00], as: .lines) == .notText)
    }

    @Test func aByteOrderMarkIsSkipped() throws {
        #expect(try read([0xef, 0xbb, 0xbf] + Array(Self.event.utf8), as: .lines) == ["1"])
        #expect(try read([0xef, 0xbb, 0xbf] + Array("[\(Self.event)]".utf8), as: .array) == ["1"])
        // Only at the beginning of the body.
        #expect(
            try read(Array("{}\n".utf8) + [0xef, 0xbb, 0xbf] + Array("{}".utf8), as: .lines) == [
                "", "2@3 not_an_object",
            ])
    }

    @Test(arguments: [
        (#"{"id":"1"} {"id":"2"}"#, EventItemProblem.Code.invalid), (#"{"id":"1"},"#, .invalid),
        (#"{"id":"1""#, .invalid), (#"{"id":"1",}"#, .invalid), ("{'id':1}", .invalid), ("{id:1}", .invalid),
        (#"{"id":"\ud800"}"#, .invalid), (#"{"id":"\x"}"#, .invalid), (#"{"id":nul}"#, .invalid),
        (#"{"id":7}"#, .invalid), (#"{"timestamp":"yesterday"}"#, .invalid),
        (#"{"user":{"userId":"99999999999999999999"}}"#, .invalid),
        (#"{"parameters":{"version":1e99}}"#, .invalid),
        (#"{"parameters":{"metadata":{"a":1e999}}}"#, .invalid),
        (#"{"parameters":{"metadata":{"a":01}}}"#, .invalid), (#"{"Feature":"a"}"#, .unknownField),
        (#"{"newerField":{"a":[1]}}"#, .unknownField), ("\u{0}{}", .notObject), ("{\u{0}}", .invalid),
    ]) func itemsThatAreNoEvents(item: String, code: EventItemProblem.Code) throws {
        // In lines and in arrays, and between two good neighbours that are not touched.
        let lines = try read("\(Self.event)\n\(item)\n\(Self.event)", as: .lines)
        #expect(lines == ["1", "2@\(Self.event.utf8.count + 1) \(code.rawValue)", "1"])
        guard (try? EventBody(Array("[\(item)]".utf8), format: .array)) != nil else { return }
        let elements = try read("[\(Self.event),\(item),\(Self.event)]", as: .array)
        #expect(elements == ["1", "2@\(Self.event.utf8.count + 2) \(code.rawValue)", "1"])
    }

    @Test func invalidUTF8() throws {
        for damage in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]] as [[UInt8]] {
            let item = Array(#"{"id":""#.utf8) + damage + Array(#""}"#.utf8)
            let found = try read(Array(Self.event.utf8) + [0x0a] + item, as: .lines)
            #expect(found.count == 2 && found[0] == "1" && found[1].hasPrefix("2@"), "\(found)")
        }
    }

    /// A name that stands twice: SwiftProtobuf takes the last value of a field, and refuses a key of a map.
    @Test func duplicateNames() throws {
        #expect(try read(#"{"id":"1","id":"2"}"#, as: .lines) == ["2"])
        #expect(
            try read(#"{"parameters":{"metadata":{"a":1,"a":2}}}"#, as: .lines) == ["1@0 invalid_event"])
    }

    @Test func snakeCaseNamesAndNumbersAsText() throws {
        var body = try EventBody(
            Array(#"{"feature_flags":{"flags":{"a":"b"}},"user":{"userId":7,"anonymous_user_id":"x"}}"#.utf8),
            format: .lines)
        _ = try body.decode()
        let event = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: body.request).events.events[0]
        #expect(event.featureFlags.flags == ["a": "b"] && event.user.userID == 7 && event.user.anonymousUserID == "x")
    }

    /// What is decoded at the limit passes the wire scanner; one more is a problem of the item and of nothing else.
    @Test(arguments: ["[", #"{"a":"#]) func deepNesting(open: String) throws {
        let close = open == "[" ? "]" : "}"
        func event(depth: Int) -> String {
            let inner = depth - 3
            let value = String(repeating: open, count: inner) + "1" + String(repeating: close, count: inner)
            return #"{"id":"d","parameters":{"privateMetadata":{"a":\#(value)}}}"#
        }
        let limit = EventBodyLimits.standard.depth
        var body = try EventBody(Array(event(depth: limit).utf8), format: .lines)
        _ = try body.decode()
        #expect(body.items == [.event(ordinal: 0, id: "d")])
        var scanner = WireScanner()
        _ = try body.request.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: false) }
        #expect(
            try read("[\(event(depth: limit + 1)),\(Self.event)]", as: .array) == ["1@1 nested_too_deeply", "1"])
        let million = String(repeating: open, count: 1_000_000)
        #expect(try read(#"{"a":"# + million, as: .lines, limits: .standard).count == 1)
        #expect(refusal("[" + million, as: .array) == .truncated)
    }

    @Test func everyLimitHolds() throws {
        var limits = EventBodyLimits()
        limits.items = 2
        #expect(try read("{}\n{}\n", as: .lines, limits: limits).count == 2)
        #expect(refusal("{}\n{}\n{}", as: .lines, limits: limits) == .tooManyItems)
        #expect(refusal("[{},{},{}]", as: .array, limits: limits) == .tooManyItems)
        limits = EventBodyLimits()
        limits.itemBytes = Self.event.utf8.count
        #expect(
            try read("\(Self.event)\n \(Self.event) x\n", as: .lines, limits: limits) == [
                "1", "2@\(Self.event.utf8.count + 2) item_too_long",
            ])
        limits = EventBodyLimits()
        limits.bodyBytes = Self.event.utf8.count
        #expect(try read(Self.event, as: .lines, limits: limits) == ["1"])
        #expect(refusal(Self.event + "\n", as: .lines, limits: limits) == .tooLarge)
        limits = EventBodyLimits()
        limits.wireBytes = 100
        #expect(try read(Self.event, as: .lines, limits: limits) == ["1"])
        #expect(refusal("\(Self.event)\n\(Self.event)\n\(Self.event)", as: .lines, limits: limits) == .tooLarge)
    }

    @Test func problemsNeverRepeatTheItem() throws {
        let secret = "hunter2"
        for item in [#"{"id":\#(secret)}"#, #"{"timestamp":"\#(secret)"}"#, secret] {
            var body = try EventBody(Array("{}\n\(item)".utf8), format: .lines)
            _ = try body.decode()
            guard case .problem(let problem) = body.items[1] else {
                Issue.record("\(item) is an event")
                continue
            }
            #expect(!problem.message.contains(secret), "\(problem)")
        }
    }
}
