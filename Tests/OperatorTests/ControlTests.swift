internal import Contract
internal import Forwarder
internal import Foundation
internal import Glibc
internal import Operator
internal import ServiceLifecycle
internal import Store
internal import Testing

/// The control socket's server and client against each other, over a real socket.
@Suite struct ControlTests {
    private static func layout(_ directory: String = "control-\(UUID().uuidString)") throws -> SpoolLayout {
        let layout = SpoolLayout(root: FileManager.default.temporaryDirectory.appendingPathComponent(directory).path)
        try layout.create()
        return layout
    }

    private static var commands: [ControlCommand] {
        get throws {
            var refused = DeadLetterFilter()
            refused.ids = [.letter(1), .quarantine(segment: 2, row: 3)]
            refused.reason = "refused"
            refused.from = 5
            refused.to = 7
            var quarantined = DeadLetterFilter()
            quarantined.kind = .quarantine
            quarantined.state = .waiting
            quarantined.code = "c"
            quarantined.client = "i"
            quarantined.feature = "f"
            quarantined.action = "a"
            quarantined.destination = "d"
            return [
                .pause(destination: "file:///a \"ü\"", reason: "because\n"), .resume(destination: nil),
                .drain(destination: nil, thenExit: true),
                .replayDeadLetters(
                    refused, rate: 2.5,
                    edit: try EventEdit("del(.user)"), isDryRun: true),
                .purgeDeadLetters(
                    quarantined,
                    isDryRun: false),
                .replayPast(PastReplay(from: 1, to: 2, client: "c", destination: "d", rate: 1, isDryRun: true)),
                .cancelDeadLetterReplay(quarantined, isDryRun: true), .cancelPastReplay(job: 7),
            ]
        }
    }

    @Test func commandsAndStatusArriveAsTheyAreGiven() async throws {
        let layout = try Self.layout()
        defer { try? FileManager.default.removeItem(atPath: layout.root) }
        let result = ControlResult(destinations: ["a", "b\""], events: 3, bytes: 4, jobs: [5, 6], isDryRun: true)
        let status = [
            DeliveryStatus(
                name: "a", breaker: "half_open", openUntil: 7, concurrency: 2.5, inFlight: 2, rateIn: 10, rateOut: 0.5,
                lastError: DeliveryStatus.Failure(code: "unavailable", message: "“no”", at: 9), isPaused: true,
                pauseReason: "p", isDraining: true),
            DeliveryStatus(name: "b"),
        ]
        let recorded = RecordedCommands(destinations: status) { _ throws(ControlFailure) in result }
        let commands = try Self.commands
        try await ControlServing.serve(recorded, at: layout) {
            let client = try ControlClient(layout: layout)
            for command in commands { #expect(try await client.perform(command, actor: "me") == result) }
            #expect(try await client.statusOrFailure() == status)
            var information = stat()
            #expect(stat(layout.controlSocketPath, &information) == 0)
            #expect(information.st_mode & 0o777 == 0o600)
        }
        #expect(recorded.envelopes == commands.map { ControlEnvelope(command: $0, actor: "me") })
        #expect(!FileManager.default.fileExists(atPath: layout.controlSocketPath))
    }

    @Test(arguments: ControlFailure.Code.allCases)
    func failuresKeepCodeAndMessage(_ code: ControlFailure.Code) async throws {
        let layout = try Self.layout()
        defer { try? FileManager.default.removeItem(atPath: layout.root) }
        let failure = ControlFailure(code, "what, where, what to do")
        let recorded = RecordedCommands { _ throws(ControlFailure) in throw failure }
        try await ControlServing.serve(recorded, at: layout) {
            let client = try ControlClient(layout: layout)
            let error = await #expect(throws: ControlFailure.self) {
                try await client.perform(.resume(destination: nil), actor: "me")
            }
            #expect(error == failure)
        }
    }

    @Test func longPathsWork() async throws {
        let layout = try Self.layout(String(repeating: "long-", count: 30) + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: layout.root) }
        try await ControlServing.serve(RecordedCommands(destinations: [DeliveryStatus(name: "a")]), at: layout) {
            let status = try await ControlClient(layout: layout).statusOrFailure()
            #expect(status.map(\.name) == ["a"])
        }
    }

    @Test func nobodyAtTheSocketIsSaid() async throws {
        let layout = try Self.layout()
        defer { try? FileManager.default.removeItem(atPath: layout.root) }
        let error = await #expect(throws: ControlFailure.self) {
            try await ControlClient(layout: layout).perform(.resume(destination: nil), actor: "me")
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.hasPrefix(layout.controlSocketPath) == true)
        #expect(error.map { OperatorFailure($0).code.exitCode } == 69)
    }

    @Test func anAnswerThatDoesNotComeIsATimeout() async throws {
        let layout = try Self.layout()
        defer { try? FileManager.default.removeItem(atPath: layout.root) }
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let recorded = RecordedCommands { _ throws(ControlFailure) in
            for await _ in gate {}
            return ControlResult()
        }
        try await ControlServing.serve(recorded, at: layout) {
            let client = try ControlClient(layout: layout, commandTime: .milliseconds(100))
            let error = await #expect(throws: ControlFailure.self) {
                try await client.perform(.resume(destination: nil), actor: "me")
            }
            #expect(error?.code == .timeout)
            open.finish()
        }
    }

    @Test(arguments: [
        (#"{"actor":"a","command":"dance"}"#, "version_mismatch"), (#"{"actor":"a"}"#, "invalid"),
        ("nonsense", "invalid"),
        (#"{"actor":"a","command":"pause","arguments":{"destination":1}}"#, "invalid"),
        (#"{"actor":"a","command":"replay_past","arguments":{"from":2,"to":1}}"#, "invalid"),
        (#"{"actor":"a","command":"purge_dead_letters","arguments":{"filter":{"ids":[1]}}}"#, "invalid"),
        (#"{"actor":"a","command":"purge_dead_letters","arguments":{"filter":{"ids":["x"]}}}"#, "invalid"),
        (#"{"actor":"a","command":"purge_dead_letters","arguments":{"filter":{"kind":"all"}}}"#, "invalid"),
        (#"{"actor":"a","command":"cancel_past_replay"}"#, "invalid"),
        (#"{"actor":"a","command":"cancel_past_replay","arguments":{"job":"3"}}"#, "invalid"),
        (#"{"actor":"a","command":"replay_dead_letters","arguments":{"rate":0}}"#, "invalid"),
        (#"{"actor":"a","command":"replay_dead_letters","arguments":{"edit":".nope = 1"}}"#, "invalid"),
    ]) func whatIsNoCommandIsRefused(_ body: String, _ code: String) {
        let failure = #expect(throws: ControlFailure.self) { try ControlEnvelope(Array(body.utf8)) }
        #expect(failure?.code.rawValue == code)
    }
}
