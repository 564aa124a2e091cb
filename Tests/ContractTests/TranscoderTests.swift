internal import Contract
internal import SwiftProtobuf
internal import Testing

/// What the transcoder writes, and what it leaves to the decoder.
@Suite struct TranscoderTests {
    private func renderer() throws -> MessageRenderer {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.identifier.managedService.serviceID = "pings"
        return try MessageRenderer(metadata: metadata.serializedBytes())
    }

    private let behind = #","metadata":{"identifier":{"managedService":{"serviceId":"pings"}}}}"#

    /// The event's JSON as the transcoder alone writes it; nil when it declines.
    private func transcoded(_ event: [UInt8]) throws -> String? {
        var renderer = try renderer()
        var arena = MessageArena()
        guard event.withUnsafeBytes({ renderer.transcode(event: $0, into: &arena) }) else {
            #expect(arena.bytes.isEmpty && arena.messages.isEmpty)
            return nil
        }
        let message = String(decoding: arena.bytes[arena.messages[0].data], as: UTF8.self)
        #expect(message.hasPrefix(#"{"event":"#) && message.hasSuffix(behind), "\(message)")
        return String(message.dropFirst(9).dropLast(behind.count))
    }

    private func transcoded(_ event: Telemetrygateway_V1_Event) throws -> String? {
        try transcoded(event.serializedBytes() as [UInt8])
    }

    /// The event's JSON however it is made.
    private func rendered(_ event: [UInt8]) throws -> String {
        var renderer = try renderer()
        var arena = MessageArena()
        try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        return String(decoding: arena.bytes[arena.messages[0].data].dropFirst(9).dropLast(behind.count), as: UTF8.self)
    }

    /// An event whose only content is private metadata with `k` of these bytes.
    private func privateValue(_ value: [UInt8]) -> [UInt8] {
        Wire.field(0x32, Wire.field(0x1a, Wire.field(0x0a, Wire.field(0x0a, "k") + Wire.field(0x12, value))))
    }

    /// A value that is an object with one null member.
    private func structValue(of key: String) -> [UInt8] {
        Wire.field(0x2a, Wire.field(0x0a, Wire.field(0x0a, key) + Wire.field(0x12, [0x08, 0])))
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "-0"), (1, "1"), (-7, "-7"), (9_007_199_254_740_992, "9007199254740992"),
        (9_007_199_254_740_994, "9.007199254740994e+15"), (0.5, "0.5"), (-12.25, "-12.25"), (0.1, "0.1"),
        (100.000001, "100.000001"), (0.1 + 0.2, "0.30000000000000004"), (1e21, "1e+21"),
        (.leastNonzeroMagnitude, "5e-324"),
        (1e-4, "0.0001"), (1.7976931348623157e308, "1.7976931348623157e+308"), (.nan, #""NaN""#),
        (.infinity, #""Infinity""#), (-.infinity, #""-Infinity""#),
    ])
    func numbers(value: Double, text: String) throws {
        var event = Telemetrygateway_V1_Event()
        event.parameters.metadata["n"] = value
        #expect(try transcoded(event) == #"{"parameters":{"metadata":{"n":\#(text)}}}"#)
    }

    @Test(arguments: [
        (-62_135_596_800, 0, "0001-01-01T00:00:00Z"), (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
        (0, 0, "1970-01-01T00:00:00Z"), (-1, 1, "1969-12-31T23:59:59.000000001Z"),
        (951_782_399, 100_000_000, "2000-02-28T23:59:59.100Z"), (951_782_400, 120, "2000-02-29T00:00:00.000000120Z"),
        (4_107_542_399, 123_400_000, "2100-02-28T23:59:59.123400Z"), (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
    ])
    func timestamps(seconds: Int64, nanoseconds: Int32, text: String) throws {
        var event = Telemetrygateway_V1_Event()
        event.timestamp.seconds = seconds
        event.timestamp.nanos = nanoseconds
        #expect(try transcoded(event) == #"{"timestamp":"\#(text)"}"#)
    }

    @Test(arguments: [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 1_000_000_000)])
    func timestampsBeyondTheBoundsAreDeclined(seconds: Int64, nanoseconds: Int32) throws {
        var event = Telemetrygateway_V1_Event()
        event.timestamp.seconds = seconds
        event.timestamp.nanos = nanoseconds
        #expect(try transcoded(event) == nil)
    }

    @Test func textIsEscaped() throws {
        var event = Telemetrygateway_V1_Event()
        event.id = "\u{0}\u{1f}\"\\/\u{8}\t\n\u{c}\r é中🚀\u{2028}"
        #expect(
            try transcoded(event) == #"{"id":"\u0000\u001f\"\\/\b\t\n\f\r é中🚀"# + "\u{2028}" + #""}"#)
    }

    /// Every special byte at every place of a word, and in front of the end of the event.
    @Test func textOfEveryLength() throws {
        for length in 0...20 {
            for place in 0...length {
                let text = String(repeating: "x", count: place) + "\n" + String(repeating: "y", count: length - place)
                let escaped = text.replacing("\n", with: #"\n"#)
                #expect(try transcoded(Wire.field(0x0a, text)) == #"{"id":"\#(escaped)"}"#)
                #expect(
                    try transcoded(Wire.field(0x1a, text) + [0x2a, 0]) == #"{"feature":"\#(escaped)","source":{}}"#)
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xc0, 0x80], [0xc2], [0xc2, 0x41], [0xe0, 0x9f, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xb8],
            [0xf5, 0x80, 0x80, 0x80],
            [0xf0, 0x8f, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x9a], [0xff],
        ] as [[UInt8]])
    func textThatIsNotUTF8IsDeclined(bytes: [UInt8]) throws {
        #expect(try transcoded(Wire.field(0x0a, bytes)) == nil)
        #expect(try transcoded(Wire.field(0x0a, Array("abc".utf8) + bytes + Array("defghijkl".utf8))) == nil)
        // Not part of the event, so nobody cares.
        #expect(try transcoded(Wire.field(0x5a, bytes)) == "{}")
    }

    @Test func presence() throws {
        var event = Telemetrygateway_V1_Event()
        event.source.client.version = ""
        event.parameters = .init()
        event.user.userID = 0
        event.user.anonymousUserID = ""
        event.featureFlags = .init()
        event.interaction.geolocation = .init()
        #expect(
            try transcoded(event)
                == #"{"source":{"client":{"version":""}},"parameters":{},"user":{"userId":"0","anonymousUserId":""},"#
                + #""featureFlags":{},"interaction":{"geolocation":{}}}"#)
    }

    @Test func mapsAreSortedByBytes() throws {
        var event = Telemetrygateway_V1_Event()
        event.featureFlags.flags = [
            "b": "1", "a": "2", "": "3", "ab": "4", "longer than eight": "5", "longer thao": "6",
        ]
        #expect(
            try transcoded(event)
                == #"{"featureFlags":{"flags":{"":"3","a":"2","ab":"4","b":"1","longer than eight":"5","longer thao":"6"}}}"#
        )
        var members: [String] = []
        for number in 0..<1000 { event.parameters.metadata["\(number)"] = Double(number) }
        for number in (0..<1000).map(String.init).sorted() { members.append(#""\#(number)":\#(number)"#) }
        event.clearFeatureFlags()
        #expect(try transcoded(event) == #"{"parameters":{"metadata":{"# + members.joined(separator: ",") + "}}}")
    }

    @Test func legacyMetadataWinsAndTheLastEntryWins() throws {
        func entry(_ tag: UInt8, _ key: String, _ value: [UInt8]) -> [UInt8] {
            Wire.field(tag, Wire.field(0x0a, key) + value)
        }
        let two: [UInt8] = [0x11, 0, 0, 0, 0, 0, 0, 0, 0x40]
        let parameters =
            entry(0x12, "both", [0x10, 5]) + entry(0x12, "old", [0x10, 6]) + entry(0x12, "both", [0x10, 7])
            + entry(0x2a, "new", two) + entry(0x2a, "both", two) + entry(0x2a, "none", []) + entry(0x2a, "new", [])
        #expect(
            try transcoded(Wire.field(0x32, parameters))
                == #"{"parameters":{"metadata":{"both":7,"new":0,"none":0,"old":6}}}"#)
    }

    @Test func structs() throws {
        let structure = try Google_Protobuf_Struct(
            jsonString: #"{"list":[1,"two",false,null,[[]]],"empty":{},"null":null,"nested":{"b":{},"a":1.5}}"#)
        var event = Telemetrygateway_V1_Event()
        event.parameters.privateMetadata = structure
        #expect(
            try transcoded(event)
                == #"{"parameters":{"privateMetadata":{"empty":{},"list":[1,"two",false,null,[[]]],"#
                + #""nested":{"a":1.5,"b":{}},"null":null}}}"#)
    }

    @Test func unknownFieldsAreSkipped() throws {
        let group: [UInt8] = [0x9b, 0x06] + Wire.field(0x0a, "x") + [0x9c, 0x06]
        let event = group + Wire.field(0x0a, "id") + [0x08, 0x01] + Wire.field(0x1a, "f") + [0xa5, 0x06, 1, 2, 3, 4]
        #expect(try transcoded(event) == #"{"id":"id","feature":"f"}"#)
    }

    /// Each is left to the decoder, and rendered all the same.
    @Test func unusualShapesAreDecoded() throws {
        let source = Wire.field(0x2a, Wire.field(0x12, Wire.field(0x0a, "a")))
        let cases: [(event: [UInt8], json: String)] = [
            ([], "{}"),
            (Wire.field(0x1a, "f") + Wire.field(0x0a, "id"), #"{"id":"id","feature":"f"}"#),
            (Wire.field(0x0a, "one") + Wire.field(0x0a, "two"), #"{"id":"two"}"#),
            (
                source + Wire.field(0x2a, Wire.field(0x12, [0x12, 0])),
                #"{"source":{"client":{"name":"a","version":""}}}"#
            ),
            (privateValue([0x20, 1] + Wire.field(0x1a, "x")), #"{"parameters":{"privateMetadata":{"k":"x"}}}"#),
            (
                Wire.field(0x42, Wire.field(0x0a, [0x0a, 0, 0x12, 0]) + Wire.field(0x0a, Wire.field(0x12, "x"))),
                #"{"featureFlags":{"flags":{"":"x"}}}"#
            ),
            // The value of an entry in two pieces: objects are merged.
            (
                Wire.field(
                    0x32,
                    Wire.field(
                        0x1a,
                        Wire.field(
                            0x0a,
                            Wire.field(0x0a, "k") + Wire.field(0x12, structValue(of: "a"))
                                + Wire.field(0x12, structValue(of: "b"))))),
                #"{"parameters":{"privateMetadata":{"k":{"a":null,"b":null}}}}"#
            ),
        ]
        for (event, json) in cases {
            #expect(try transcoded(event) == nil, "\(json)")
            #expect(try rendered(event) == json)
        }
    }

    @Test func decodedEventsAreSortedToo() throws {
        let keys = (0..<50).map { "key\($0)" }
        var event = Telemetrygateway_V1_Event()
        for key in keys { event.parameters.privateMetadata.fields[key] = 1 }
        let bytes: [UInt8] = try event.serializedBytes()
        // The empty parameters are merged.
        #expect(try rendered(bytes + [0x32, 0]) == transcoded(bytes))
    }

    @Test func valuesWithoutJSONAreErrors() throws {
        let infinity: [UInt8] = [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]
        let withoutValue = Wire.field(0x32, Wire.field(0x1a, Wire.field(0x0a, Wire.field(0x0a, "k"))))
        for event in [privateValue([]), privateValue(infinity), withoutValue] {
            #expect(try transcoded(event) == nil)
            let error = #expect(throws: RenderError.self) { try rendered(event) }
            #expect(error?.code == .unrenderable)
        }
    }

    /// What a later entry replaces must be sound all the same.
    @Test func replacedEntriesAreChecked() throws {
        func entry(_ value: [UInt8]) -> [UInt8] { Wire.field(0x0a, Wire.field(0x0a, "k") + Wire.field(0x12, value)) }
        let text = Array("x".utf8)
        #expect(
            try rendered(Wire.field(0x42, entry(text) + entry([]))) == #"{"featureFlags":{"flags":{"k":""}}}"#)
        let null: [UInt8] = [0x08, 0]
        for event in [
            Wire.field(0x42, entry([0xff]) + entry(text)),
            Wire.field(0x32, Wire.field(0x1a, entry([0x1a, 1, 0xff]) + entry(null))),
            Wire.field(0x32, Wire.field(0x1a, entry([0x0f]) + entry(null))),
        ] {
            #expect(try transcoded(event) == nil)
            let error = #expect(throws: RenderError.self) { try rendered(event) }
            #expect(error?.code == .undecodable)
        }
    }

    @Test func depthIsLimited() throws {
        /// An event with lists in each other, so that it has `depth` messages from itself to the innermost value.
        func event(depth: Int) -> [UInt8] {
            var value: [UInt8] = [0x08, 0]
            for _ in 0..<(depth - 4) / 2 { value = Wire.field(0x32, Wire.field(0x0a, value)) }
            return privateValue(value)
        }
        #expect(try transcoded(event(depth: 100)) != nil)
        #expect(try transcoded(event(depth: 102)) == nil)
        let error = #expect(throws: RenderError.self) { try rendered(event(depth: 102)) }
        #expect(error?.code == .undecodable)
    }

    /// Keys are bytes: the decoder's dictionary would take these for one.
    @Test func equivalentKeysStayApart() throws {
        let flags = ["\u{e9}", "e\u{301}"].map { Wire.field(0x0a, Wire.field(0x0a, $0) + Wire.field(0x12, "x")) }
        let json = try #require(try transcoded(Wire.field(0x42, flags[0] + flags[1])))
        let expected = #"{"featureFlags":{"flags":{"e"# + "\u{301}" + #"":"x",""# + "\u{e9}" + #"":"x"}}}"#
        #expect(Array(json.utf8) == Array(expected.utf8))
    }

    @Test func sizesFromSmallToLargeInOneArena() throws {
        var renderer = try renderer()
        var arena = MessageArena()
        var texts: [String] = []
        for exponent in 0..<18 { texts += [String(repeating: "\u{1}", count: 1 << exponent), "x"] }
        for text in texts {
            let event = Wire.field(0x0a, text)
            #expect(event.withUnsafeBytes { renderer.transcode(event: $0, into: &arena) })
        }
        for (text, message) in zip(texts, arena.messages) {
            let expected = #"{"event":{"id":""# + text.replacing("\u{1}", with: #"\u0001"#) + #""}"# + behind
            #expect(arena.bytes[message.data].elementsEqual(expected.utf8))
        }
    }

    @Test func scratchGrowsWithTheEvent() throws {
        var members: [UInt8] = []
        for number in 0..<66_000 {
            members += Wire.field(0x2a, Wire.field(0x0a, "\(number)") + [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
        }
        var comparison = try RenderingComparison()
        #expect(comparison.difference(Wire.field(0x32, members)) == nil)
        #expect(comparison.accepted == 1 && comparison.declined == 0)
    }
}
