/// What each failure means: the one place where libcurl codes, HTTP statuses and gRPC statuses become a `DeliveryError`.
package enum DeliveryErrorTable {
    /// The decision for one code.
    package struct Verdict: Sendable, Hashable {
        /// The reason.
        package let code: DeliveryError.Code
        /// How far it reaches.
        package let scope: DeliveryError.Scope
        /// Whether waiting alone may help.
        package let isRetriable: Bool

        init(_ code: DeliveryError.Code, _ scope: DeliveryError.Scope, retriable: Bool) {
            self.code = code
            self.scope = scope
            isRetriable = retriable
        }
    }

    /// For a gRPC status code (0, "ok", is not a failure and counts as a protocol violation here).
    package static func verdict(grpcStatus: Int) -> Verdict {
        switch grpcStatus {
        case 1: Verdict(.unavailable, .destination, retriable: true)  // CANCELLED
        case 2: Verdict(.unavailable, .destination, retriable: true)  // UNKNOWN
        case 3: Verdict(.invalid, .batch, retriable: false)  // INVALID_ARGUMENT
        case 4: Verdict(.timeout, .destination, retriable: true)  // DEADLINE_EXCEEDED: may have been executed
        case 5: Verdict(.notFound, .destination, retriable: false)  // NOT_FOUND: the topic
        case 6: Verdict(.invalid, .batch, retriable: false)  // ALREADY_EXISTS
        case 7: Verdict(.permissionDenied, .destination, retriable: false)  // PERMISSION_DENIED
        case 8: Verdict(.quota, .destination, retriable: true)  // RESOURCE_EXHAUSTED
        case 9: Verdict(.misconfigured, .destination, retriable: false)  // FAILED_PRECONDITION: billing, key
        case 10: Verdict(.unavailable, .destination, retriable: true)  // ABORTED
        case 11: Verdict(.invalid, .batch, retriable: false)  // OUT_OF_RANGE
        case 12: Verdict(.misconfigured, .destination, retriable: false)  // UNIMPLEMENTED: not a Pub/Sub endpoint
        case 13: Verdict(.unavailable, .destination, retriable: true)  // INTERNAL
        case 14: Verdict(.unavailable, .destination, retriable: true)  // UNAVAILABLE
        case 15: Verdict(.unavailable, .destination, retriable: true)  // DATA_LOSS
        case 16: Verdict(.unauthenticated, .destination, retriable: false)  // UNAUTHENTICATED
        default: Verdict(.protocolViolation, .destination, retriable: true)
        }
    }

    /// For an HTTP status, where the protocol above it said nothing.
    package static func verdict(httpStatus: Int) -> Verdict {
        switch httpStatus {
        case 400, 413, 422: Verdict(.invalid, .batch, retriable: false)
        case 401: Verdict(.unauthenticated, .destination, retriable: false)
        case 403: Verdict(.permissionDenied, .destination, retriable: false)
        case 404, 410: Verdict(.notFound, .destination, retriable: false)
        case 408: Verdict(.timeout, .destination, retriable: true)
        case 429: Verdict(.quota, .destination, retriable: true)
        case 500...599: Verdict(.unavailable, .destination, retriable: true)
        // Redirects, 405, 415 …: what answers there is not the service that was configured.
        case 300...499: Verdict(.misconfigured, .destination, retriable: false)
        default: Verdict(.protocolViolation, .destination, retriable: true)
        }
    }
}
