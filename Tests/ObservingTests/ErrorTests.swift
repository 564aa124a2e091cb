import Logging
import Runtime
import Secrets
import Testing
import Transfer

@testable import Observing

/// Errors that somebody is told of: what is one kind, how often, and in which form.
@Suite struct ErrorTests {
    private static let second: Int64 = 1_000_000_000

    private static func record(
        _ function: String = "write()", error: String = "disk sda7 failed [io]", message: String = "not written"
    ) -> ErrorLogRecord {
        ErrorLogRecord(
            at: 1_700_000_000 * second, level: .error, logger: "telemetry-ingest", message: message,
            fields: [("error", error)], file: "Store/Writer.swift", function: function)
    }

    @Test(
        arguments: [
            ("https://abc123@errors.example.com/42", "https://errors.example.com/api/42/envelope/"),
            ("https://abc:secret@errors.example.com:8443/42", "https://errors.example.com:8443/api/42/envelope/"),
            ("http://abc@127.0.0.1:9000/prefix/sub/7", "http://127.0.0.1:9000/prefix/sub/api/7/envelope/"),
        ])
    func whereErrorsGo(_ text: String, _ endpoint: String) throws {
        let dsn = try SentryDSN(text)
        #expect(dsn.endpoint.text == endpoint)
        #expect(!"\(dsn)".contains("abc"), "the key is not shown")
        #expect(dsn.key.value.hasPrefix("abc"))
    }

    @Test(
        arguments: [
            "errors.example.com/42", "https://errors.example.com/42", "https://@errors.example.com/42",
            "https://s3cr3t@errors.example.com", "https://s3cr3t@errors.example.com/", "https://s3cr3t@/42",
            "https://s3cr3t@errors.example.com/project", "https://s3 cr3t@errors.example.com/42",
            "https://s3cr3t@errors.example.com/42?x=1", "ftp://s3cr3t@errors.example.com/42",
        ])
    func whatIsNoDSNIsAProblemOfTheConfiguration(_ text: String) {
        var reader = ConfigurationReader(environment: ["SENTRY_DSN": text])
        let configuration = ObservingConfiguration(&reader, process: "test")
        #expect(configuration.errors == nil)
        #expect(throws: ConfigurationError.self) { try reader.finish() }
        #expect(reader.problems.map(\.key) == ["SENTRY_DSN"])
        #expect(!"\(reader.problems)".contains("s3cr3t"))
    }

    @Test func aKindIsPlaceAndCodeAndNoText() {
        let group = ErrorGroup(Self.record())
        #expect(group.code == "io")
        #expect(group == ErrorGroup(Self.record(error: "disk sdb1 failed [io]", message: "other words")))
        #expect(group != ErrorGroup(Self.record(error: "disk sda7 is full [full]")))
        #expect(group != ErrorGroup(Self.record("seal()")))
        #expect(ErrorGroup(Self.record(error: "no code")).code == "unknown")
        #expect(ErrorGroup(Self.record(error: "no code [with a text 7]")).code == "unknown")
        var named = Self.record()
        named.fields.append(("code", "torn_line"))
        #expect(ErrorGroup(named).code == "torn_line")
    }

    @Test func repetitionsAreCountedAndToldLater() throws {
        var groups = ErrorGroups(interval: .seconds(60))
        #expect(groups.add(Self.record(), now: 0)?.suppressed == 0)
        for second in 1...9 { #expect(groups.add(Self.record(), now: Int64(second) * Self.second) == nil) }
        #expect(groups.add(Self.record("seal()"), now: 0)?.suppressed == 0, "another kind is told at once")
        #expect(groups.due(now: 59 * Self.second).isEmpty)
        let due = try #require(groups.due(now: 60 * Self.second).first)
        #expect(due.suppressed == 8, "one of the nine is told")
        #expect(groups.due(now: 500 * Self.second).isEmpty, "nothing new")
        #expect(groups.add(Self.record(), now: 61 * Self.second) == nil)
        #expect(groups.due(now: 62 * Self.second, all: true).map(\.suppressed) == [0])
    }

    @Test func kindsAreBounded() {
        var groups = ErrorGroups(interval: .seconds(60))
        for number in 0..<(2 * ErrorGroups.maximumGroups) { _ = groups.add(Self.record("f\(number)()"), now: 0) }
        #expect(groups.count <= ErrorGroups.maximumGroups + 1)
    }

    @Test(
        arguments: [
            ("60::organization", 60), ("60:error:key", 60), ("2700:default;error;security:organization", 2700),
            ("60:transaction:key", nil), ("60:transaction:key, 30:error:key", 30), ("soon:error:key", nil), ("", nil),
            ("10:error:key:reason:namespaces, 20::key", 20), ("-5:error:key", nil), ("7", 7),
        ] as [(String, Int?)])
    func theLimitsThatAReceiverNames(_ header: String, _ seconds: Int?) {
        #expect(SentryRateLimits.pause(header) == seconds.map { .seconds($0) })
    }

    @Test func theLimitsOfAnAnswer() {
        func pause(_ status: Int, _ headers: [String: String]) -> Duration? {
            SentryRateLimits.pause(HTTPTransferResponse(status: status, headers: headers, body: []), now: 0)
        }
        #expect(pause(200, [:]) == nil)
        #expect(pause(200, ["x-sentry-rate-limits": "5::key"]) == .seconds(5))
        #expect(pause(429, ["retry-after": "9"]) == .seconds(9))
        #expect(pause(429, [:]) == .seconds(60))
    }

    @Test func theEnvelopeIsThreeLines() throws {
        let group = ErrorGroup(Self.record())
        let long = Self.record(error: String(repeating: "é\n\"", count: 10_000))
        let report = ErrorReport(group: group, record: long, suppressed: 3)
        let origin = SentryEnvelope.Origin(process: "p", release: "r", environment: nil, host: "h")
        let bytes = SentryEnvelope(report, origin: origin, identifier: "0123", now: 0).bytes
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("\"length\":\(lines[2].utf8.count)}"))
        #expect(lines[2].utf8.count < 4_000)
        #expect(lines[2].contains("\"suppressed\":3"))
    }
}
