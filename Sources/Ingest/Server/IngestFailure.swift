internal import Accounts
internal import Contract
package import GRPCCore
internal import Store

/// Why a call can not go on, and what its client is told: decided here and nowhere else, for gRPC and HTTP alike.
package struct IngestFailure: Error, Sendable, Hashable {
    /// Delay that a client is asked to keep before it tries again, in seconds.
    static let retryDelaySeconds = 5

    /// The class, for metrics and for HTTP.
    let reason: CallRefusal
    /// The gRPC status code.
    let code: RPCError.Code
    /// What is wrong, where, and what to do.
    let message: String
    /// How long the client should wait, in seconds; nil where waiting does not help.
    let retryAfterSeconds: Int?

    init(_ reason: CallRefusal, _ code: RPCError.Code, _ message: String, retryAfterSeconds: Int? = nil) {
        self.reason = reason
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The message is not the protobuf that it should be.
    static func malformed(_ error: WireError) -> IngestFailure {
        IngestFailure(
            .malformed, .invalidArgument, "malformed request: \(error.message) at byte \(error.offset)")
    }

    /// The message is longer than one may be.
    static func messageTooLong(_ bytes: Int, limit: Int) -> IngestFailure {
        IngestFailure(
            .tooLarge, .resourceExhausted,
            "the message has \(bytes) bytes and the limit is \(limit): send smaller batches")
    }

    /// The metadata is longer than it may be: it is part of every message that its events become.
    static func metadataTooLong(_ bytes: Int, limit: Int) -> IngestFailure {
        IngestFailure(
            .identityMissing, .invalidArgument,
            "the metadata has \(bytes) bytes and the limit is \(limit): send only request id and identifier")
    }

    /// The sender is not identified.
    static func identity(_ problem: IdentityProblem) -> IngestFailure {
        IngestFailure(
            .identityMissing, problem == .identifierUnsupported ? .unimplemented : .invalidArgument, problem.message)
    }

    /// The licence key is not genuine.
    static func invalidLicence(_ error: LicenceError) -> IngestFailure {
        IngestFailure(.licence, .invalidArgument, "invalid license_key: \(error.message)")
    }

    /// The licence key is genuine and the operator refuses it.
    static func refusedLicence(_ problem: String) -> IngestFailure {
        IngestFailure(.licence, .permissionDenied, "license_key refused: \(problem)")
    }

    /// The token of a managed service is not accepted (reference 1.5).
    static func token(_ problem: TokenProblem) -> IngestFailure {
        switch problem {
        case .headerMissing, .typeMissing, .typeInvalid:
            IngestFailure(.unauthenticated, .unauthenticated, problem.message)
        case .unverifiable:
            IngestFailure(.accountServiceUnavailable, .internalError, problem.message)
        case .cancelled:
            IngestFailure(.cancelled, .cancelled, problem.message)
        case .inactive, .scopeMissing:
            IngestFailure(.permissionDenied, .permissionDenied, problem.message)
        }
    }

    /// The batch is not durable; nothing of it was acknowledged.
    static func notDurable(_ error: StoreError) -> IngestFailure {
        if error.code == .full {
            return IngestFailure(
                .spoolFull, .resourceExhausted, "the spool has no space left; send the batch again later",
                retryAfterSeconds: retryDelaySeconds)
        }
        return IngestFailure(
            .spoolUnavailable, .unavailable, "the spool could not make the batch durable; send it again",
            retryAfterSeconds: retryDelaySeconds)
    }

    /// There is no space for the batch now; nothing of it is recorded.
    static func noSpace(_ refusal: SpaceRefusal) -> IngestFailure {
        switch refusal.limit {
        case .clientShare:
            IngestFailure(
                .clientShare, .resourceExhausted,
                "too many events of this client wait for their delivery; send the batch again later",
                retryAfterSeconds: refusal.retryAfterSeconds)
        case .quota:
            IngestFailure(
                .spoolFull, .resourceExhausted,
                "the spool has reached its quota, events wait for their delivery; send the batch again later",
                retryAfterSeconds: refusal.retryAfterSeconds)
        case .reserve:
            IngestFailure(
                .spoolFull, .resourceExhausted,
                "the spool's disk is full up to its reserve; send the batch again later",
                retryAfterSeconds: refusal.retryAfterSeconds)
        }
    }

    /// A single event is in quarantine; the service that this one replaces says it in these words.
    static func eventRefused(_ refusal: RefusalReason) -> IngestFailure {
        IngestFailure(.malformed, .internalError, "failed to publish event: \(refusal.message)")
    }

    /// The client reads no responses.
    static func unreadAcknowledgements(_ limit: Int) -> IngestFailure {
        IngestFailure(
            .tooLarge, .resourceExhausted,
            "more than \(limit) bytes of responses are unread on this stream; read them while sending")
    }

    /// The process is stopping; what was acknowledged is durable, the rest is to be sent again.
    static let shuttingDown = IngestFailure(
        .shuttingDown, .unavailable, "the gateway is shutting down; send again what was not acknowledged")

    static let metadataTwice = IngestFailure(
        .protocolViolation, .invalidArgument, "received metadata more than once")
    static let eventsFirst = IngestFailure(
        .protocolViolation, .invalidArgument, "got events when metadata not yet received")
    static let eventMissing = IngestFailure(.protocolViolation, .invalidArgument, "event is required")
    static let requestMissing = IngestFailure(
        .protocolViolation, .invalidArgument, "the request message is missing")
    static let unsupportedIdentifier = identity(.identifierUnsupported)
    static let licensedInstance = IngestFailure(
        .licence, .unimplemented,
        "licensed instances are not accepted: the gateway has no public key to verify licence keys with "
            + "(GATEWAY_LICENSE_PUBLIC_KEY_FILE)")
    static let unauthenticatedService = IngestFailure(
        .unauthenticated, .unauthenticated,
        "managed services are not accepted: the gateway has no account service to verify tokens with "
            + "(TELEMETRY_GATEWAY_SAMS_CLIENT_ID and TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET)")
}

extension IngestFailure: RPCErrorConvertible {
    package var rpcErrorCode: RPCError.Code { code }
    package var rpcErrorMessage: String { message }
    package var rpcErrorMetadata: Metadata {
        guard let retryAfterSeconds else { return [:] }
        return RetryInformation.metadata(
            code: UInt8(clamping: code.rawValue), message: message, delaySeconds: retryAfterSeconds)
    }
}
