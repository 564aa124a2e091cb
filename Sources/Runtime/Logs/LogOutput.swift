internal import Glibc
internal import Synchronization

/// Where log lines go.
package final class LogOutput: Sendable {
    /// Standard error of this process.
    package static let standardError = LogOutput { line in
        FileDescriptorOutput.write(line, to: STDERR_FILENO)
    }

    // Pipes keep lines of up to PIPE_BUF (4 KiB) whole; the lock keeps longer ones whole too.
    private let lock = Mutex<Void>(())
    private let body: @Sendable (UnsafeRawBufferPointer) -> Void

    /// - Parameter body: receives one whole line with its newline, never two at once; must not log.
    package init(_ body: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.body = body
    }

    func write(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in lock.withLock { _ in body(bytes) } }
    }
}
