internal import Foundation
internal import Store
internal import Synchronization

/// One test's directory and processes.
final class Workspace: Sendable {
    let directory: String

    private let processes = Mutex<[ManagedProcess]>([])

    /// Runs a test: its processes are killed at the end whatever happens, its directory is kept when it failed.
    static func run(_ body: (Workspace) async throws -> Void) async throws {
        let workspace = try Workspace()
        let issuesBefore = IssueCounter.count
        do {
            try await body(workspace)
        } catch {
            await workspace.end(keepingFiles: true)
            throw error
        }
        await workspace.end(keepingFiles: IssueCounter.count > issuesBefore)
    }

    private init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "gateway-system-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = path
    }

    var layout: SpoolLayout { SpoolLayout(root: directory + "/spool") }
    var inspector: SpoolInspector { SpoolInspector(layout: layout) }
    var delivered: DeliveredFiles { DeliveredFiles(directory: directory + "/delivered") }

    /// Starts an ingest on this spool.
    func ingest(_ settings: [String: String] = [:], arguments: [String] = []) throws -> ManagedProcess {
        try start(
            "ingest", Binaries.ingest, arguments,
            ["PORT": "0", "GATEWAY_LISTEN_HOST": "127.0.0.1", "GATEWAY_SPOOL_DIRECTORY": layout.root]
                .merging(settings) { $1 })
    }

    /// Starts a forwarder on this spool, delivering to files.
    func forwarder(_ settings: [String: String] = [:], arguments: [String] = []) throws -> ManagedProcess {
        try start(
            "forwarder", Binaries.forwarder, arguments,
            [
                "GATEWAY_FORWARDER_PORT": "0", "GATEWAY_FORWARDER_HOST": "127.0.0.1",
                "GATEWAY_SPOOL_DIRECTORY": layout.root, "GATEWAY_DESTINATIONS": "file://\(delivered.directory)",
            ].merging(settings) { $1 })
    }

    /// Starts any process.
    func start(
        _ name: String, _ executable: String, _ arguments: [String], _ settings: [String: String], group: Bool = false
    ) throws -> ManagedProcess {
        let process = try ManagedProcess(
            name: name, executable: executable, arguments: arguments,
            environment: Self.inherited.merging(settings) { $1 }, errorPath: "\(directory)/\(name).log", group: group)
        processes.withLock { $0.append(process) }
        return process
    }

    /// Waits until the spool's one destination has everything that was committed.
    func drained(within limit: Duration = .seconds(120)) async throws {
        let inspector = inspector
        try await eventually("everything is delivered", within: limit) {
            let status = try await blocking { Result { try inspector.status() } }.get()
            return !status.destinations.isEmpty && status.destinations.allSatisfy { $0.waiting.events == 0 }
        }
    }

    private func end(keepingFiles: Bool) async {
        for process in processes.withLock(\.self) {
            do {
                try await process.destroy()
            } catch {
                print("not killed: \(error)")
            }
        }
        if keepingFiles {
            print("the files of the failed test are in \(directory)")
        } else {
            try? FileManager.default.removeItem(atPath: directory)
        }
    }

    /// The environment without anything that configures a gateway.
    private static let inherited = ProcessInfo.processInfo.environment.filter { key, _ in
        key != "PORT" && key != "ENVIRONMENT_ID"
            && ![
                "GATEWAY_", "PUBSUB_", "TELEMETRY_", "GOOGLE_", "SAMS_", "DIAGNOSTICS_", "OTEL_", "SENTRY_",
            ].contains { key.hasPrefix($0) }
    }
}
