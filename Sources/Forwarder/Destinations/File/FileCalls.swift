internal import Glibc

/// The system calls that can fail on a full or broken disk, so that tests can let them. Each returns as its C function
/// does, with the reason in `errno`.
struct FileCalls: Sendable {
    var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int = { Glibc.write($0, $1.baseAddress, $1.count) }
    var synchronize: @Sendable (Int32) -> Int32 = { fdatasync($0) }
    var truncate: @Sendable (Int32, Int) -> Int32 = { ftruncate($0, $1) }

    /// The operating system's text for an error number.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
