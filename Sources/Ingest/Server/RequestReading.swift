internal import Contract
internal import GRPCCore

/// What both methods do with a message before they decide anything about it.
enum RequestReading {
    /// Lends a message's bytes to a scan.
    /// - Throws: the status for a message that is too long, or that is not what it should be.
    static func scan<Result>(
        _ message: [UInt8], limits: IngestLimits, _ body: (UnsafeRawBufferPointer) throws(WireError) -> Result
    ) throws(RPCError) -> Result {
        guard message.count <= limits.messageBytes else {
            throw IngestFailure.messageTooLong(message.count, limit: limits.messageBytes)
        }
        do throws(WireError) {
            return try message.withUnsafeBufferPointer { (bytes) throws(WireError) in
                try body(UnsafeRawBufferPointer(bytes))
            }
        } catch {
            throw IngestFailure.malformed(error)
        }
    }

    /// Decodes metadata.
    /// - Throws: the status for bytes that are no metadata.
    static func metadata(_ bytes: [UInt8]) throws(RPCError) -> StreamMetadata {
        do throws(WireError) {
            return try StreamMetadata(bytes: bytes)
        } catch {
            throw IngestFailure.malformed(error)
        }
    }
}
