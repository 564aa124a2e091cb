internal import Foundation
internal import Store

/// The disk under the processes of a test: `Tests/FaultVFS`, loaded into them, and what it is told.
final class FaultyDisk: Sendable {
    /// Which files fail.
    struct Files: OptionSet {
        let rawValue: UInt32
        static let segments = Files(rawValue: 1)
        static let ledger = Files(rawValue: 2)
        static let all = Files(rawValue: 7)
    }

    /// What fails now: a share of the calls, between 0 and 1, with an error number.
    struct Fault {
        var writes: (share: Double, error: Int32) = (0, 0)
        var syncs: (share: Double, error: Int32) = (0, 0)
        var files = Files.all
    }

    /// What a power loss has done.
    struct Loss: Decodable, Equatable {
        /// Sectors that went back to what they had been, and that stayed as they had been written.
        var reverted = 0
        var kept = 0
        /// Files that were gone, and that were back.
        var vanished = 0
        var returned = 0
    }

    /// Why there is none; nil when there is.
    static let missing: String? = library == nil ? "no fault-injecting VFS: scripts/torture builds it" : nil

    private static let library = ProcessInfo.processInfo.environment["GATEWAY_FAULT_LIBRARY"]
    private static let controlBytes = 32

    private let directory: String
    private let root: String
    private let control: Int32

    init(in workspace: Workspace) throws {
        directory = workspace.directory + "/disk"
        root = workspace.layout.root
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        control = open("\(directory)/control", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard control >= 0, ftruncate(control, Self.controlBytes) == 0 else { throw HarnessError("no control file") }
    }

    deinit { close(control) }

    /// The settings of a process on this disk.
    /// - Parameter journal: a name that no process had before.
    func settings(journal: String, seed: UInt64) throws -> [String: String] {
        guard let library = Self.library else { throw HarnessError(Self.missing ?? "") }
        try FileManager.default.createDirectory(
            atPath: journalPath(journal), withIntermediateDirectories: true)
        return [
            "LD_PRELOAD": library, "FAULT_VFS_ROOT": root, "FAULT_VFS_JOURNAL": journalPath(journal),
            "FAULT_VFS_CONTROL": "\(directory)/control", "FAULT_VFS_SEED": String(seed),
        ]
    }

    /// Lets calls fail from now on.
    func fail(_ fault: Fault) {
        set(4, UInt32(fault.writes.error))
        set(12, UInt32(fault.syncs.error))
        set(16, fault.files.rawValue)
        set(0, UInt32(fault.writes.share * 65536))
        set(8, UInt32(fault.syncs.share * 65536))
    }

    /// Lets calls succeed again.
    func heal() {
        set(0, 0)
        set(8, 0)
    }

    /// Lets syncs claim success and do nothing: those of segments, or those of directories.
    func lie(aboutDirectories: Bool) {
        set(16, Files.segments.rawValue)
        set(24, aboutDirectories ? 2 : 1)
    }

    /// Calls that have failed so far.
    var injected: Int {
        var value: UInt32 = 0
        return pread(control, &value, 4, 20) == 4 ? Int(UInt32(littleEndian: value)) : 0
    }

    /// Takes from the disk what dead processes had not synced.
    func losePower(journals: [String], seed: UInt64, in workspace: Workspace) async throws -> Loss {
        guard let library = Self.library else { throw HarnessError(Self.missing ?? "") }
        let tool = URL(fileURLWithPath: library).deletingLastPathComponent().appending(path: "power_loss").path
        let process = try workspace.start("power_loss", tool, [String(seed)] + journals.map(journalPath), [:])
        guard try await process.exit() == .code(0) else { throw HarnessError("power_loss: \(process.errorText)") }
        return try JSONDecoder().decode(Loss.self, from: Data(try await process.wholeOutput().utf8))
    }

    private func journalPath(_ name: String) -> String { "\(directory)/\(name)" }

    private func set(_ offset: Int, _ value: UInt32) {
        var bytes = value.littleEndian
        _ = pwrite(control, &bytes, 4, offset)
    }
}
