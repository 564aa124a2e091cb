/// The limits that the kernel has set for a process.
package struct ProcessLimits: Sendable, Hashable {
    private static let maximumBytes = 64 << 10

    /// Files that it may have open; nil when it can not be read.
    package var openFiles: UInt64?
    /// Memory of its control group, in bytes; nil without a limit.
    package var memoryBytes: UInt64?

    /// Makes limits from their parts.
    package init(openFiles: UInt64? = nil, memoryBytes: UInt64? = nil) {
        self.openFiles = openFiles
        self.memoryBytes = memoryBytes
    }

    /// Reads the limits of a process.
    /// - Parameter processID: nil for this process.
    package init(processID: Int32?) {
        let process = processID.map(String.init) ?? "self"
        self.init(
            openFiles: Self.read("/proc/\(process)/limits").flatMap(Self.openFiles),
            memoryBytes: Self.read("/proc/\(process)/cgroup").flatMap { Self.memory(groups: $0, read: Self.read) })
    }

    /// The soft limit in a text of `/proc/…/limits`.
    static func openFiles(in text: String) -> UInt64? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") }) else {
            return nil
        }
        let word = line.split(separator: " ").dropFirst(3).first
        return word == "unlimited" ? .max : word.flatMap { UInt64($0) }
    }

    /// The lowest limit of a control group and those above it; nil without one.
    /// - Parameters:
    ///   - groups: the text of `/proc/…/cgroup`.
    ///   - read: gives the text of a file, nil when it is not there.
    static func memory(groups: String, read: (String) -> String?) -> UInt64? {
        var lowest: UInt64?
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let base: String
            let name: String
            if fields[1].isEmpty {
                (base, name) = ("/sys/fs/cgroup", "memory.max")
            } else if fields[1].split(separator: ",").contains("memory") {
                (base, name) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            } else {
                continue
            }
            var group = fields[2].split(separator: "/")
            while true {
                let path = ([base] + group.map(String.init) + [name]).joined(separator: "/")
                // Version 1 writes “no limit” as a number near the end of all.
                if let bytes = read(path).flatMap(Self.number), bytes < 1 << 62 { lowest = min(lowest ?? .max, bytes) }
                guard !group.isEmpty else { break }
                group.removeLast()
            }
        }
        return lowest
    }

    private static func number(_ text: String) -> UInt64? { UInt64(text.filter { !$0.isWhitespace }) }

    private static func read(_ path: String) -> String? {
        (try? FileBytes.read(path: path, maximumBytes: maximumBytes)).map { String(decoding: $0, as: UTF8.self) }
    }
}
