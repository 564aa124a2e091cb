internal import Glibc
internal import Runtime
internal import Synchronization

/// A small file whose content may be replaced while the process runs, kept parsed: a key, a token.
final class WatchedFile<Value: Sendable>: Sendable {
    /// Why the file is of no use. Never repeats its content.
    struct Problem: Error, Sendable, Hashable {
        let message: String
    }

    struct Reading: Sendable {
        let result: Result<Value, Problem>
        /// Grows with each change.
        let number: UInt64
    }

    private struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    private struct State {
        var identity: Identity?
        var reading: Reading?
        var lastNumber: UInt64 = 0
    }

    let path: String
    private let maximumBytes: Int
    private let parse: @Sendable ([UInt8]) -> Result<Value, Problem>
    private let state = Mutex(State())

    init(path: String, maximumBytes: Int, parse: @escaping @Sendable ([UInt8]) -> Result<Value, Problem>) {
        self.path = path
        self.maximumBytes = maximumBytes
        self.parse = parse
    }

    /// The content as it is now: read again when the file has changed, or could not be used the last time.
    func read() -> Reading {
        state.withLock { state in
            // Before the reading: a file that changes in between is read again the next time.
            let identity = Self.identity(of: path)
            if let identity, identity == state.identity, let reading = state.reading { return reading }
            let result = load()
            if identity != state.identity || state.reading == nil { state.lastNumber += 1 }
            let reading = Reading(result: result, number: state.lastNumber)
            state.identity = identity
            state.reading = reading
            return reading
        }
    }

    private func load() -> Result<Value, Problem> {
        let bytes: [UInt8]
        do throws(RuntimeFailure) {
            bytes = try FileBytes.read(path: path, maximumBytes: maximumBytes)
        } catch {
            return .failure(Problem(message: "\(path): cannot be read: \(error.message)"))
        }
        return parse(bytes).mapError { Problem(message: "\(path): \($0.message)") }
    }

    private static func identity(of path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
