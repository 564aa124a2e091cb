internal import Glibc

/// A place for a Unix socket. The system takes short paths only; a longer one is reached through a descriptor of its
/// directory, which this value keeps open.
package final class LocalSocket: Sendable {
    /// Longest path of a socket address, in bytes.
    static let maximumPathBytes = 100

    /// What to bind and connect to.
    package let path: String
    private let directory: Int32?

    /// - Parameter path: where the socket is to be; its directory exists.
    /// - Throws: `unreadable` when the directory can not be opened.
    package init(path: String) throws(RuntimeFailure) {
        guard path.utf8.count > Self.maximumPathBytes else {
            self.path = path
            directory = nil
            return
        }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let parent = String(path[..<end])
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RuntimeFailure(
                code: .unreadable, message: "\(parent): can not open the directory: \(ErrorNumber.text(errno))")
        }
        directory = descriptor
        self.path = "/proc/self/fd/\(descriptor)" + path[end...]
    }

    deinit {
        if let directory { close(directory) }
    }
}
