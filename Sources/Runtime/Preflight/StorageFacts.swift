internal import Glibc
package import Store

/// What was found out about a spool's directory and disk. Gathering blocks for as long as the disk takes.
package struct StorageFacts: Sendable {
    private let path: String
    private let directory: FileFacts
    private let parent: FileFacts
    private let kind: FileSystemKind?
    private let latency: Result<SyncLatency, StoreError>?
    private let space: FileSystemSpace?
    private let entries: FileSystemEntries?
    private let usedBytes: Int64

    /// Looks at a spool's directory, or, where it is not there yet, at the nearest one above it.
    /// - Parameters:
    ///   - writes: how many writes are timed; they are removed again.
    ///   - writeTime: no further one begins after so many nanoseconds.
    package init(layout: SpoolLayout, writes: Int, writeTime: Int64) {
        path = layout.root
        directory = FileFacts(path: path)
        let existing = StartPreflight.existing(path)
        // The one right above it: those further up are not made.
        let above = layout.root.lastIndex(of: "/").map { String(layout.root[..<$0]) } ?? "."
        parent = FileFacts(path: directory.errorNumber == 0 ? path : above.isEmpty ? "/" : above)
        kind = try? FileSystemKind.of(existing)
        space = try? FileSystemSpace.measured(existing)
        entries = try? FileSystemEntries.measured(existing)
        usedBytes = (try? SpoolUsage.measured(layout))?.bytesOnDisk ?? 0
        guard directory.errorNumber == 0, directory.isDirectory, directory.isWritable else {
            latency = nil
            return
        }
        latency = Result { () throws(StoreError) in
            try SyncLatency.measured(in: layout.root, count: writes, limit: writeTime)
        }
    }

    /// The verdicts on them.
    package func checks(_ settings: PreflightSettings) -> [PreflightCheck] {
        var checks = [
            StoragePreflight.directory(
                path, directory, parent: parent, isRelative: !path.hasPrefix("/"), user: geteuid())
        ]
        if let kind {
            checks.append(StoragePreflight.fileSystem(kind, allowsNetwork: settings.allowsNetworkFileSystem))
        }
        switch latency {
        case .success(let latency)?:
            checks.append(StoragePreflight.syncLatency(latency, on: kind ?? FileSystemKind(number: 0)))
        case .failure(let error)?:
            checks.append(
                PreflightCheck(
                    "sync_latency", .problem, error.message, advice: "nothing can be acknowledged: mend the disk"))
        case nil:
            checks.append(
                PreflightCheck("sync_latency", .notChecked, "the directory is not there, or can not be written"))
        }
        if let space { checks.append(StoragePreflight.space(settings.space, space, usedBytes: usedBytes)) }
        if let entries { checks.append(StoragePreflight.entries(entries)) }
        return checks
    }
}
