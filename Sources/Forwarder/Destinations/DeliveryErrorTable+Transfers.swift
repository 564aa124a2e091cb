internal import CCurl
package import Transfer

/// What libcurl says, and what comes back over it.
extension DeliveryErrorTable {
    /// For a libcurl result (`CURLcode`).
    package static func verdict(curlCode: Int32) -> Verdict {
        switch CURLcode(rawValue: UInt32(bitPattern: curlCode)) {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: Verdict(.dns, .destination, retriable: true)
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: Verdict(.connect, .destination, retriable: true)
        case CURLE_SSL_CONNECT_ERROR: Verdict(.tls, .destination, retriable: true)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            Verdict(.tls, .destination, retriable: false)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE:
            Verdict(.tls, .local, retriable: false)
        case CURLE_OPERATION_TIMEDOUT: Verdict(.timeout, .destination, retriable: true)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SEND_FAIL_REWIND, CURLE_AGAIN:
            Verdict(.connectionLost, .destination, retriable: true)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
            CURLE_BAD_FUNCTION_ARGUMENT:
            Verdict(.misconfigured, .destination, retriable: false)
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NO_CONNECTION_AVAILABLE:
            Verdict(.overloaded, .local, retriable: true)
        default: Verdict(.protocolViolation, .destination, retriable: true)
        }
    }

    /// For a response that is not the one that was hoped for.
    ///
    /// - Parameters:
    ///   - isGRPC: whether the peer should speak gRPC, whose status then counts before the one of HTTP.
    ///   - destination: named in the message.
    ///   - now: nanoseconds since 1970, for a `Retry-After` that is a date.
    package static func error(
        _ response: HTTPTransferResponse, isGRPC: Bool, at destination: String, now: Int64
    ) -> DeliveryError {
        let retryAfter = response.retryAfter(now: now)
        if isGRPC, let status = GRPCStatus(response) {
            return DeliveryError(
                verdict(grpcStatus: status.code), retryAfter: status.retryDelay ?? retryAfter,
                message: "\(destination): \(status.name): \(status.message)")
        }
        let isStatusAlone = isGRPC && response.status == 200
        return DeliveryError(
            isStatusAlone
                ? Verdict(.protocolViolation, .destination, retriable: true) : verdict(httpStatus: response.status),
            retryAfter: retryAfter,
            message: "\(destination): the answer is HTTP \(response.status)" + (isGRPC ? " without a gRPC status" : ""))
    }

    /// For a transfer that brought no response.
    package static func error(_ error: TransferError, at destination: String) -> DeliveryError {
        let verdict =
            switch error.reason {
            case .curl: verdict(curlCode: error.curlCode)
            case .responseTooLarge: Verdict(.protocolViolation, .destination, retriable: true)
            case .tooManyTransfers: Verdict(.overloaded, .local, retriable: true)
            case .cancelled: Verdict(.cancelled, .local, retriable: true)
            case .shutDown, .startup: Verdict(.shutDown, .local, retriable: true)
            }
        return DeliveryError(verdict, message: "\(destination): \(error)")
    }
}
