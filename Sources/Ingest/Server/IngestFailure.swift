internal import Contract
internal import GRPCCore
internal import Store

/// What a client is told when a call can not go on: decided here and nowhere else.
enum IngestFailure {
    /// Delay that a client is asked to keep before it tries again.
    static let retryDelaySeconds = 5

    /// The message is not the protobuf that it should be.
    static func malformed(_ error: WireError) -> RPCError {
        RPCError(code: .invalidArgument, message: "malformed request: \(error.message) at byte \(error.offset)")
    }

    /// The message is longer than one may be.
    static func messageTooLong(_ bytes: Int, limit: Int) -> RPCError {
        RPCError(
            code: .resourceExhausted,
            message: "the message has \(bytes) bytes and the limit is \(limit): send smaller batches")
    }

    /// The sender is not identified.
    static func identity(_ problem: IdentityProblem) -> RPCError {
        RPCError(
            code: problem == .identifierUnsupported ? .unimplemented : .invalidArgument, message: problem.message)
    }

    /// The licence key is not genuine.
    static func invalidLicence(_ error: LicenceError) -> RPCError {
        RPCError(code: .invalidArgument, message: "invalid license_key: \(error.message)")
    }

    /// The licence key is genuine and the operator refuses it.
    static func refusedLicence(_ problem: String) -> RPCError {
        RPCError(code: .permissionDenied, message: "license_key refused: \(problem)")
    }

    /// The batch is not durable; nothing of it was acknowledged.
    static func notDurable(_ error: StoreError) -> RPCError {
        if error.code == .full {
            return RPCError(
                code: .resourceExhausted, message: "the spool has no space left; send the batch again later",
                metadata: RetryInformation.metadata(
                    code: 8, message: "the spool has no space left", delaySeconds: retryDelaySeconds))
        }
        return RPCError(
            code: .unavailable, message: "the spool could not make the batch durable; send it again",
            metadata: RetryInformation.metadata(
                code: 14, message: "the spool is not available", delaySeconds: retryDelaySeconds))
    }

    /// The client reads no responses.
    static func unreadAcknowledgements(_ limit: Int) -> RPCError {
        RPCError(
            code: .resourceExhausted,
            message: "more than \(limit) bytes of responses are unread on this stream; read them while sending")
    }

    /// The process is stopping; what was acknowledged is durable, the rest is to be sent again.
    static let shuttingDown = RPCError(
        code: .unavailable, message: "the gateway is shutting down; send again what was not acknowledged")

    static let metadataTwice = RPCError(code: .invalidArgument, message: "received metadata more than once")
    static let eventsFirst = RPCError(
        code: .invalidArgument, message: "got events when metadata not yet received")
    static let eventMissing = RPCError(code: .invalidArgument, message: "event is required")
    static let requestMissing = RPCError(code: .invalidArgument, message: "the request message is missing")
    static let unsupportedIdentifier = identity(.identifierUnsupported)
    static let licensedInstance = RPCError(
        code: .unimplemented,
        message: "licensed instances are not accepted: the gateway has no public key to verify licence keys with "
            + "(GATEWAY_LICENSE_PUBLIC_KEY_FILE)")
    static let unauthenticatedService = RPCError(
        code: .unauthenticated,
        message: "managed services are not accepted: this version can not verify tokens yet "
            + "(GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES=true accepts them on a trusted network)")
}
