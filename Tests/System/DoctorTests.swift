internal import FakePubSub
internal import Foundation
internal import Store
internal import TestSupport
internal import Testing

extension SystemTests {
    /// `gatewayctl doctor`, and what the processes look at by themselves.
    @Suite(.serialized) struct Doctor {
        /// The checks by name; of several destinations the last.
        private func checks(
            _ workspace: Workspace, _ settings: [String: String] = [:], _ arguments: [String] = []
        ) async throws -> (exit: ManagedProcess.Exit, verdicts: [String: String], found: [String: String]) {
            let process = try workspace.start(
                "doctor-\(UUID().uuidString)", Binaries.control, ["doctor", "--json"] + arguments,
                [
                    "GATEWAY_SPOOL_DIRECTORY": workspace.layout.root,
                    "GATEWAY_DESTINATIONS": "file://\(workspace.delivered.directory)",
                ].merging(settings) { $1 })
            let exit = try await process.exit(within: .seconds(60))
            let json = try JSONValue(Data(try await process.wholeOutput().utf8))
            var (verdicts, found): ([String: String], [String: String]) = ([:], [:])
            for check in json["checks"]?.elements ?? [] {
                guard let name = check["name"]?.text else { continue }
                verdicts[name] = check["verdict"]?.text
                found[name] = check["found"]?.text
            }
            #expect(json["ok"]?.isTrue == (exit == .code(0)), "\(json)")
            return (exit, verdicts, found)
        }

        @Test func looksAtARunningGatewayAndChangesNothing() async throws {
            try await Workspace.run { workspace in
                let fake = try await FakePubSub.start()
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(fake.settings)
                _ = try await ingest.port()
                _ = try await forwarder.port()
                let (exit, verdicts, found) = try await checks(
                    workspace, fake.settings.merging(["GATEWAY_SPOOL_QUOTA_BYTES": "1GiB"]) { $1 })
                #expect(exit == .code(0), "\(found)")
                for name in [
                    "configuration_ingest", "configuration_forwarder", "spool_directory", "space", "clock", "sqlite",
                    "curl",
                    "lock_ingest", "lock_forwarder", "destination",
                ] { #expect(verdicts[name] == "ok", "\(name): \(found[name] ?? "is not there")") }
                #expect(found["lock_ingest"]?.contains("process \(ingest.pid)") == true)
                #expect(found["sync_latency"]?.contains("fdatasync") == true, "\(found)")
                #expect(fake.requests == 0, "nothing was published")
                #expect(try await forwarder.stop() == .code(0))
                try await fake.stop()
                let (worse, without, why) = try await checks(workspace, fake.settings, ["--timeout", "2s"])
                #expect(worse == .code(1) && without["destination"] == "problem", "\(why)")
                #expect(why["lock_forwarder"]?.contains("does not run") == true)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func namesWhatIsWrong() async throws {
            try await Workspace.run { workspace in
                let secret = "\(workspace.directory)/secret"
                _ = FileManager.default.createFile(
                    atPath: secret, contents: Data("hunter2\n".utf8), attributes: [.posixPermissions: 0o644])
                let (exit, verdicts, found) = try await checks(
                    workspace,
                    [
                        "GATEWAY_SPOOL_DIRECTORY": "/nowhere/at/all/spool", "GATEWAY_SEGMENT_AGE": "soon",
                        "GATEWAY_WEBHOOK_SECRET_FILE": secret,
                        "GATEWAY_DESTINATIONS": "http://127.0.0.1:1/events,file:///nowhere/at/all/delivered",
                    ])
                #expect(exit == .code(1))
                #expect(verdicts["configuration_ingest"] == "problem" && verdicts["configuration_forwarder"] == "ok")
                #expect(found["configuration_ingest"]?.contains("GATEWAY_SEGMENT_AGE") == true)
                #expect(verdicts["spool_directory"] == "problem", "\(found)")
                #expect(verdicts["file_gateway_webhook_secret_file"] == "warning", "\(found)")
                #expect(verdicts["destination"] == "problem", "\(found)")
                #expect(!"\(found)".contains("hunter2"))
            }
        }

        @Test func readsTheConfigurationFile() async throws {
            try await Workspace.run { workspace in
                let file = "\(workspace.directory)/gateway.env"
                try "GATEWAY_SPOOL_RESERVE_BYTES=1000TiB\n".write(toFile: file, atomically: true, encoding: .utf8)
                let (exit, verdicts, found) = try await checks(workspace, [:], ["--config", file])
                #expect(exit == .code(1) && verdicts["space"] == "problem", "\(found)")
                #expect(found["space"]?.contains("GATEWAY_SPOOL_RESERVE_BYTES") == true, "\(found)")
            }
        }

        @Test(.enabled(if: SmallFileSystem.isAllowed, "\(SmallFileSystem.whyNot)"))
        func memoryIsNotDurable() async throws {
            let disk = try SmallFileSystem(bytes: 16 << 20)
            try await Workspace.run { workspace in
                let spool = ["GATEWAY_SPOOL_DIRECTORY": disk.path + "/spool"]
                let ingest = try workspace.ingest(spool)
                _ = try await ingest.port()
                try await eventually("ingest says so by itself") { ingest.errorText.contains("tmpfs: not durable") }
                let (exit, verdicts, found) = try await checks(workspace, spool)
                #expect(exit == .code(0) && verdicts["file_system"] == "warning", "\(found)")
                #expect(verdicts["sync_latency"] == "not_checked", "\(found)")
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test(.enabled(if: SmallFileSystem.isAllowed, "\(SmallFileSystem.whyNot)"))
        func aDirectoryThatIsReadOnlyIsNamed() async throws {
            // Root may write everywhere but where nobody may.
            let disk = try SmallFileSystem(bytes: 16 << 20)
            try FileManager.default.createDirectory(atPath: disk.path + "/spool", withIntermediateDirectories: false)
            try disk.makeReadOnly()
            try await Workspace.run { workspace in
                let (exit, verdicts, found) = try await checks(
                    workspace, ["GATEWAY_SPOOL_DIRECTORY": disk.path + "/spool"])
                #expect(exit == .code(1) && verdicts["spool_directory"] == "problem", "\(found)")
            }
        }

        @Test func textForPeopleEndsWithAdvice() async throws {
            try await Workspace.run { workspace in
                let run = try await workspace.control(["doctor", "--timeout", "2s"])
                #expect(run.output.contains("spool_directory") && run.output.contains("problems, "), "\(run.output)")
                let wrong = try await workspace.control(["doctor", "--timeout", "0s"])
                #expect(wrong.exit == .code(64))
            }
        }
    }
}
