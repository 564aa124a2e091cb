internal import Glibc

/// Writing to a connection whose other end is gone must be an error value, not the end of the process.
package enum BrokenPipe {
    /// Ignores SIGPIPE in the whole process; call it first thing in main.
    package static func ignoreSignal() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
