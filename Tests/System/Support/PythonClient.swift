internal import Foundation
internal import Testing

/// Runs the scripts of Tests/Clients: clients that this project did not write, in the environment that
/// `scripts/support/python-environment` makes.
enum PythonClient {
    /// Why there are none; nil when there are.
    static let missing: String? = {
        let environment = package.appending(path: ".venv").path
        let files = ["bin/python", "stamp"].map { "\(environment)/\($0)" }
        if files.allSatisfy(FileManager.default.fileExists) { return nil }
        let reason = try? String(contentsOfFile: "\(environment)/reason", encoding: .utf8)
        return "no Python clients: \(reason ?? "scripts/support/python-environment has not been run")"
    }()

    /// The same for a test that is skipped.
    static let comment = Comment(rawValue: missing ?? "")

    /// Runs a script to its end.
    /// - Parameters:
    ///   - port: where ingest listens.
    ///   - name: begins the ids of its events.
    /// - Returns: what it printed.
    static func run<Result: Decodable>(
        _ script: String, _ arguments: [String] = [], port: Int, name: String = "python", in workspace: Workspace
    ) async throws -> Result {
        let process = try start(
            script, ["--port", String(port), "--output", workspace.directory, "--name", name] + arguments,
            in: workspace)
        let end = try await process.exit(within: limit)
        let output = try await process.wholeOutput()
        guard end == .code(0) else { throw HarnessError("\(script): \(end); \(process.errorText)") }
        return try JSONDecoder().decode(Result.self, from: Data(output.utf8))
    }

    /// Starts a script.
    static func start(_ script: String, _ arguments: [String], in workspace: Workspace) throws -> ManagedProcess {
        try workspace.start(
            "python-\(script)", package.appending(path: ".venv/bin/python").path,
            [package.appending(path: "Tests/Clients/\(script).py").path] + arguments,
            ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"])
    }

    private static let limit = Duration.seconds(240)

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
