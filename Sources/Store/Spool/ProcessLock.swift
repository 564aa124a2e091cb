internal import Glibc
internal import Synchronization

/// One process for one role on one spool, held by `flock`: the kernel lets go of it however the process ends.
package final class ProcessLock: Sendable {
    private let descriptor: Mutex<Int32?>

    private init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Takes the lock and writes this process's id into its file.
    /// - Throws: `locked`, naming the holder's process id; `unwritable` when the file can not be opened.
    package static func acquire(path: String, role: String) throws(StoreError) -> ProcessLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(.unwritable, "\(path): can not open the lock file: \(String(cString: strerror(errno)))")
        }
        guard lock(descriptor) else {
            let reason = errno
            defer { Glibc.close(descriptor) }
            guard reason == EWOULDBLOCK else {
                throw StoreError(.io, "\(path): can not lock: \(String(cString: strerror(reason)))")
            }
            throw StoreError(
                .locked,
                "\(path): another \(role) (pid \(holder(descriptor))) is running on this spool: stop it first, or give "
                    + "this one its own GATEWAY_SPOOL_DIRECTORY")
        }
        let text = "\(getpid())\n"
        // The id only helps people; the lock itself is the kernel's.
        _ = ftruncate(descriptor, 0)
        _ = text.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, text.utf8.count, 0) }
        return ProcessLock(descriptor: descriptor)
    }

    /// Whether some process holds the lock now.
    package static func isHeld(path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        // A shared try fails only against the holder's exclusive lock, and is gone with the descriptor.
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// The id of the process that took the lock last, in its own namespace of ids; nil when nobody ever did.
    package static func holder(path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        return Int32(holder(descriptor))
    }

    /// Lets go of the lock.
    package func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { Glibc.close(open) }
            descriptor = nil
        }
    }

    /// Tries for a moment: whoever only asks whether the lock is held takes it for an instant.
    private static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<maximumTries {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            poll(nil, 0, pauseMilliseconds)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    private static let maximumTries = 5
    private static let pauseMilliseconds: Int32 = 10

    private static func holder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let digits = buffer.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}
