internal import Glibc

/// How long a directory's device takes to make a write durable.
package struct SyncLatency: Sendable, Hashable {
    /// Time for each write of a page with fdatasync behind it, in nanoseconds, the shortest first. Never empty.
    package let samples: [Int64]

    /// Takes what was measured; nil without a sample.
    package init?(samples: [Int64]) {
        guard !samples.isEmpty else { return nil }
        self.samples = samples.sorted()
    }

    /// The median, in nanoseconds.
    package var median: Int64 { samples[samples.count / 2] }

    /// The longest, in nanoseconds.
    package var longest: Int64 { samples[samples.count - 1] }

    /// What one write has (bytes): as much as the smallest commit.
    private static let writeBytes = 16 << 10

    /// Writes into a file of the directory again and again, and removes it. Blocking.
    /// - Parameters:
    ///   - count: most writes.
    ///   - limit: after this many nanoseconds no further write begins.
    /// - Throws: `full`, `unwritable` or `io`.
    package static func measured(
        in directory: String, count: Int, limit: Int64
    ) throws(StoreError) -> SyncLatency {
        let path = "\(directory)/.sync-probe-\(getpid())"
        // What a process of the same number has left.
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unwritable, "\(path): can not be made: \(String(cString: strerror(errno)))")
        }
        defer {
            unlink(path)
            close(descriptor)
        }
        let page = [UInt8](repeating: 0x5A, count: writeBytes)
        let start = MonotonicClock.now()
        var samples: [Int64] = []
        var time = start
        while samples.count < max(1, count), samples.isEmpty || time - start < limit {
            let begin = MonotonicClock.now()
            guard write(descriptor, page, page.count) == page.count, fdatasync(descriptor) == 0 else {
                let reason = errno
                throw StoreError(
                    reason == ENOSPC ? .full : .io, "\(path): can not be synced: \(String(cString: strerror(reason)))")
            }
            time = MonotonicClock.now()
            samples.append(time - begin)
        }
        guard let latency = SyncLatency(samples: samples) else {
            throw StoreError(.io, "\(path): nothing was measured")
        }
        return latency
    }
}
