import Testing

@testable import Runtime

struct ProcessCommandTests {
    private let command = ProcessCommand(name: "telemetry-sample", purpose: "It is a sample.") { reader in
        SampleConfiguration(&reader)
    }

    private func exit(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ProcessExit {
        switch command.decide(arguments: arguments, environment: environment) {
        case .exit(let exit): return exit
        case .run: throw Unexpected()
        }
    }

    private struct Unexpected: Error {}

    @Test func helpListsEveryKeyWithItsFacts() throws {
        let help = try exit(["--check-config", "--help"], ["GATEWAY_WAIT": "broken"])
        #expect(help.code == .success)
        #expect(help.standardOutput.contains("telemetry-sample 0.1.0: It is a sample."))
        for name in SampleConfiguration.names { #expect(help.standardOutput.contains("\n  \(name)\n")) }
        #expect(
            help.standardOutput.contains(
                """
                  GATEWAY_SEGMENT_BYTES
                      integer (bytes); from 1048576 to 4294967296; default 268435456
                      A segment of this size is sealed.
                """))
        #expect(help.standardOutput.contains("text; no default; secret"))
        #expect(help.standardOutput.contains("duration (ms, s, m, h or d); from 100ms to 1d; default 5s"))
    }

    @Test func versionPrintsTheVersion() throws {
        #expect(try exit(["--version"]).standardOutput == "telemetry-sample \(GatewayVersion.current)\n")
    }

    @Test func checkConfigPrintsTheEffectiveConfiguration() throws {
        let result = try exit(["--check-config"], ["GATEWAY_WAIT": "10m", "DIAGNOSTICS_SECRET": "hunter2"])
        #expect(result.code == .success)
        let lines = result.standardOutput.split(separator: "\n")
        #expect(lines.count == SampleConfiguration.names.count + 1, "and the file itself")
        #expect(lines.contains { $0.hasPrefix("GATEWAY_WAIT=10m ") && $0.hasSuffix("# environment") })
        #expect(!result.standardOutput.contains("hunter2"))
        #expect(result.standardError.isEmpty)
    }

    @Test(arguments: [["--check-config"], []])
    func problemsGoToStandardErrorWithCode78(arguments: [String]) throws {
        let result = try exit(arguments, ["GATEWAY_WAIT": "5", "GATEWAY_MODE": "slow", "GATEWAY_WIAT": "5s"])
        #expect(result.code.rawValue == 78)
        #expect(result.standardOutput.isEmpty)
        #expect(result.standardError.split(separator: "\n").count == 4)
        #expect(result.standardError.hasPrefix("telemetry-sample: configuration: 3 problems\n"))
    }

    @Test(arguments: [["--config", "some.json"], ["--config=some.json"]])
    func theFileIsReadAndTheConfigurationHandedOver(arguments: [String]) throws {
        let decision = command.decide(arguments: arguments, environment: [:]) { path in
            ConfigurationFile(name: path, content: Array(#"{"GATEWAY_MODE":"fast"}"#.utf8))
        }
        guard case .run(let configuration, let effective) = decision else { throw Unexpected() }
        #expect(configuration.mode == .fast)
        #expect(effective.keys.first { $0.name == "GATEWAY_MODE" }?.source == .file)
    }

    @Test func theEnvironmentMayNameTheFile() throws {
        let environment = ["GATEWAY_CONFIG_FILE": "some.env"]
        let load: (String) -> ConfigurationFile = { path in
            ConfigurationFile(name: path, content: Array((path == "some.env" ? "GATEWAY_MODE=fast" : "{}").utf8))
        }
        guard
            case .run(let configuration, _) = command.decide(
                arguments: [], environment: environment, loadFile: load),
            case .run(let outranked, _) = command.decide(
                arguments: ["--config", "other.json"], environment: environment, loadFile: load)
        else { throw Unexpected() }
        #expect(configuration.mode == .fast)
        #expect(outranked.mode == .careful, "the command line outranks the environment")
        let inItself = command.decide(arguments: [], environment: environment) { path in
            ConfigurationFile(name: path, content: Array("GATEWAY_CONFIG_FILE=third.env".utf8))
        }
        guard case .exit(let exit) = inItself else { throw Unexpected() }
        #expect(exit.code == .configuration && exit.standardError.contains("set in the file itself"))
    }

    @Test(arguments: [
        ["--verbose"], ["serve"], ["--config"], ["--config", "--help"], ["--config="],
        ["--config", "a", "--config", "b"], ["-x"],
    ])
    func aWrongCommandLineEndsWithCode64(arguments: [String]) throws {
        let result = try exit(arguments)
        #expect(result.code.rawValue == 64)
        #expect(result.standardError.contains("--help"))
    }

    @Test func theReadyLineIsOneJSONObject() {
        #expect(
            ReadyLine.text(process: "telemetry-\"ingest\"", port: 8080, processID: 7)
                == #"{"message":"listening","port":8080,"process":"telemetry-\"ingest\"","version":"0.1.0","pid":7}"#
                + "\n")
    }

    @Test func errorsKnowTheirExitCode() {
        struct Other: Error {}
        #expect(ProcessRunner.exitCode(for: RuntimeFailure(code: .addressInUse, message: "m")) == .unavailable)
        #expect(ProcessRunner.exitCode(for: ConfigurationError(problems: [])) == .configuration)
        #expect(ProcessRunner.exitCode(for: Other()) == .software)
        let exit = ProcessExit(process: "p", error: RuntimeFailure(code: .unreadable, message: "cannot read x"))
        #expect(exit == ProcessExit(code: .ioError, standardError: "p: cannot read x\n"))
    }
}
