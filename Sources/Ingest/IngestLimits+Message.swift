internal import GRPCCore

extension IngestLimits {
    /// Refuses a message that is longer than one may be.
    func check(_ message: [UInt8]) throws(RPCError) {
        guard message.count <= messageBytes else {
            throw IngestFailure.messageTooLong(message.count, limit: messageBytes)
        }
    }
}
