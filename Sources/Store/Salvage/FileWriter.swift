internal import Glibc

/// A new file written from start to end.
final class FileWriter {
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(.unwritable, "\(path): can not create: \(String(cString: strerror(errno)))")
        }
    }

    /// Makes durable what was written.
    func synchronize() throws(StoreError) {
        guard fdatasync(descriptor) == 0 else {
            throw StoreError(.io, "\(path): can not sync: \(String(cString: strerror(errno)))")
        }
    }

    deinit { Glibc.close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var rest = bytes
        while rest.count > 0 {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                let code: StoreError.Code = errno == ENOSPC || errno == EDQUOT ? .full : .io
                throw StoreError(code, "\(path): can not write: \(String(cString: strerror(errno)))")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
