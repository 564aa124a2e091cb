internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// `scripts/smoke` sends one event and follows it: whoever rolls out asks it whether that went well.
    @Suite(.serialized, .enabled(if: Tool.path("python3") != nil, "there is no python3")) struct Smoke {
        private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/smoke").path

        private func smoke(_ arguments: [String], in workspace: Workspace) async throws -> (exit: Int32, output: String)
        {
            let name = "smoke-\(UUID().uuidString)"
            let process = try workspace.start(
                name, Tool.path("python3") ?? "", [Self.script, "--gatewayctl", Binaries.control] + arguments, [:])
            guard case .code(let code) = try await process.exit(within: .seconds(120)) else {
                throw HarnessError("the smoke test was killed")
            }
            return (code, try await process.wholeOutput() + process.errorText)
        }

        @Test func anEventIsFollowedToItsFile() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true"])
                let forwarder = try workspace.forwarder()
                let target = "127.0.0.1:\(try await ingest.port())"
                _ = try await forwarder.port()
                let files = ["--destination", "file://\(workspace.delivered.directory)"]
                let run = try await smoke(["--target", target] + files, in: workspace)
                #expect(run.exit == 0, "\(run.output)")
                #expect(run.output.contains("ok       event smoke-"), "\(run.output)")
                #expect(run.output.contains("passed   \(target)"), "\(run.output)")
                let service = try await smoke(["--target", target, "--service", "pings"] + files, in: workspace)
                #expect(service.exit == 0, "\(service.output)")

                let diagnosed = try await smoke(
                    ["--target", target, "--spool", workspace.layout.root], in: workspace)
                #expect(diagnosed.exit == 0, "\(diagnosed.output)")
                #expect(
                    diagnosed.output.contains("ok       delivered to file://\(workspace.delivered.directory) ("),
                    "\(diagnosed.output)")

                // Held on purpose: acknowledged, and late.
                try await workspace.controlJSON(["pause"])
                let late = try await smoke(["--target", target, "--deadline", "1"] + files, in: workspace)
                #expect(late.exit == 2, "\(late.output)")
                #expect(late.output.contains("is acknowledged"))
                #expect(late.output.contains("failed   after 1 s by the files: not in"), "\(late.output)")
                let waiting = try await smoke(
                    ["--target", target, "--deadline", "1", "--spool", workspace.layout.root], in: workspace)
                #expect(waiting.exit == 2, "\(waiting.output)")
                #expect(
                    waiting.output.contains("by the spool: waits for file://\(workspace.delivered.directory)"),
                    "\(waiting.output)")
                try await workspace.controlJSON(["resume"])

                let unfollowed = try await smoke(["--target", target, "--acknowledged"], in: workspace)
                #expect(unfollowed.exit == 0, "\(unfollowed.output)")
                #expect(try await smoke(["--target", target], in: workspace).exit == 64)
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                let gone = try await smoke(["--target", target, "--acknowledged"], in: workspace)
                #expect(gone.exit == 69, "\(gone.output)")
            }
        }

        @Test func aRefusedSenderIsAFailure() async throws {
            try await Workspace.run { workspace in
                // Services need a token here, and gatewayctl has none.
                let ingest = try workspace.ingest()
                let target = "127.0.0.1:\(try await ingest.port())"
                let run = try await smoke(["--target", target, "--service", "pings", "--acknowledged"], in: workspace)
                #expect(run.exit == 1, "\(run.output)")
                #expect(run.output.contains("failed   not acknowledged"), "\(run.output)")
                #expect(try await ingest.stop() == .code(0))
            }
        }
    }
}
