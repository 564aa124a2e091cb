internal import CZlib

/// A request's body as one gzip member.
enum GzipBody {
    /// nil when there is no memory for it: the body then goes as it is.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
            // For requests: the processor's time is worth more than the last bytes.
            guard czlib_deflate_init(stream, 1) == Z_OK else { return nil }
            defer { deflateEnd(stream) }
            let bound = Int(deflateBound(stream, UInt(bytes.count)))
            return bytes.withUnsafeBufferPointer { input in
                [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                    stream.pointee.avail_in = UInt32(input.count)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    // With room for the bound one call does all.
                    CZlib.deflate(stream, Z_FINISH)
                    count = output.count - Int(stream.pointee.avail_out)
                }
            }
        }
    }
}
