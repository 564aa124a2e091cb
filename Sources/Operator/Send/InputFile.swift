internal import Glibc
internal import Runtime

/// A file or standard input, opened for reading.
final class InputFile: Sendable {
    /// How long one wait for input lasts before it is asked again whether to stop, in ms.
    private static let waitMilliseconds: Int32 = 200

    /// The name for people.
    let name: String
    /// Its size in bytes; nil when it is no regular file.
    let size: Int64?
    private let descriptor: Int32

    /// Opens a file; `-` is standard input.
    init(path: String) throws(OperatorFailure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OperatorFailure(.ioError, "\(path): can not open: \(ErrorNumber.text(errno))")
        }
        var information = stat()
        let isKnown = fstat(descriptor, &information) == 0
        if isKnown, information.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw OperatorFailure(.ioError, "\(path): is a directory; name its files")
        }
        size = isKnown && information.st_mode & S_IFMT == S_IFREG ? Int64(information.st_size) : nil
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Whether a read would not wait.
    var isReady: Bool { isReady(within: 0) }

    /// Reads what is there, waiting for the first byte.
    /// - Parameter isStopping: asked now and then while there is nothing; true ends the input.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, isStopping: () -> Bool
    ) throws(OperatorFailure) -> Int {
        while true {
            while !isReady(within: Self.waitMilliseconds) { if isStopping() { return 0 } }
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR || errno == EAGAIN else {
                throw OperatorFailure(.ioError, "\(name): can not read: \(ErrorNumber.text(errno))")
            }
        }
    }

    private func isReady(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }
}
