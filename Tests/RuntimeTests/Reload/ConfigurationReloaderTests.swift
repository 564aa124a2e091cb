import Logging
import TestSupport
import Testing

@testable import Runtime

@Suite struct ConfigurationReloaderTests {
    /// A process whose file is a text in memory.
    private final class World: Sendable {
        let file: Changeable<String>
        let inForce = Recorder<Duration>()
        let registry = PrometheusRegistry(descriptions: MetricDescriptions())
        let reloader: ConfigurationReloader<SampleConfiguration>

        init(
            _ text: String, environment: [String: String] = [:], fails: String? = nil, lacks: [String] = []
        ) throws {
            let file = Changeable(text)
            self.file = file
            let command = ProcessCommand(name: "telemetry-sample", purpose: "It is a sample.") { reader in
                SampleConfiguration(&reader)
            }
            let read: @Sendable (String?) throws(ConfigurationError) -> ConfigurationReading<SampleConfiguration> = {
                path throws(ConfigurationError) in
                try command.read(path: path, environment: environment) { name in
                    ConfigurationFile(
                        name: name, content: Array((name == "other.env" ? "GATEWAY_WAIT=7s" : file.value).utf8))
                }
            }
            let first = try read("gateway.env")
            let inForce = inForce
            reloader = ConfigurationReloader(
                start: ProcessStart(
                    process: "telemetry-sample", configuration: first.configuration, effective: first.effective,
                    path: "gateway.env", read: read),
                plan: ReloadPlan(
                    isReloadable: { _, key in key.name == "GATEWAY_WAIT" || key.name == "DIAGNOSTICS_SECRET" },
                    prepare: { configuration in
                        if let fails { throw RuntimeFailure(code: .unreadable, message: fails) }
                        return {
                            inForce.record(configuration.wait)
                            return lacks
                        }
                    }), registry: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func metric(_ name: String) -> String? {
            registry.exposition().split(separator: "\n").first { $0.hasPrefix(name + " ") }.map {
                String($0.dropFirst(name.count + 1))
            }
        }
    }

    @Test func putsInForceWhatHasChanged() async throws {
        let world = try World("GATEWAY_WAIT=1s")
        #expect(world.metric("gateway_reload_failures_total") == "0" && world.metric("gateway_reloads_total") == "0")
        #expect(await world.reloader.last == nil)
        world.file.value = "GATEWAY_WAIT=2s\nGATEWAY_MODE=fast"
        let report = await world.reloader.reload(isDryRun: false, file: nil)
        #expect(report.result == .applied && report.file == "gateway.env" && report.process == "telemetry-sample")
        #expect(report.changes.map(\.name) == ["GATEWAY_MODE", "GATEWAY_WAIT"])
        #expect(report.changes.map(\.effect) == [.needsRestart, .applied])
        #expect(world.inForce.values == [.seconds(2)])
        #expect(await world.reloader.last == report)
        #expect(world.metric("gateway_reloads_total") == "1")
        #expect(world.metric("gateway_last_reload_successful") == "1")
        let again = await world.reloader.reload(isDryRun: false, file: nil)
        #expect(again.changes.map(\.name) == ["GATEWAY_MODE"], "what needs a restart is named until it is done")
    }

    @Test func nothingDifferentIsSaidAndSecretsAreReadAllTheSame() async throws {
        let world = try World("GATEWAY_WAIT=1s")
        #expect(await world.reloader.reload(isDryRun: false, file: nil).result == .unchanged)
        #expect(world.inForce.values == [.seconds(1)], "certificates and keys are read again")
    }

    @Test(arguments: [
        "", " \n", "# all gone\n", "GATEWAY_WAIT=2s\nGATEWAY_WAIT=3s", "GATEWAY_WAIT=2s\nGATEWAY_MODE=slow",
        "GATEWAY_WAIT=2s\nGATEWAY_WIAT=2s", "nonsense", "{",
    ])
    func refusesAsAWholeWhatIsWrong(text: String) async throws {
        let world = try World("GATEWAY_WAIT=1s")
        world.file.value = text
        let report = await world.reloader.reload(isDryRun: false, file: nil)
        #expect(report.result == .refused && !report.problems.isEmpty && report.changes.isEmpty, "\(report)")
        #expect(world.inForce.values.isEmpty, "not even the keys that are right")
        #expect(world.metric("gateway_reload_failures_total") == "1")
        #expect(world.metric("gateway_last_reload_successful") == "0")
        world.file.value = "GATEWAY_WAIT=2s"
        #expect(await world.reloader.reload(isDryRun: false, file: nil).result == .applied, "mended")
        #expect(world.metric("gateway_last_reload_successful") == "1")
        #expect(world.metric("gateway_reload_failures_total") == "1")
    }

    @Test func everyProblemIsNamed() async throws {
        let world = try World("GATEWAY_WAIT=1s")
        world.file.value = "GATEWAY_WAIT=soon\nGATEWAY_MODE=slow\nGATEWAY_WIAT=1s"
        let problems = await world.reloader.reload(isDryRun: false, file: nil).problems.joined(separator: "\n")
        for name in ["GATEWAY_WAIT:", "GATEWAY_MODE:", "GATEWAY_WIAT:"] { #expect(problems.contains(name)) }
    }

    @Test func whatCanNotBePreparedIsRefused() async throws {
        let world = try World("GATEWAY_WAIT=1s", fails: "the certificate is none")
        world.file.value = "GATEWAY_WAIT=2s"
        let report = await world.reloader.reload(isDryRun: false, file: nil)
        #expect(report.result == .refused && report.problems == ["the certificate is none"])
        #expect(await world.reloader.reload(isDryRun: true, file: nil).result == .refused, "a dry run finds it, too")
    }

    @Test func whatCanNotBeDoneIsNamed() async throws {
        let world = try World("GATEWAY_WAIT=1s", lacks: ["the ledger is full"])
        let report = await world.reloader.reload(isDryRun: false, file: nil)
        #expect(report.result == .incomplete && report.problems == ["the ledger is full"])
        #expect(world.metric("gateway_reload_failures_total") == "1")
    }

    @Test func aDryRunChangesNothing() async throws {
        let world = try World("GATEWAY_WAIT=1s")
        world.file.value = "GATEWAY_WAIT=2s"
        let own = await world.reloader.reload(isDryRun: true, file: nil)
        #expect(own.isDryRun && own.result == .applied && own.changes.map(\.new) == ["2s"])
        let other = await world.reloader.reload(isDryRun: true, file: "other.env")
        #expect(other.file == "other.env" && other.changes.map(\.new) == ["7s"])
        #expect(world.inForce.values.isEmpty)
        #expect(await world.reloader.last == nil && world.metric("gateway_reloads_total") == "0")
        #expect(await world.reloader.reload(isDryRun: false, file: "other.env").changes.map(\.new) == ["2s"])
    }

    @Test func theRoutesAnswer() async throws {
        let world = try World("GATEWAY_WAIT=1s")
        let endpoints = OperationsEndpoints(
            registry: world.registry, readiness: { [] }, routes: OperationsRoute.reload(world.reloader))
        func ask(_ method: String, _ path: String, _ body: String = "") async -> OperationsResponse {
            await endpoints.respond(
                to: OperationsRequest(
                    method: method, path: path, body: OperationsBody(Array(body.utf8))))
        }
        #expect(await ask("GET", OperationsRoute.lastReloadPath).text == "{\"last\":null}\n")
        world.file.value = "GATEWAY_WAIT=2s"
        let dry = await ask("POST", OperationsRoute.reloadPath, #"{"dry_run":true}"#)
        #expect(dry.status == 200 && dry.text.contains(#""dry_run":true"#))
        #expect(await ask("POST", OperationsRoute.reloadPath, #"{"file":"/x"}"#).status == 400)
        #expect(await ask("POST", OperationsRoute.reloadPath, "nonsense").status == 400)
        #expect(world.inForce.values.isEmpty)
        let done = await ask("POST", OperationsRoute.reloadPath)
        #expect(
            done.text.contains(
                #""changes":[{"key":"GATEWAY_WAIT","old":"1s","new":"2s","effect":"applied"}],"problems":[]"#))
        #expect(await ask("GET", OperationsRoute.lastReloadPath).text.contains(#""result":"applied""#))
    }
}
