internal import Contract

/// What both methods do with a message before they decide anything about it.
enum RequestReading {
    /// Lends a message's bytes to a scan.
    /// - Throws: the failure for a message that is too long, or that is not what it should be.
    static func scan<Result>(
        _ message: [UInt8], limits: IngestLimits, _ body: (UnsafeRawBufferPointer) throws(WireError) -> Result
    ) throws(IngestFailure) -> Result {
        guard message.count <= limits.messageBytes else {
            throw .messageTooLong(message.count, limit: limits.messageBytes)
        }
        do throws(WireError) {
            return try message.withUnsafeBufferPointer { (bytes) throws(WireError) in
                try body(UnsafeRawBufferPointer(bytes))
            }
        } catch {
            throw .malformed(error)
        }
    }
}
