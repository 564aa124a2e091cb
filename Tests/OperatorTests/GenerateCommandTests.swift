import ArgumentParser
import Foundation
import Testing

@testable import Operator

@Suite struct GenerateCommandTests {
    /// A directory with the specification of this repository.
    private static func tree(_ body: (URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "generate-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root.appending(path: "deploy"), withIntermediateDirectories: true)
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        for file in ["deploy/service.yaml", "deploy/operations-notes.md"] {
            try FileManager.default.copyItem(at: repository.appending(path: file), to: root.appending(path: file))
        }
        try body(root)
    }

    private static func run(_ root: URL, _ arguments: String...) throws {
        var command = try GatewayControl.parseAsRoot(["generate", "--root", root.path] + arguments)
        try command.run()
    }

    private static func failure(_ root: URL, _ arguments: String...) -> OperatorFailure? {
        do {
            var command = try GatewayControl.parseAsRoot(["generate", "--root", root.path] + arguments)
            try command.run()
            return nil
        } catch {
            return error as? OperatorFailure
        }
    }

    @Test func whatIsWrittenIsUpToDateUntilItIsChanged() throws {
        try Self.tree { root in
            #expect(Self.failure(root, "--all", "--check")?.code == .refused)
            try Self.run(root, "--all")
            try Self.run(root, "--all", "--check")
            try Self.run(root, "dev", "--check")
            let rules = root.appending(path: "deploy/monitoring/prometheus/dev.rules.yaml")
            let text = try String(contentsOf: rules, encoding: .utf8)
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            lines[9] += " # by hand"
            try lines.joined(separator: "\n").write(to: rules, atomically: true, encoding: .utf8)
            let failure = try #require(Self.failure(root, "--all", "--check"))
            #expect(failure.code == .refused)
            #expect(failure.message.contains("deploy/monitoring/prometheus/dev.rules.yaml:10 differs"))
            #expect(Self.failure(root, "prod", "--check") == nil)
            try Self.run(root, "dev")
            #expect(try String(contentsOf: rules, encoding: .utf8) == text)
        }
    }

    @Test func whatIsNotGeneratedAnyMoreIsFoundAndRemoved() throws {
        try Self.tree { root in
            try Self.run(root, "--all")
            let stray = root.appending(path: "deploy/kubernetes/overlays/gone/kustomization.yaml")
            try FileManager.default.createDirectory(
                at: stray.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: stray)
            let failure = try #require(Self.failure(root, "--all", "--check"))
            #expect(failure.message.contains("overlays/gone/kustomization.yaml is not generated any more"))
            try Self.run(root, "--all")
            #expect(!FileManager.default.fileExists(atPath: stray.path))
            try Self.run(root, "--all", "--check")
        }
    }

    @Test func saysWhatIsWrong() throws {
        try Self.tree { root in
            #expect(Self.failure(root, "staging")?.code == .usage)
            let file = root.appending(path: "deploy/service.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing("cpu: 2", with: "cpu: 3").write(to: file, atomically: true, encoding: .utf8)
            let failure = try #require(Self.failure(root, "--all"))
            #expect(failure.code == .specification && failure.code.exitCode == 78)
            #expect(failure.message.contains("environments[1].instances.resources.cpu: 3 is not allowed"))
            try FileManager.default.removeItem(at: file)
            #expect(Self.failure(root, "--all")?.code == .ioError)
        }
    }

    @Test func namesTheFirstLineThatDiffers() {
        #expect(GenerateCommand.firstDifference("a\nb\nc\n", "a\nx\nc\n") == 2)
        #expect(GenerateCommand.firstDifference("a\n", "a\nb\n") == 2)
        #expect(GenerateCommand.firstDifference("", "a") == 1)
    }
}
