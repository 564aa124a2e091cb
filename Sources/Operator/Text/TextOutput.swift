internal import Glibc
internal import Runtime

/// Standard output or standard error, written to without a buffer.
package struct TextOutput: Sendable {
    /// Columns of a terminal that does not say how many it has.
    private static let defaultColumns = 80
    /// Rows of a terminal that does not say how many it has.
    private static let defaultRows = 24
    /// How long to wait for a reader that is slow, per try, in ms.
    private static let waitMilliseconds: Int32 = 1000

    /// For answers.
    package static let standardOutput = TextOutput(descriptor: STDOUT_FILENO)
    /// For everything else.
    package static let standardError = TextOutput(descriptor: STDERR_FILENO)

    /// Whether standard input is typed by somebody.
    package static var isStandardInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    private let descriptor: Int32

    /// Writes to an open file descriptor.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether somebody looks at it.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Colours for a terminal that wants them, none otherwise.
    package var style: TextStyle {
        let environment = ProcessEnvironment.current
        return TextStyle(
            isColoured: isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb")
    }

    /// How many columns the terminal has.
    package var columns: Int { size.map { Int($0.ws_col) } ?? Self.defaultColumns }

    /// How many rows the terminal has.
    package var rows: Int { size.map { Int($0.ws_row) } ?? Self.defaultRows }

    private var size: winsize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return size
    }

    /// Writes a whole text; what a reader that is gone would get is dropped.
    package func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes bytes; see `write(_:)`.
    package func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&request, 1, Self.waitMilliseconds)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
