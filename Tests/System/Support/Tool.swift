internal import Foundation

/// Programs of the machine that tests use as clients.
enum Tool {
    /// Where a program lies on the PATH; nil when it is not installed.
    static func path(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { access($0, X_OK) == 0 }
    }

    /// Runs a program to its end.
    /// - Returns: its exit code and its standard output.
    static func run(
        _ name: String, _ arguments: [String], in workspace: Workspace
    ) async throws -> (code: Int32, output: String) {
        guard let path = path(name) else { throw HarnessError("\(name) is not installed") }
        let process = try workspace.start(name, path, arguments, [:])
        guard case .code(let code) = try await process.exit(within: .seconds(120)) else {
            throw HarnessError("\(name) was killed")
        }
        return (code, try await process.wholeOutput())
    }
}
