import Foundation
import SwiftProtobuf
import Testing

@testable import Contract

// This target has a JSONValue of its own.
private typealias JSON = Contract.JSONValue

@Suite struct EventEditTests {
    private static let json = """
        {"id":"e-1","timestamp":"2026-01-02T03:04:05Z","feature":"search","action":"view",
         "source":{"server":{"version":"5.4"},"client":{"name":"vscode"}},
         "parameters":{"version":1,"metadata":{"a":1.5,"b.c":2},"legacyMetadata":{"n":"7"},
           "privateMetadata":{"secret":"s3cr3t","list":[1,{"x":true},null],"deep":{"y":"z"}},
           "billingMetadata":{"product":"cody","category":"core"}},
         "user":{"userId":"9007199254740993","anonymousUserId":"u"},
         "featureFlags":{"flags":{"f":"on"}},
         "marketingTracking":{"url":"https://e.example/?q=\\"ü\\""},
         "interaction":{"traceId":"t","geolocation":{"countryCode":"DE"}}}
        """

    private static func event() throws -> Telemetrygateway_V1_Event {
        try Telemetrygateway_V1_Event(jsonString: json)
    }

    private func edited(
        _ text: String, _ change: (inout Telemetrygateway_V1_Event) -> Void = { _ in }
    ) throws -> Telemetrygateway_V1_Event {
        var event = try Self.event()
        change(&event)
        let bytes: [UInt8] = try event.serializedBytes()
        return try Telemetrygateway_V1_Event(serializedBytes: EventEdit(text).apply(to: bytes))
    }

    @Test(arguments: [
        "del(.parameters.privateMetadata.secret)", "del(.parameters.private_metadata.secret)",
        #"del(.parameters.privateMetadata["secret"])"#, #"del( ."parameters".["privateMetadata"]."secret" )"#,
    ]) func aMemberIsTakenOutAndNothingElseChanges(_ text: String) throws {
        var expected = try Self.event()
        expected.parameters.privateMetadata.fields["secret"] = nil
        #expect(try edited(text) == expected)
    }

    @Test func severalChangesAreMadeInOrder() throws {
        let event = try edited(
            #".feature = "code.search" | .parameters.metadata["new key"] = 1e2 | del(.user, .interaction.geolocation)"#
                + #" | .parameters.privateMetadata.list[1].x = [1, "two"] | del(.parameters.privateMetadata.list[0])"#
                + #" | .user.user_id = "3""#)
        #expect(event.feature == "code.search")
        #expect(event.parameters.metadata == ["a": 1.5, "b.c": 2, "new key": 100])
        #expect(event.user.userID == 3 && !event.user.hasAnonymousUserID)
        #expect(event.hasInteraction && !event.interaction.hasGeolocation)
        let list = try #require(event.parameters.privateMetadata.fields["list"]).listValue.values
        #expect(list.count == 2)
        #expect(list[0].structValue.fields["x"]?.listValue.values[1].stringValue == "two")
        #expect(list[1].nullValue == .nullValue)
    }

    @Test func whatIsMissingOnTheWayIsMade() throws {
        let event = try edited(#".parameters.privateMetadata.a.b = null"#) { $0.clearParameters() }
        let inner = try #require(event.parameters.privateMetadata.fields["a"]).structValue
        #expect(inner.fields["b"]?.nullValue == .nullValue)
    }

    @Test(arguments: ["del(.parameters.metadata.none)", "del(.parameters.privateMetadata.secret.x)", #".id = "e-1""#])
    func anEditThatChangesNothingGivesTheSameBytes(_ text: String) throws {
        // The field order of another encoder, and a field that the contract does not have.
        let bytes: [UInt8] = [0xFA, 0x01, 0x01, 0x41] + (try Self.event().serializedBytes() as [UInt8])
        #expect(try EventEdit(text).apply(to: bytes) == bytes)
    }

    @Test func unknownFieldsStayUnlessTheirMessageIsReplaced() throws {
        let unknown: [UInt8] = [0xFA, 0x3E, 0x02, 0x68, 0x69]
        func with(_ text: String) throws -> Telemetrygateway_V1_Event {
            var event = try Self.event()
            try event.merge(serializedBytes: unknown)
            try event.user.merge(serializedBytes: unknown)
            try event.source.server.merge(serializedBytes: unknown)
            let bytes: [UInt8] = try event.serializedBytes()
            return try Telemetrygateway_V1_Event(serializedBytes: EventEdit(text).apply(to: bytes))
        }
        let inside = try with(#".user.anonymousUserId = "other""#)
        #expect(
            [inside.unknownFields, inside.user.unknownFields, inside.source.server.unknownFields]
                .map(\.data) == Array(repeating: Data(unknown), count: 3))
        let replaced = try with(#".user = {"userId": 1} | .source.server.version = "6""#)
        #expect(replaced.unknownFields.data == Data(unknown))
        #expect(replaced.user.unknownFields.data.isEmpty)
        #expect(replaced.source.server.unknownFields.data == Data(unknown))
        #expect(try with("del(.user)").hasUser == false)
    }

    @Test(arguments: [
        ("", 0, "a path is expected"), ("feature = 1", 0, "begin with a dot"), (". = 1", 1, "member's name"),
        (".feature", 8, "“=”"), (".feature = x", 11, "JSON value"), (".feature = \"x\" del(.id)", 15, "“|” or the end"),
        ("del .id", 4, "“(”"), ("del(.id", 7, "“,” or “)”"), ("del()", 4, "a path is expected"),
        (".parameters.metadata[key] = 1", 21, "in quotes"), (".parameters.metadata[\"key = 1", 29, "not closed"),
        (".featur = 1", 0, "an event has no “featur”; it has action, feature"),
        (".feature = \"x\" | del(.user.name)", 26, ".user has no “name”"),
        ("del(.feature.x)", 12, ".feature is one value"), ("del(.user[0])", 9, ".user is no array"),
        ("del(.parameters.metadata.a.b)", 26, "is one value"), (".a.b-c = 1", 0, "an event has no “a”"),
        ("del(.id) |", 10, "a path is expected"), (".user.[ ] = 1", 8, "a key in quotes"),
        (".parameters.metadata[99999999999999999999] = 1", 21, "a key in quotes"),
    ]) func badEditsNameThePosition(_ text: String, _ position: Int, _ message: String) {
        let failure = #expect(throws: EventEditFailure.self) { try EventEdit(text) }
        #expect(failure?.position == position, "\(String(describing: failure))")
        #expect(failure?.message.contains(message) == true, "\(String(describing: failure))")
    }

    @Test(arguments: [
        (".parameters.privateMetadata.secret.x = 1", "has a text there, not an object"),
        (".parameters.privateMetadata.list.x = 1", "has an array there, not an object"),
        (".parameters.privateMetadata.deep[0] = 1", "has an object there, not an array"),
        (".parameters.privateMetadata.list[3] = 1", "has 3 elements"),
        (".feature = 1", "another type"), (".parameters.version = 1.5", "does not fit the contract"),
        (".timestamp = \"yesterday\"", "a time is like"), (".user = {\"nam\": 1}", "has no field “nam”"),
        (".feature = \"Search!\"", "breaks a rule (feature_action_malformed)"),
        ("del(.id)", "breaks a rule (event_id_required)"), (".parameters.metadata.a = \"x\"", "does not fit"),
    ]) func editsThatDoNotFitAnEventSayWhy(_ text: String, _ message: String) {
        let failure = #expect(throws: EventEditFailure.self) { try edited(text) }
        #expect(failure?.description.contains(message) == true, "\(String(describing: failure))")
    }

    @Test func bytesThatAreNoEventCanNotBeEdited() {
        let failure = #expect(throws: EventEditFailure.self) {
            try EventEdit("del(.id)").apply(to: [0xFF, 0xFF, 0xFF])
        }
        #expect(failure?.message.contains("no event of this contract") == true)
    }

    @Test func theShapeKnowsEveryFieldOfTheContract() throws {
        var members: Set<String> = []
        func visit(_ value: JSON, _ place: String) {
            guard case .object(let inner) = value else { return }
            for member in inner {
                members.insert(place + "." + member.name)
                visit(member.value, place + "." + member.name)
            }
        }
        visit(try JSON.read(Self.event().jsonUTF8Bytes()), "")
        for path in members where !path.contains("b.c") { _ = try EventEdit("del(\(path))") }
        #expect(members.count > 30)
    }
}
