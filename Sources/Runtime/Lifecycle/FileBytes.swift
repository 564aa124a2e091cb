internal import Glibc

/// Small files read whole, without Foundation.
package enum FileBytes {
    private static let chunkBytes = 16 << 10

    /// The content of a file, at most `maximumBytes` of it; a longer file is an error. Also reads /proc, whose files have no size.
    package static func read(path: String, maximumBytes: Int) throws(RuntimeFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return content }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            content.append(contentsOf: chunk[..<count])
            guard content.count <= maximumBytes else {
                throw RuntimeFailure(code: .tooLong, message: "longer than \(ByteCountText.format(maximumBytes))")
            }
        }
    }

    private static func failure(_ number: Int32) -> RuntimeFailure {
        RuntimeFailure(code: .unreadable, message: ErrorNumber.text(number))
    }
}
