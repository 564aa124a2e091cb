internal import CZlib
internal import Glibc

/// Finds where the last whole member of a gzip file ends.
enum GzipMembers {
    private static let chunkBytes = 64 << 10

    /// Bytes up to and including the last whole member; nil when reading fails.
    static func wholeBytes(of file: Int32) -> Int? {
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
            guard czlib_inflate_init(stream) == Z_OK else { return nil }
            defer { inflateEnd(stream) }
            return wholeBytes(of: file, stream)
        }
    }

    private static func wholeBytes(of file: Int32, _ stream: UnsafeMutablePointer<z_stream>) -> Int? {
        var input = [UInt8](repeating: 0, count: chunkBytes)
        var output = [UInt8](repeating: 0, count: chunkBytes)
        var offset = 0
        var whole = 0
        while true {
            let count = pread(file, &input, input.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? whole : nil }
            let isSound = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_in = input.baseAddress
                    stream.pointee.avail_in = UInt32(count)
                    var isFull = false
                    while stream.pointee.avail_in > 0 || isFull {
                        stream.pointee.next_out = output.baseAddress
                        stream.pointee.avail_out = UInt32(output.count)
                        let result = inflate(stream, Z_NO_FLUSH)
                        isFull = stream.pointee.avail_out == 0
                        if result == Z_STREAM_END {
                            whole = offset + count - Int(stream.pointee.avail_in)
                            inflateReset(stream)
                            isFull = false
                        } else if result != Z_OK {
                            // Z_BUF_ERROR: all is read and there is nothing more to give.
                            return result == Z_BUF_ERROR && stream.pointee.avail_in == 0
                        }
                    }
                    return true
                }
            }
            guard isSound else { return whole }
            offset += count
        }
    }
}
