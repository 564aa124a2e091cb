/// How a process of this project ends, in the numbers of BSD's sysexits.h, which supervisors and scripts know.
package enum ExitCode: Int32, Sendable, Equatable {
    /// It did what it was asked to do, a graceful stop included.
    case success = 0
    /// The command line is wrong.
    case usage = 64
    /// Another instance holds the lock, or the port is in use.
    case unavailable = 69
    /// An error in this software.
    case software = 70
    /// A file or directory cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed.
    case ioError = 74
    /// The configuration is wrong; restarting does not help.
    case configuration = 78
}
