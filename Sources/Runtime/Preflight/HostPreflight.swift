package import Store

/// Judges what was found out about a machine. Pure: facts in, verdicts out.
package enum HostPreflight {
    /// 2026-01-01: a clock before this was never set.
    static let earliest: Int64 = 1_767_225_600_000_000_000
    /// 2100-01-01: a clock after this was set wrongly.
    static let latest: Int64 = 4_102_444_800_000_000_000
    /// How far the spool's times may lie ahead of the clock (nanoseconds).
    static let tolerance: Int64 = 60_000_000_000
    /// Files that a process has open besides its connections: segments, ledger, logs, its own sockets.
    static let otherFiles: UInt64 = 256
    /// What a process takes besides its buffers (bytes): `docs/benchmarks.md` has measured ones.
    static let ownBytes: UInt64 = 128 << 20
    /// The last SQLite whose log can be reset under a reader, and the first.
    static let walResetBug = 3_007_000...3_051_002
    /// The oldest SQLite that this software is tested with.
    static let oldestSQLite = 3_040_000
    /// libcurl 8.0: before it, HTTP/2 without TLS takes a connection for each request.
    static let curlThatReuses = 0x080000

    /// Judges the clock.
    /// - Parameter now: nanoseconds since 1970.
    package static func clock(now: Int64, _ times: SpoolTimes) -> PreflightCheck {
        let name = "clock"
        let found = RFC3339.format(now, fraction: .seconds)
        guard (earliest..<latest).contains(now) else {
            return PreflightCheck(
                name, .problem, "it is \(found), says the clock", advice: "set it: ages and retention go by it")
        }
        for (what, time) in [("segment", times.newestSegment), ("record of the ledger", times.ledger)] {
            guard let time, time > now, time - now > tolerance else { continue }
            return PreflightCheck(
                name, .problem,
                "it is \(found), says the clock, and the newest \(what) is of \(RFC3339.format(time, fraction: .seconds))",
                advice: "set the clock: it was set back, or was wrong when the spool was written")
        }
        return PreflightCheck(name, .ok, found)
    }

    /// Judges whether something keeps the clock right.
    package static func synchronization(_ isSynchronized: Bool?) -> PreflightCheck {
        let name = "clock_synchronization"
        return switch isSynchronized {
        case true?: PreflightCheck(name, .ok, "the kernel's clock is synchronized")
        case false?:
            PreflightCheck(
                name, .warning, "the kernel's clock is not synchronized",
                advice: "run chrony, systemd-timesyncd or the hypervisor's agent")
        case nil: PreflightCheck(name, .notChecked, "the kernel does not say")
        }
    }

    /// Judges SQLite, by its number (3.40.1 is 3040001).
    package static func sqlite(_ number: Int) -> PreflightCheck {
        let name = "sqlite"
        let version = "\(number / 1_000_000).\(number / 1000 % 1000).\(number % 1000)"
        guard number >= oldestSQLite else {
            return PreflightCheck(
                name, .warning, "SQLite \(version): older than any that this is tested with",
                advice: "upgrade libsqlite3")
        }
        return PreflightCheck(
            name, .ok,
            walResetBug.contains(number)
                ? "SQLite \(version); its bug of 3.7.0 to 3.51.2 at checkpoints has nothing to work on: segments are never "
                    + "checkpointed, and the ledger has one connection that writes"
                : "SQLite \(version)")
    }

    /// Judges libcurl, by its number (7.88.1 is 0x075801).
    package static func curl(_ number: Int) -> PreflightCheck {
        let version = "\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
        return PreflightCheck(
            "curl", .ok,
            number < curlThatReuses
                ? "libcurl \(version); before 8.0 the Pub/Sub emulator gets a connection for each request, Google does not"
                : "libcurl \(version)")
    }

    /// Judges the limit of open files.
    /// - Parameters:
    ///   - limit: nil when it is not known.
    ///   - connections: how many may be open at once.
    package static func openFiles(
        _ limit: UInt64?, connections: Int, process: String
    ) -> PreflightCheck {
        let name = "open_files_\(process)"
        guard let limit else { return PreflightCheck(name, .notChecked, "the limit is not known") }
        // A connection that speaks HTTP/1.1 has a second one behind it.
        let needed = UInt64(max(0, connections)) * 2 + otherFiles
        let found = "\(limit) files may be open, \(needed) are needed for \(connections) connections"
        guard limit < needed else { return PreflightCheck(name, .ok, found) }
        return PreflightCheck(
            name, limit < otherFiles ? .problem : .warning, found,
            advice: "raise the limit (LimitNOFILE=, ulimit -n), or lower GATEWAY_MAXIMUM_CONNECTIONS")
    }

    /// Judges the limit of memory.
    /// - Parameters:
    ///   - limit: of the control group, in bytes; nil without one.
    ///   - buffers: what may be held at once as it is set, in bytes.
    package static func memory(_ limit: UInt64?, buffers: UInt64, process: String) -> PreflightCheck {
        let name = "memory_\(process)"
        let needed = buffers + ownBytes
        let text = "buffers may take \(buffers >> 20) MiB, and the process \(ownBytes >> 20) MiB besides"
        guard let limit else { return PreflightCheck(name, .ok, "no limit; \(text)") }
        guard limit < needed else { return PreflightCheck(name, .ok, "limit \(limit >> 20) MiB; \(text)") }
        return PreflightCheck(
            name, limit < ownBytes ? .problem : .warning, "limit \(limit >> 20) MiB; \(text)",
            advice: "raise the limit to \(needed >> 20) MiB, or lower the settings that end in _BYTES")
    }

    /// Tells who holds a lock.
    /// - Parameters:
    ///   - holder: the number of the process that took it last.
    ///   - isVisible: whether there is such a process here.
    package static func lock(
        process: String, isHeld: Bool, holder: Int32?, isVisible: Bool
    ) -> PreflightCheck {
        let name = "lock_\(process)"
        guard isHeld else { return PreflightCheck(name, .ok, "telemetry-\(process) does not run on this spool") }
        guard let holder else {
            return PreflightCheck(
                name, .warning, "the lock is held, and its file does not say by whom", advice: "look with lslocks")
        }
        return PreflightCheck(
            name, .ok,
            "telemetry-\(process) runs, as process \(holder)" + (isVisible ? "" : " of another container or namespace"))
    }
}
