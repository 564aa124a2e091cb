import Logging
import Runtime
import Store
import Testing

@testable import Forwarder

@Suite struct ForwarderReloadTests {
    private func keys(_ environment: [String: String] = [:]) -> [String: ConfigurationKey] {
        var reader = ConfigurationReader(environment: environment)
        _ = ForwarderConfiguration(&reader)
        return Dictionary(uniqueKeysWithValues: reader.keys.map { ($0.name, $0) })
    }

    private func isReloadable(_ name: String, from old: String, to new: String) throws -> Bool {
        let before = try #require(keys([name: old])[name])
        let after = try #require(keys([name: new])[name])
        return ForwarderReload.isReloadable(before, after)
    }

    @Test func everyKeyThatCanChangeIsDeclared() {
        let declared = Set(keys().keys)
        #expect(ForwarderReload.reloadableKeys.subtracting(declared).isEmpty)
        #expect(ForwarderReload.secretFileKeys.subtracting(declared).isEmpty)
    }

    @Test func someKeysCanChange() throws {
        #expect(try isReloadable("GATEWAY_REPLAY_RATE", from: "1", to: "2"))
        #expect(try isReloadable("GATEWAY_RETENTION", from: "1h", to: "2h"))
        #expect(try !isReloadable("GATEWAY_RETENTION", from: "1h", to: "0s"), "whether at all needs a restart")
        #expect(try !isReloadable("GATEWAY_RETENTION", from: "0s", to: "1h"))
        #expect(try !isReloadable("GATEWAY_DESTINATIONS", from: "file:///a", to: "file:///b"))
        #expect(try isReloadable("GATEWAY_WEBHOOK_TOKEN_FILE", from: "/a", to: "/a"), "only its content")
        #expect(try !isReloadable("GATEWAY_WEBHOOK_TOKEN_FILE", from: "/a", to: "/b"))
    }

    @Test func pausedDestinationsAreThoseThatAreConfigured() {
        func read(_ paused: String) -> (paused: [DestinationAddress], problems: [ConfigurationProblem]) {
            var reader = ConfigurationReader(environment: [
                "GATEWAY_DESTINATIONS": "file:///a, file:///b", "GATEWAY_PAUSED_DESTINATIONS": paused,
            ])
            let configuration = ForwarderConfiguration(&reader)
            return (configuration.pausedDestinations, reader.problems)
        }
        #expect(read("file:///b").paused == [.file(directory: "/b")])
        #expect(read("all").paused.count == 2)
        #expect(read("file:///a,file:///b").problems.isEmpty)
        let unknown = read("file:///a,https://user:hunter2@host/")
        #expect(unknown.problems.count == 1 && !"\(unknown.problems)".contains("hunter2"))
    }

    @Test func theLowerRateCounts() {
        #expect(ReplayPacer.lower(0, 0) == 0)
        #expect(ReplayPacer.lower(5, 0) == 5 && ReplayPacer.lower(0, 5) == 5)
        #expect(ReplayPacer.lower(5, 3) == 3 && ReplayPacer.lower(3, 5) == 3)
    }

    @Test func pausesOfTheConfigurationComeAndGoAndThoseByHandStay() async throws {
        let directory = try TemporaryDirectory()
        let ledger = try await DeliveryLedger.open(
            layout: SpoolLayout(root: directory.path + "/spool"), now: { 1_700_000_000_000_000_000 })
        let addresses: [DestinationAddress] = [.file(directory: "/a"), .file(directory: "/b")]
        let board = WorkerBoard(destinations: ["a", "b"], pause: { _ in }, exit: {})
        let first = try await ledger.register(destination: "a")
        let second = try await ledger.register(destination: "b")
        let pauses = ConfiguredPauses(
            ledger: ledger, board: board, names: [addresses[0]: "a", addresses[1]: "b"],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await ledger.pause(second, reason: "by hand", actor: "somebody")
        var told = board.requests(for: "a").makeAsyncIterator()

        #expect(await pauses.apply(addresses).isEmpty)
        #expect(await told.next() == .pauseChanged)
        #expect(try await ledger.state(of: first)?.isPaused == true)
        #expect(try await ledger.state(of: first)?.pauseReason == "GATEWAY_PAUSED_DESTINATIONS")
        #expect(try await ledger.state(of: second)?.pauseReason == "by hand")

        #expect(await pauses.apply([]).isEmpty)
        #expect(await told.next() == .pauseChanged)
        #expect(try await ledger.state(of: first)?.isPaused == false)
        #expect(try await ledger.state(of: second)?.isPaused == true, "who has paused it by hand resumes it by hand")
        try await ledger.shutdown()
    }
}
