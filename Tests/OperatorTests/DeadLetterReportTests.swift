internal import Contract
internal import Forwarder
internal import Foundation
internal import Operator
internal import Store
internal import Testing

@Suite struct DeadLetterReportTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    private func spool() async throws -> TemporarySpool {
        let spool = try TemporarySpool()
        try await spool.write([["a"]], receivedAt: Self.now - 1_000_000_000)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let first = try await ledger.register(destination: "first")
        try await spool.bury(["a"], batchEvents: 1, at: first, in: ledger)
        try await ledger.shutdown()
        try await spool.quarantine("q", reason: "oversized", receivedAt: Self.now)
        return spool
    }

    @Test func quarantinedEventsAreInTheSameList() async throws {
        let letters = try await spool().deadLetters()
        #expect(letters.map(\.kind) == [.refused, .quarantine])
        let text = DeadLetterReport.list(letters, now: Self.now, style: .plain, width: nil)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("ID "))
        #expect(lines[1].contains("waiting") && lines[1].contains("refused invalid_argument  instance-1  search/view"))
        #expect(lines[2].contains("oversized") && lines[2].hasSuffix("(ingest)"))
    }

    @Test func filtersLeaveOutWhatIsNotMeant() async throws {
        let spool = try await spool()
        #expect(try spool.deadLetters { $0.client = "instance-2" }.map(\.kind) == [.quarantine])
        #expect(try spool.deadLetters { $0.feature = "search" }.map(\.kind) == [.refused])
        #expect(try spool.deadLetters { $0.destination = "second" }.isEmpty)
        #expect(try spool.deadLetters { $0.to = 1_799_999_000_000_000_001 }.map(\.kind) == [.refused])
    }

    @Test func exportHasTheEventTwiceAndNoMetadataOfTheStream() async throws {
        for letter in try await spool().deadLetters() {
            let line = DeadLetterReport.json(letter, includesEvent: true).line
            let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let bytes = try #require((object["bytes"] as? String).flatMap { Data(base64Encoded: $0) })
            #expect(Array(bytes) == letter.bytes)
            let event = try #require(object["event"] as? [String: Any])
            #expect(event["id"] as? String == String(decoding: letter.eventID, as: UTF8.self))
            #expect(object["id"] as? String == letter.id.description)
            #expect(!letter.stream.metadata.isEmpty)
            #expect(!object.keys.contains("metadata"))
        }
    }

    @Test func detailsShowHistoryAndEvent() async throws {
        let letter = try #require(try await spool().deadLetters().first)
        let text = DeadLetterReport.details(letter, now: Self.now, style: .plain)
        for part in [
            "Dead letter 1\n", "reason        refused invalid_argument: the destination says no\n",
            "failed        2027-01-15T07:43:20.000Z invalid_argument: no\n", "sha256        \(letter.digest)\n",
            #""privateMetadata":{"secret":"s3cr3t"}"#,
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test func bytesThatAreNoEventAreShownAsTheyAre() async throws {
        var letter = try #require(try await spool().deadLetters().first)
        letter.bytes = [0xFF]
        #expect(DeadLetterReport.details(letter, now: Self.now, style: .plain).contains("bytes         /w==\n"))
        let line = String(decoding: DeadLetterReport.json(letter, includesEvent: true).line, as: UTF8.self)
        #expect(line.contains(#""event":null,"bytes":"/w==""#))
    }

    @Test func aQuarantinedEventIsSentAgainEdited() async throws {
        let spool = try await spool()
        let edit = try EventEdit("del(.parameters.privateMetadata)")
        var filter = DeadLetterFilter()
        filter.kind = .quarantine
        let result = try await ForwarderAccess(layout: spool.layout)
            .perform(.replayDeadLetters(filter, rate: nil, edit: edit, isDryRun: false))
        #expect(result.events == 1)
        let copy = try #require(try spool.deadLetters { $0.state = .replaying }.first)
        #expect(copy.kind == .quarantine && copy.destination == "first")
        #expect(copy.bytes == (try edit.apply(to: TemporarySpool.event("q"))))
    }
}
