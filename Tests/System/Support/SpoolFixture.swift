internal import Foundation
internal import Store

/// A spool that a released version left behind, killed with events on their way to two destinations: files in the state
/// directory of the Debian package, and a Pub/Sub topic. Tests/Fixtures/spools/README.md says how each was made.
struct SpoolFixture {
    /// The one of its destinations that exists everywhere.
    static let topic = "pubsub://fixture/events"

    /// The ids of the events that wait for the topic.
    let waitingForTopic: Set<String>
    /// The ids of the events that the topic will not take.
    let dead: Set<String>
    /// How many events are in quarantine.
    let quarantined: Int

    /// Unpacks the fixture of a format into a workspace's own spool.
    init(_ format: SpoolFormat, in workspace: Workspace) async throws {
        let archive = Self.directory.appending(path: "format-\(format.number).tar.gz").path
        let (code, _) = try await Tool.run("tar", ["-xzf", archive, "-C", workspace.directory], in: workspace)
        guard code == 0 else { throw HarnessError("\(archive) can not be unpacked") }
        func lines(_ name: String) throws -> Set<String> {
            let text = try String(contentsOfFile: "\(workspace.directory)/\(name)", encoding: .utf8)
            return Set(text.split(separator: "\n").map(String.init))
        }
        waitingForTopic = try lines("waiting-topic")
        dead = try lines("dead")
        quarantined = try lines("quarantined").count
    }

    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/spools")
}
