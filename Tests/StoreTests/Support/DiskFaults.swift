import CSQLite
import Glibc
import Synchronization

/// Makes SQLite's writes below chosen directories fail, with the error number that a full or broken disk gives.
///
/// It stands in for one system call of SQLite's own (`xSetSystemCall`, there for such tests); all other files pass.
enum DiskFaults {
    private struct State {
        var installed = false
        /// Directory → error number, and how many more bytes it takes first.
        var faults: [String: (error: Int32, room: Int)] = [:]
    }

    private static let state = Mutex(State())
    private static let any = Atomic<Bool>(false)

    /// Lets `room` more bytes into log files below `directory`, then fails with `error` until `lift`.
    static func fail(below directory: String, with error: Int32, afterBytes room: Int = 0) {
        state.withLock { state in
            if !state.installed { install() }
            state.installed = true
            state.faults[directory] = (error, room)
            any.store(true, ordering: .releasing)
        }
    }

    static func lift(below directory: String) {
        state.withLock { state in
            state.faults[directory] = nil
            any.store(!state.faults.isEmpty, ordering: .releasing)
        }
    }

    private static func install() {
        let write: @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int = { descriptor, bytes, count, offset in
            let error = DiskFaults.error(descriptor, count)
            if error != 0 {
                errno = error
                return -1
            }
            return pwrite(descriptor, bytes, count, offset)
        }
        guard let system = sqlite3_vfs_find("unix") else { return }
        for name in ["pwrite", "pwrite64"] {
            _ = system.pointee.xSetSystemCall(system, name, unsafeBitCast(write, to: sqlite3_syscall_ptr.self))
        }
    }

    private static func error(_ descriptor: Int32, _ count: Int) -> Int32 {
        guard any.load(ordering: .acquiring) else { return 0 }
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return state.withLock { state in
            for (directory, fault) in state.faults where path.hasPrefix(directory + "/") {
                if count <= fault.room {
                    state.faults[directory] = (fault.error, fault.room - count)
                    return 0
                }
                return fault.error
            }
            return 0
        }
    }
}
