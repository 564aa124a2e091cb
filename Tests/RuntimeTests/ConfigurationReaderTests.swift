import Testing

@testable import Runtime

/// What a process would declare, with every getter once.
struct SampleConfiguration {
    enum Mode: String, CaseIterable { case fast, careful }

    var segmentBytes: Int
    var port: Int
    var enabled: Bool
    var wait: Duration
    var window: Int
    var destinations: [String]
    var directory: String
    var secret: String?
    var mode: Mode

    init(_ reader: inout ConfigurationReader) {
        segmentBytes = reader.integer(
            "GATEWAY_SEGMENT_BYTES", default: 256 << 20, in: 1 << 20...4 << 30, unit: "bytes",
            meaning: "A segment of this size is sealed.")
        port = reader.integer("GATEWAY_FORWARDER_PORT", default: 9_090, in: 0...65_535, meaning: "Where to listen.")
        enabled = reader.boolean("GATEWAY_ENABLED", default: true, meaning: "Whether.")
        wait = reader.duration(
            "GATEWAY_WAIT", default: .seconds(5), in: .milliseconds(100) ... .seconds(86_400), meaning: "How long.")
        window = reader.byteCount(
            "GATEWAY_WINDOW", default: 64 << 20, in: 1 << 10...1 << 30, meaning: "How much.")
        destinations = reader.list("GATEWAY_DESTINATIONS", default: ["file://var/delivered"], meaning: "Where to.")
        directory = reader.path("GATEWAY_SPOOL_DIRECTORY", default: "var/spool", meaning: "The spool.")
        secret = reader.optionalString("DIAGNOSTICS_SECRET", meaning: "Who may look.", secret: true)
        mode = reader.choice("GATEWAY_MODE", default: Mode.careful, meaning: "How.")
    }

    static let names = [
        "GATEWAY_SEGMENT_BYTES", "GATEWAY_FORWARDER_PORT", "GATEWAY_ENABLED", "GATEWAY_WAIT", "GATEWAY_WINDOW",
        "GATEWAY_DESTINATIONS", "GATEWAY_SPOOL_DIRECTORY", "DIAGNOSTICS_SECRET", "GATEWAY_MODE",
    ]
}

struct ConfigurationReaderTests {
    private func read(
        _ environment: [String: String], file: String? = nil
    ) -> (configuration: SampleConfiguration, reader: ConfigurationReader) {
        var reader = ConfigurationReader(
            environment: environment,
            file: file.map { ConfigurationFile(name: "gateway.json", content: Array($0.utf8)) })
        let configuration = SampleConfiguration(&reader)
        return (configuration, reader)
    }

    private func problems(_ environment: [String: String], file: String? = nil) -> [ConfigurationProblem] {
        do {
            _ = try read(environment, file: file).reader.finish()
            return []
        } catch {
            return error.problems
        }
    }

    @Test func defaultsApplyWithoutSources() throws {
        let (configuration, reader) = read([:])
        let effective = try reader.finish()
        #expect(configuration.segmentBytes == 256 << 20)
        #expect(configuration.enabled)
        #expect(configuration.wait == .seconds(5))
        #expect(configuration.destinations == ["file://var/delivered"])
        #expect(configuration.secret == nil)
        #expect(effective.keys.map(\.name) == SampleConfiguration.names)
        #expect(effective.keys.allSatisfy { $0.source == .default })
    }

    @Test func environmentOutranksFileAndFileOutranksDefault() throws {
        let (configuration, reader) = read(
            ["GATEWAY_WAIT": "250ms", "PATH": "/bin"],
            file: #"{"GATEWAY_WAIT": "1h", "GATEWAY_SEGMENT_BYTES": 2097152, "GATEWAY_ENABLED": false}"#)
        let sources = Dictionary(
            uniqueKeysWithValues: try reader.finish().keys.map { ($0.name, $0.source) })
        #expect(configuration.wait == .milliseconds(250))
        #expect(configuration.segmentBytes == 2 << 20)
        #expect(!configuration.enabled)
        #expect(sources["GATEWAY_WAIT"] == .environment)
        #expect(sources["GATEWAY_SEGMENT_BYTES"] == .file)
        #expect(sources["GATEWAY_MODE"] == .default)
    }

    @Test func everyProblemIsReportedAtOnce() {
        let found = problems(
            [
                "GATEWAY_FORWARDER_PORT": "abc", "GATEWAY_WAIT": "5", "GATEWAY_ENABLED": "yes", "GATEWAY_MODE": "slow",
                "GATEWAY_DESTINATIONS": "a,,b", "GATEWAY_SPOOL_DIRECTORY": "", "GATEWAY_SPOL_DIRECTORY": "x",
            ],
            file: #"{"GATEWAY_SEGMENT_BYTES": 5, "GATEWAY_WINDOW": "1 MiB", "GATEWAY_NONSENSE": {}, "OTHER": 1}"#)
        let byKey = Dictionary(grouping: found, by: \.key)
        #expect(Set(byKey.keys.compactMap { $0 }).count == 11)
        #expect(byKey["GATEWAY_SEGMENT_BYTES"]?.first?.message.contains("from 1048576 to 4294967296") == true)
        #expect(byKey["GATEWAY_SEGMENT_BYTES"]?.first?.message.contains("gateway.json") == true)
        #expect(byKey["GATEWAY_FORWARDER_PORT"]?.first?.message.contains("\"abc\"") == true)
        #expect(
            byKey["GATEWAY_SPOL_DIRECTORY"]?.first?.message.contains("did you mean GATEWAY_SPOOL_DIRECTORY?") == true)
        #expect(byKey["GATEWAY_SPOOL_DIRECTORY"]?.first?.message.contains("set to nothing") == true)
        #expect(byKey["OTHER"]?.first?.code == .unknownKey)
        #expect(byKey["GATEWAY_NONSENSE"]?.map(\.code) == [.unreadableFile, .unknownKey])
        #expect(byKey["GATEWAY_MODE"]?.first?.message.contains("one of fast, careful") == true)
    }

    @Test func theErrorNamesEveryProblemAndTheExitCode() {
        let error = ConfigurationError(problems: problems(["GATEWAY_WAIT": "5", "GATEWAY_MODE": "slow"]))
        #expect(error.description.hasPrefix("configuration: 2 problems\n"))
        #expect(error.description.contains("GATEWAY_WAIT"))
        #expect(error.exitCode.rawValue == 78)
    }

    @Test func aBrokenValueInTheFileIsReportedEvenWhenTheEnvironmentWins() {
        let found = problems(["GATEWAY_WAIT": "5s"], file: #"{"GATEWAY_WAIT": "soon"}"#)
        #expect(found.map(\.key) == ["GATEWAY_WAIT"])
    }

    @Test(arguments: ["", "  \n", "{", "[]", "{\"A\" 1}", "{\"A\":1} x", "{\"A\":tru}", "{\"A\":\"b}", "nonsense"])
    func aFileThatIsNotOneObjectIsAProblem(content: String) {
        #expect(problems([:], file: content).first?.code == .unreadableFile)
    }

    @Test func duplicateNestedAndNullValuesAreProblemsWithTheirLine() {
        let content = """
            {
              "GATEWAY_WAIT": "5s",
              "GATEWAY_WAIT": "6s",
              "GATEWAY_MODE": ["fast", "}"],
              "GATEWAY_WINDOW": null
            }
            """
        let texts = problems([:], file: content).map(\.description)
        #expect(texts.count == 3)
        #expect(texts.contains { $0.contains("GATEWAY_WAIT") && $0.contains("line 3") && $0.contains("twice") })
        #expect(texts.contains { $0.contains("GATEWAY_MODE") && $0.contains("line 4") && $0.contains("nested") })
        #expect(texts.contains { $0.contains("GATEWAY_WINDOW") && $0.contains("null") })
    }

    @Test func escapesInTheFileAreUnderstood() throws {
        let (configuration, reader) = read([:], file: #"{"GATEWAY_SPOOL_DIRECTORY": "a\/b\u00e9\"\\ü"}"#)
        _ = try reader.finish()
        #expect(configuration.directory == "a/bé\"\\ü")
    }

    @Test func aMissingFileIsAProblemThatNamesIt() {
        let file = ConfigurationFile.load(path: "/nonexistent/gateway.json")
        #expect(file.problems.map(\.message) == ["cannot read /nonexistent/gateway.json: No such file or directory"])
    }

    @Test func unknownNamesOfOurPrefixesOnly() {
        let found = problems([
            "GATEWAY_QUITE_DIFFERENT_THING": "1", "TELEMETRY_GATEWAY_SAMS_CLIENT_IDS": "1", "HOME": "/",
            "MY_GATEWAY_X": "1",
        ])
        #expect(found.map(\.key) == ["GATEWAY_QUITE_DIFFERENT_THING", "TELEMETRY_GATEWAY_SAMS_CLIENT_IDS"])
        #expect(found.first?.message.contains("did you mean") == false)
        #expect(found.last?.message.contains("did you mean TELEMETRY_GATEWAY_SAMS_CLIENT_ID?") == true)
    }

    @Test func keysOfTheOtherProcessAndReservedOnesAreKnown() {
        #expect(
            problems(["GATEWAY_LICENSE_PUBLIC_KEY_FILE": "x", "TELEMETRY_GATEWAY_EVENTS_PUBSUB_ENABLED": "x"]).isEmpty)
    }

    @Test(arguments: [
        ("GATEWAY_INGEST_SERVICE_HOST", "10.0.0.1"), ("GATEWAY_INGEST_SERVICE_PORT", "443"),
        ("GATEWAY_INGEST_SERVICE_PORT_GRPC", "443"), ("GATEWAY_INGEST_PORT", "tcp://10.0.0.1:443"),
        ("GATEWAY_INGEST_PORT_443_TCP", "tcp://10.0.0.1:443"), ("GATEWAY_INGEST_PORT_443_TCP_ADDR", "10.0.0.1"),
        ("GATEWAY_INGEST_PORT_53_UDP_PROTO", "udp"), ("TELEMETRY_GATEWAY_PORT", "udp://10.0.0.1:53"),
    ])
    func kubernetesServiceLinksAreNotUnknownKeys(name: String, value: String) {
        #expect(problems([name: value]).isEmpty)
    }

    @Test func aPortThatIsNoServiceLinkIsStillUnknown() {
        #expect(problems(["GATEWAY_INGEST_PORT": "443"]).map(\.code) == [.unknownKey])
    }

    @Test func aServiceLinkNamedLikeOurKeyIsIgnoredWithAWarning() throws {
        let (configuration, reader) = read(["GATEWAY_FORWARDER_PORT": "tcp://10.0.0.1:9090"])
        let effective = try reader.finish()
        #expect(configuration.port == 9_090)
        #expect(effective.warnings.count == 1)
        #expect(effective.warnings.first?.contains("GATEWAY_FORWARDER_PORT") == true)
    }

    @Test func secretsAreNeverPrinted() throws {
        let effective = try read(["DIAGNOSTICS_SECRET": "hunter2"]).reader.finish()
        let text = effective.lines.joined(separator: "\n")
        #expect(!text.contains("hunter2"))
        #expect(text.contains("DIAGNOSTICS_SECRET=<redacted>"))

        var reader = ConfigurationReader(environment: ["A_SECRET": "hunter2"])
        let declaration = ConfigurationDeclaration(name: "A_SECRET", type: "text", meaning: "m", secret: true)
        let value: Int? = reader.read(declaration, default: nil, parse: { _ in nil }, format: { String($0) })
        #expect(value == nil)
        #expect(reader.problems.count == 1)
        #expect(!reader.problems.description.contains("hunter2"))
    }

    @Test func anUnquotedSecretInTheFileIsNotPrinted() {
        let found = problems([:], file: "{\"DIAGNOSTICS_SECRET\": hunter2}")
        #expect(found.map(\.code) == [.unreadableFile])
        #expect(found.description.contains("DIAGNOSTICS_SECRET"))
        #expect(!found.description.contains("hunter2"))
    }

    @Test func aKeyReadTwiceIsToldOnce() {
        var reader = ConfigurationReader(environment: ["GATEWAY_LOG_LEVEL": "loud"])
        _ = JSONLogging.readLevel(&reader)
        _ = JSONLogging.readLevel(&reader)
        #expect(reader.keys.count == 1)
        #expect(reader.problems.count == 1)
    }

    @Test func aServiceLinkDoesNotStandInForARequiredPort() {
        var reader = ConfigurationReader(environment: ["GATEWAY_X_PORT": "tcp://10.0.0.1:1"])
        _ = reader.requiredInteger("GATEWAY_X_PORT", in: 0...65_535, meaning: "The port.")
        #expect(reader.problems.map(\.code) == [.missingValue])
    }

    @Test func requiredKeysAndContradictionsAreProblemsToo() {
        var reader = ConfigurationReader(environment: ["GATEWAY_LOW": "9"])
        _ = reader.requiredString("GATEWAY_NAME", meaning: "The name.")
        _ = reader.requiredInteger("PORT", in: 0...65_535, meaning: "The port.")
        let low = reader.integer("GATEWAY_LOW", default: 1, in: 0...10, meaning: "Low.")
        if reader.isSound("GATEWAY_LOW"), low > 5 {
            reader.addProblem(key: "GATEWAY_LOW", message: "must not exceed GATEWAY_HIGH")
        }
        #expect(!reader.isSound("PORT", "GATEWAY_LOW"))
        #expect(reader.problems.map(\.code) == [.missingValue, .missingValue, .contradiction])
        #expect(throws: ConfigurationError.self) { try reader.finish() }
    }

    @Test func effectiveConfigurationIsAlignedAndSorted() throws {
        var reader = ConfigurationReader(environment: ["GATEWAY_B": "12"])
        _ = reader.integer("GATEWAY_B", default: 1, in: 0...100, meaning: "b")
        _ = reader.string("GATEWAY_ALPHA", default: "x", meaning: "a")
        _ = reader.optionalPath("GATEWAY_C", meaning: "c")
        #expect(
            try reader.finish().lines == [
                "GATEWAY_ALPHA=x  # default",
                "GATEWAY_B=12     # environment",
                "GATEWAY_C=       # not set",
            ])
    }
}
