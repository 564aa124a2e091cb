internal import Glibc

/// A file opened for reading at offsets.
final class FileReader {
    let path: String
    let size: Int
    private let descriptor: Int32

    init(path: String) throws(StoreError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw StoreError(.io, "\(path): can not open: \(String(cString: strerror(errno)))")
        }
        var information = stat()
        fstat(descriptor, &information)
        size = Int(information.st_size)
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// Whether there is a file at the path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The size in bytes of the file at the path; nil when there is none.
    static func size(_ path: String) -> Int? {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : nil
    }

    /// Fills `bytes` from `offset`; what lies beyond the end of the file stays as it was.
    func read(_ bytes: inout [UInt8], at offset: Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
            }
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError(.io, "\(path): can not read at \(offset): \(String(cString: strerror(errno)))")
            }
            done += count
        }
    }
}
