internal import Contract
internal import Diagnosis
internal import Testing

@testable import Store

/// A row for each rule: facts, and every verdict that is not `ok`.
@Suite struct SenderDiagnosisTests {
    private static let second: Int64 = 1_000_000_000
    private static let hour: Int64 = 3600 * second
    private static let now: Int64 = 1_800_000_000 * second

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let expected: [DiagnosisCheck.Subject: DiagnosisVerdict]
        let change: @Sendable (inout SenderFacts) -> Void

        init(
            _ name: String, _ expected: [DiagnosisCheck.Subject: DiagnosisVerdict],
            _ change: @escaping @Sendable (inout SenderFacts) -> Void
        ) {
            self.name = name
            self.expected = expected
            self.change = change
        }

        var testDescription: String { name }
    }

    private static func sender() -> SenderRecord {
        SenderRecord(
            id: 1, source: "licensed_instance", client: "i", kind: .licensedInstance, externalURL: "https://i.example",
            environment: "", version: "5.6.0",
            licence: SenderLicence(
                digest: "0123456789ab", tags: ["plan:enterprise-1"], createdAt: 1_705_276_800,
                expiresAt: 1_900_000_000),
            firstSeenAt: now - 1000 * hour, lastSeenAt: now - 60 * second, lastStreamAt: now - 60 * second,
            lastOrigin: .stream, lastEventsAt: now - 59 * second, streams: 10, batches: 20, accepted: 100,
            quarantined: 0, duplicates: 0, refusals: 0)
    }

    private static func destination(_ name: String = "pubsub://p/t") -> ClientFigures.Destination {
        var destination = ClientFigures.Destination(name: name)
        destination.outcomes.delivered = 100
        destination.state = DestinationState()
        destination.lastReceipt = EventReceipt(deliveredAt: now - 58 * second, messageID: "4711")
        return destination
    }

    private static func fine() -> SenderFacts {
        var facts = SenderFacts(now: now, query: .client("i"))
        facts.sender = sender()
        facts.figures.isInLedger = true
        facts.figures.storedEvents = 100
        facts.figures.destinations = [destination()]
        return facts
    }

    private static func licence(_ tags: [String], createdAt: Int64? = 1_705_276_800, expiresAt: Int64? = nil)
        -> SenderLicence
    {
        SenderLicence(digest: "0123456789ab", tags: tags, createdAt: createdAt, expiresAt: expiresAt)
    }

    private static func refusal(_ reason: String, at: Int64) -> SenderRefusal {
        SenderRefusal(at: at, reason: reason, code: "INVALID_ARGUMENT", message: "because")
    }

    private static func waits(_ facts: inout SenderFacts, for time: Int64) {
        facts.figures.destinations[0].waitingEvents = 5
        facts.figures.destinations[0].oldestWaitingAt = now - time
    }

    private static let licenceRows: [Row] = [
        Row("nothing wrong", [:]) { _ in },
        Row("no licence", [:]) {
            $0.sender?.kind = .unlicensedInstance
            $0.sender?.licence = nil
        },
        Row("a managed service", [:]) {
            $0.sender?.kind = .managedService
            $0.sender?.licence = nil
            $0.sender?.version = ""
        },
        Row("the tag that disables, and events", [.licenceTags: .lookHere]) {
            $0.sender?.licence = licence(["allow-air-gapped"])
        },
        Row("the tag that disables, and none", [.licenceTags: .problem]) {
            $0.sender?.licence = licence(["allow-air-gapped"])
            $0.sender?.accepted = 0
            $0.figures.storedEvents = 0
        },
        Row("the tag that limits", [.licenceTags: .lookHere]) {
            $0.sender?.licence = licence(["dev", " disable-telemetry-events-export "])
        },
        Row("a licence from before", [.licenceTags: .lookHere]) {
            $0.sender?.licence = licence([], createdAt: ExportMode.exportedSince - 1)
        },
        Row("a licence from the first day", [:]) {
            $0.sender?.licence = licence([], createdAt: ExportMode.exportedSince)
        },
        Row("a licence without a time", [.licenceTags: .lookHere]) { $0.sender?.licence = licence([], createdAt: nil) },
        Row("no genuine licence", [.licenceTags: .notKnown, .licence: .notKnown]) { $0.sender?.licence = nil },
        Row("an expired licence that is accepted", [.licence: .lookHere]) {
            $0.sender?.licence = licence([], expiresAt: now / second - 1)
        },
        Row("an expired licence that is refused", [.licence: .problem, .lastRefusal: .problem]) {
            $0.sender?.licence = licence([], expiresAt: now / second - 1)
            $0.sender?.lastRefusal = refusal("licence", at: now)
        },
    ]

    private static let versionRows: [Row] = [
        Row("before the export", [.version: .problem]) { $0.sender?.version = "5.1.9" },
        Row("opt-in", [.version: .lookHere]) { $0.sender?.version = "5.2.0" },
        Row("without its URL", [.version: .lookHere]) { $0.sender?.version = "5.2.5" },
        Row("with its URL", [:]) { $0.sender?.version = "5.2.6" },
        Row("a build between releases", [.version: .notKnown]) { $0.sender?.version = "267337_2024-04-25_5.3-4a3b" },
        Row("no version", [.version: .notKnown]) { $0.sender?.version = "" },
    ]

    private static let incomingRows: [Row] = [
        Row("silent for three hours", [.lastStream: .lookHere]) {
            $0.sender?.lastStreamAt = now - 3 * hour
            $0.sender?.lastEventsAt = now - 3 * hour
        },
        Row("silent for two days", [.lastStream: .problem]) {
            $0.sender?.lastStreamAt = now - 48 * hour
            $0.sender?.lastEventsAt = now - 48 * hour
        },
        Row("a service that is silent for three hours", [:]) {
            $0.sender?.kind = .managedService
            $0.sender?.lastStreamAt = now - 3 * hour
            $0.sender?.lastEventsAt = nil
        },
        Row("a service that is silent for two days", [.lastStream: .lookHere]) {
            $0.sender?.kind = .managedService
            $0.sender?.lastStreamAt = now - 48 * hour
            $0.sender?.lastEventsAt = nil
        },
        Row("a stream that goes on for long", [:]) {
            $0.sender?.lastStreamAt = now - 48 * hour
            $0.sender?.lastEventsAt = now
        },
        Row("streams without events", [.lastStream: .lookHere]) {
            $0.sender?.batches = 0
            $0.sender?.accepted = 0
            $0.sender?.lastEventsAt = nil
            $0.figures.storedEvents = 0
            $0.figures.destinations[0].outcomes.delivered = 0
        },
        Row("never admitted", [.lastStream: .problem, .lastRefusal: .problem]) {
            $0.sender?.lastStreamAt = nil
            $0.sender?.lastEventsAt = nil
            $0.sender?.lastRefusal = refusal("permission_denied", at: now)
        },
        Row("refused since", [.lastRefusal: .problem]) { $0.sender?.lastRefusal = refusal("client_share", at: now) },
        Row("refused an hour ago, admitted since", [.lastRefusal: .lookHere]) {
            $0.sender?.lastRefusal = refusal("spool_full", at: now - hour)
        },
        Row("refused two days ago, admitted since", [:]) {
            $0.sender?.lastRefusal = refusal("spool_full", at: now - 48 * hour)
        },
        Row("some in quarantine", [.quarantined: .lookHere]) {
            $0.sender?.quarantined = 3
            $0.sender?.quarantinedByReason = [SenderReason(reason: "oversized", count: 3, lastAt: now)]
        },
        Row("all in quarantine", [.quarantined: .problem]) {
            $0.sender?.accepted = 0
            $0.sender?.quarantined = 3
            $0.figures.storedEvents = 0
            $0.figures.destinations[0].outcomes.delivered = 0
        },
        Row("in quarantine of the ledger only", [.quarantined: .lookHere]) {
            $0.figures.quarantined = [
                ClientFigures.Quarantined(
                    reason: "oversized", detail: "too large", events: 1, newestAt: now,
                    newest: .quarantine(segment: 1, row: 2))
            ]
        },
    ]

    private static let outgoingRows: [Row] = [
        Row("waiting for a moment", [:]) { waits(&$0, for: 5 * second) },
        Row("waiting in a backlog", [.waiting: .lookHere]) { waits(&$0, for: hour) },
        Row("waiting without a forwarder", [.waiting: .problem]) {
            waits(&$0, for: 5 * second)
            $0.forwarderIsRunning = false
        },
        Row("nothing waits without a forwarder", [:]) { $0.forwarderIsRunning = false },
        Row("waiting behind a breaker", [.waiting: .problem]) {
            waits(&$0, for: 5 * second)
            $0.figures.destinations[0].state = DestinationState(breaker: .open, lastErrorCode: "unavailable")
        },
        Row("waiting behind a probe", [.waiting: .problem]) {
            waits(&$0, for: 5 * second)
            $0.figures.destinations[0].state = DestinationState(breaker: .halfOpen, lastErrorCode: "unavailable")
        },
        Row("waiting behind a pause", [.waiting: .problem]) {
            waits(&$0, for: 5 * second)
            $0.figures.destinations[0].state = DestinationState(isPaused: true, pauseReason: "moving")
        },
        Row("waiting at one of two", [.waiting: .problem]) {
            $0.figures.destinations.append(destination("file:///x"))
            waits(&$0, for: 5 * second)
            $0.figures.destinations[0].state = DestinationState(isPaused: true)
        },
        Row("waiting at a destination that is not configured", [:]) {
            $0.figures.destinations.append(destination("file:///x"))
            waits(&$0, for: hour)
            $0.figures.destinations[0].isActive = false
        },
        Row("no forwarder ever", [.waiting: .problem, .delivered: .notKnown]) { $0.figures.destinations = [] },
        Row("no receipt", [:]) { $0.figures.destinations[0].lastReceipt = nil },
        Row("nothing delivered, all waits", [.waiting: .lookHere, .delivered: .lookHere]) {
            waits(&$0, for: hour)
            $0.figures.destinations[0].outcomes.delivered = 0
        },
        Row("given up", [.delivered: .lookHere]) { $0.figures.destinations[0].outcomes.expired = 1 },
        Row("damaged", [.delivered: .lookHere]) { $0.figures.destinations[0].outcomes.damaged = 1 },
        Row("dead", [.dead: .problem]) {
            $0.figures.letters = [
                ClientFigures.Letters(
                    destination: "pubsub://p/t", reason: "refused", code: "invalid", message: "no", events: 2,
                    newest: 17,
                    newestAt: now)
            ]
        },
        Row("no time to look", [.waiting: .notKnown]) { $0.figures.isComplete = false },
    ]

    private static let unknownRows: [Row] = [
        Row(
            "a directory that can not be read",
            [
                .licenceTags: .notKnown, .licence: .notKnown, .version: .notKnown, .lastStream: .notKnown,
                .lastRefusal: .notKnown,
            ]
        ) {
            $0.sender = nil
            $0.directory = .unreadable("damaged")
        },
        Row(
            "only the spool knows it",
            [
                .licenceTags: .notKnown, .licence: .notKnown, .version: .notKnown, .lastStream: .notKnown,
                .lastRefusal: .notKnown,
            ]
        ) {
            $0.sender = nil
            $0.figures.newestStoredAt = now
        },
    ]

    static let rows = licenceRows + versionRows + incomingRows + outgoingRows + unknownRows

    @Test(arguments: rows) func verdicts(_ row: Row) {
        var facts = Self.fine()
        row.change(&facts)
        let diagnosis = SenderDiagnosis(facts).diagnosis
        let others = diagnosis.checks.filter { $0.verdict != .ok }
        #expect(
            Dictionary(uniqueKeysWithValues: others.map { ($0.subject, $0.verdict) }) == row.expected,
            "\(diagnosis.checks.map { "\($0.subject): \($0.verdict), \($0.text)" })")
        #expect(
            diagnosis.checks.map(\.subject) == [
                .licenceTags, .licence, .version, .lastStream, .lastRefusal, .quarantined, .waiting, .delivered, .dead,
            ], "the order of the old page")
        let isTrouble = row.expected.values.contains { $0 == .problem || $0 == .lookHere }
        #expect(diagnosis.outcome == (isTrouble ? .trouble : .fine))
        for problem in others where problem.verdict == .problem {
            let isExplained = problem.next != nil || others.contains { $0 != problem && $0.next != nil }
            #expect(isExplained, "a problem says what to do")
        }
        #expect(diagnosis.checks.allSatisfy { !$0.text.isEmpty })
    }

    @Test func somebodyNobodyHasHeardOf() {
        for (directory, verdict) in [
            (SenderFacts.Directory.read, DiagnosisVerdict.problem), (.absent, .notKnown),
            (.unreadable("damaged"), .notKnown),
        ] {
            var facts = SenderFacts(now: Self.now, query: .url("https://nobody.example"))
            facts.directory = directory
            let diagnosis = SenderDiagnosis(facts).diagnosis
            #expect(diagnosis.outcome == .unknown)
            #expect(diagnosis[.lastStream] == verdict)
        }
        let diagnosis = SenderDiagnosis(SenderFacts(now: Self.now, query: .url("https://nobody.example"))).diagnosis
        #expect(diagnosis.next.first?.contains("5.2.6") == true, "it may be too old to send its URL")
    }

    @Test func problemsAreFirstAmongWhatToDo() {
        var facts = Self.fine()
        facts.sender?.version = "5.2.0"
        facts.figures.letters = [
            ClientFigures.Letters(
                destination: "d", reason: "refused", code: "invalid", message: "no", events: 2, newest: 17,
                newestAt: Self.now)
        ]
        let next = SenderDiagnosis(facts).diagnosis.next
        #expect(next.count == 2)
        #expect(next[0].contains("dead-letters show 17"))
        #expect(next[1].contains("5.2.1"))
    }

    @Test func theTextsNameWhatWasFound() throws {
        var facts = Self.fine()
        facts.sender?.lastRefusal = Self.refusal("licence", at: Self.now)
        facts.sender?.refusals = 3
        facts.sender?.refusalsByReason = [SenderReason(reason: "licence", count: 3, lastAt: Self.now)]
        let checks = SenderDiagnosis(facts).diagnosis.checks
        let refusal = try #require(checks.first { $0.subject == .lastRefusal })
        #expect(refusal.text.contains("INVALID_ARGUMENT “because”"))
        #expect(refusal.text.contains("licence 3"))
        let delivered = try #require(checks.first { $0.subject == .delivered })
        #expect(delivered.text.contains("as message 4711"))
        #expect(delivered.text.contains("100 events"))
    }
}
