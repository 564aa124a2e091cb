internal import CZlib

/// Compresses into gzip members, one after the other. Belongs to one task or thread at a time.
struct GzipCompressor: ~Copyable {
    /// For requests: the processor's time is worth more than the last bytes.
    static let fastLevel: Int32 = 1
    /// For files, which stay.
    static let fileLevel: Int32 = 6

    private static let pieceBytes = 64 << 10

    // On the heap, because zlib keeps a pointer to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when there is no memory for it.
    init?(level: Int32) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_deflate_init(stream, level) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Appends to `output` what the current member has so far; some of it may stay inside.
    mutating func compress(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            deflate(part, Z_NO_FLUSH, into: &output)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        }
    }

    /// Appends the end of the current member; what comes next begins another one.
    mutating func finishMember(into output: inout [UInt8]) {
        deflate(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, into: &output)
        deflateReset(stream)
    }

    /// Forgets the current member.
    mutating func abandonMember() {
        deflateReset(stream)
    }

    private mutating func deflate(_ bytes: UnsafeRawBufferPointer, _ flush: Int32, into output: inout [UInt8]) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { piece in
            // The stream is sound and there is always space, so that neither call can fail.
            repeat {
                stream.pointee.next_out = piece.baseAddress
                stream.pointee.avail_out = UInt32(piece.count)
                CZlib.deflate(stream, flush)
                output.append(contentsOf: piece[..<(piece.count - Int(stream.pointee.avail_out))])
            } while stream.pointee.avail_out == 0
        }
        stream.pointee.next_in = nil
    }

    /// Appends `bytes` to `output` as one member.
    static func compress(
        _ bytes: UnsafeRawBufferPointer, level: Int32, into output: inout [UInt8], for destination: String
    ) throws(DeliveryError) {
        guard var compressor = GzipCompressor(level: level) else { throw noMemory(destination) }
        compressor.compress(bytes, into: &output)
        compressor.finishMember(into: &output)
    }

    static func noMemory(_ destination: String) -> DeliveryError {
        DeliveryError(
            code: .overloaded, scope: .local, isRetriable: true, message: "\(destination): no memory to compress with")
    }
}
