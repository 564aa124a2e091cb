internal import Glibc

/// Writing whole texts to a file descriptor without buffering.
package enum FileDescriptorOutput {
    /// Writes all bytes, with one write(2) unless the kernel takes fewer; false when the other end is gone or full for good.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { write($0, to: descriptor) }
    }

    /// Like `write(_:to:)` for borrowed bytes.
    @discardableResult
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                // EAGAIN included: a full pipe must not stop the process, so the text is given up.
                return false
            }
        }
        return true
    }
}
