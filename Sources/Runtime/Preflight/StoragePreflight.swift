package import Store

/// Judges what was found out about a spool's directory and disk. Pure: facts in, verdicts out.
package enum StoragePreflight {
    /// The key that allows a spool where others decide what syncing means.
    package static let allowNetworkKey = "GATEWAY_SPOOL_ALLOW_NETWORK_FILESYSTEM"

    /// No device makes a write durable in less (nanoseconds): the fastest with a protected cache take about 20 µs.
    static let implausibleLatency: Int64 = 20_000
    /// A commit that takes longer makes senders wait (nanoseconds).
    static let slowLatency: Int64 = 100_000_000
    /// A segment has three files, and the ledger a few more.
    static let fewestEntries: UInt64 = 100
    /// One in so many files left is little.
    static let littleEntries: UInt64 = 100

    /// Judges the directory.
    /// - Parameters:
    ///   - facts: nil when it is not there.
    ///   - parent: of the directory above it.
    ///   - isRelative: whether its parents are made when they are missing.
    ///   - user: number of the user who asks; 0 may write everywhere.
    package static func directory(
        _ path: String, _ facts: FileFacts, parent: FileFacts, isRelative: Bool, user: UInt32
    ) -> PreflightCheck {
        let name = "spool_directory"
        guard facts.errorNumber == 0 else {
            if isRelative || (parent.errorNumber == 0 && parent.isWritable) {
                return PreflightCheck(name, .ok, "\(path) is not there yet and will be made")
            }
            let isThere = parent.errorNumber == 0
            return PreflightCheck(
                name, .problem,
                "\(path): \(ErrorNumber.text(facts.errorNumber))"
                    + (isThere ? ", and its parent can not be written by this user" : ", nor is its parent there"),
                advice: isThere
                    ? "make it, and give it to the service's user" : "mount the volume, or make the directory")
        }
        guard facts.isDirectory else {
            return PreflightCheck(name, .problem, "\(path) is no directory", advice: "name another one")
        }
        let mode = String(facts.mode, radix: 8)
        guard facts.isWritable else {
            return PreflightCheck(
                name, .problem, "\(path) (owner \(facts.owner), mode \(mode)) can not be written by user \(user)",
                advice: "give it to the service's user, mount it for writing, or run this as that user")
        }
        if facts.mode & 0o007 != 0 {
            return PreflightCheck(
                name, .warning,
                "\(path) has mode \(mode): everybody on this machine may look at events and licence keys",
                advice: "chmod o= \(path)")
        }
        if user != 0, facts.owner != user {
            return PreflightCheck(
                name, .warning, "\(path) belongs to user \(facts.owner), and this is user \(user)",
                advice: "run both processes and gatewayctl as one user")
        }
        let root = user == 0 && facts.owner != 0 ? "; asked as root, which says nothing of user \(facts.owner)" : ""
        return PreflightCheck(name, .ok, "\(path) can be written (owner \(facts.owner), mode \(mode))\(root)")
    }

    /// Judges the kind of file system.
    package static func fileSystem(_ kind: FileSystemKind, allowsNetwork: Bool) -> PreflightCheck {
        let name = "file_system"
        switch kind.nature {
        case .local: return PreflightCheck(name, .ok, kind.name)
        case .remote:
            let found =
                "\(kind.name): not a disk of this machine. Locks, shared memory and fsync are what its server makes "
            guard !allowsNetwork else {
                return PreflightCheck(
                    name, .warning, found + "of them, and \(allowNetworkKey) allows it",
                    advice: "acknowledged events are as safe as that server is; a local disk is safer")
            }
            return PreflightCheck(
                name, .problem, found + "of them: an acknowledged event may be lost",
                advice: "use a disk of this machine or a block volume; \(allowNetworkKey)=true takes the risk")
        case .memory:
            return PreflightCheck(
                name, .warning, "\(kind.name): not durable, everything is gone when the machine restarts",
                advice: "use a disk, unless this is a test")
        case .layered:
            return PreflightCheck(
                name, .warning, "\(kind.name): a layer of a container, gone with the container",
                advice: "mount a volume for the spool, unless this is a test")
        case .unknown:
            return PreflightCheck(
                name, .warning, "\(kind.name): not known here",
                advice: "make sure that fsync is durable there and that locks work")
        }
    }

    /// Judges how long the device takes to make a write durable.
    package static func syncLatency(_ latency: SyncLatency, on kind: FileSystemKind) -> PreflightCheck {
        let name = "sync_latency"
        let times =
            "median \(microseconds(latency.median)), longest \(microseconds(latency.longest)) of "
            + "\(latency.samples.count) writes with fdatasync"
        if kind.nature == .memory {
            return PreflightCheck(name, .notChecked, "\(times); \(kind.name) makes nothing durable")
        }
        if latency.median < implausibleLatency {
            return PreflightCheck(
                name, .warning, "\(times): faster than a device can be",
                advice: "somebody answers before the data is safe (write cache, hypervisor, “nobarrier”): a power loss "
                    + "may take acknowledged events; find out who, or use another disk")
        }
        if latency.median > slowLatency {
            return PreflightCheck(
                name, .warning, "\(times): slow", advice: "senders wait for each commit: use a faster disk")
        }
        return PreflightCheck(name, .ok, times)
    }

    /// Judges quota and reserve against the file system.
    /// - Parameter usedBytes: what the segments take already.
    package static func space(
        _ settings: SpoolSpaceSettings, _ space: FileSystemSpace, usedBytes: Int64
    ) -> PreflightCheck {
        let name = "space"
        guard space.totalBytes > 0 else {
            return PreflightCheck(
                name, settings.quotaBytes == nil ? .warning : .ok, "the file system does not tell its size",
                advice: settings.quotaBytes == nil
                    ? "set \(SpoolSpaceSettings.quotaKey): nothing else bounds the spool" : "")
        }
        let limits: SpoolSpaceLimits
        do throws(ConfigurationError) {
            limits = try settings.limits(fileSystemBytes: space.totalBytes)
        } catch {
            return PreflightCheck(
                name, .problem, error.problems.map(\.description).joined(separator: "; "),
                advice: "lower it, or use a larger file system")
        }
        let found =
            "quota \(bytes(limits.quotaBytes)) (\(bytes(usedBytes)) used), reserve \(bytes(limits.reserveBytes)), "
            + "\(bytes(space.freeBytes)) of \(bytes(space.totalBytes)) free"
        if space.freeBytes <= limits.reserveBytes {
            return PreflightCheck(
                name, .problem, "\(found): every batch is refused",
                advice: "free space, or lower \(SpoolSpaceSettings.reserveKey)")
        }
        if usedBytes >= limits.quotaBytes {
            return PreflightCheck(
                name, .problem, "\(found): every batch is refused",
                advice: "look at the forwarder, or raise \(SpoolSpaceSettings.quotaKey)")
        }
        if limits.quotaBytes - usedBytes > space.freeBytes - limits.reserveBytes {
            // Nobody has counted on the standard quota, which is a share of the whole disk.
            guard settings.quotaBytes != nil else {
                return PreflightCheck(name, .ok, "\(found): the reserve is reached before the quota")
            }
            return PreflightCheck(
                name, .warning, "\(found): the disk is full before the quota is used up",
                advice:
                    "free space, or lower \(SpoolSpaceSettings.quotaKey): what others write shortens the time that an "
                    + "outage may last")
        }
        return PreflightCheck(name, .ok, found)
    }

    /// Judges how many files there may be.
    package static func entries(_ entries: FileSystemEntries) -> PreflightCheck {
        let name = "inodes"
        guard entries.total > 0 else {
            return PreflightCheck(name, .notChecked, "the file system has no fixed number of files")
        }
        let found = "\(entries.free) of \(entries.total) files free"
        if entries.free < fewestEntries {
            return PreflightCheck(
                name, .problem, "\(found): segments can not be made", advice: "remove files, or use another file system"
            )
        }
        if entries.free < entries.total / littleEntries {
            return PreflightCheck(name, .warning, found, advice: "find out who makes so many files")
        }
        return PreflightCheck(name, .ok, found)
    }

    private static func bytes(_ bytes: Int64) -> String {
        let units = [("TiB", Int64(1) << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        guard bytes < .max else { return "unbounded" }
        guard let (name, size) = units.first(where: { bytes >= $0.1 }) else { return "\(bytes) B" }
        return "\(bytes / size).\(bytes % size * 10 / size) \(name)"
    }

    private static func microseconds(_ nanoseconds: Int64) -> String {
        nanoseconds < 10_000_000 ? "\(nanoseconds / 1000) µs" : "\(nanoseconds / 1_000_000) ms"
    }
}
