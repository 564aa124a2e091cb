internal import Transfer

/// The account service could not be asked. Safe to log: it repeats nothing that the account service said in words, which
/// might repeat the token.
struct IntrospectionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    enum Code: String, Sendable, CaseIterable {
        /// No complete response.
        case transfer
        /// No complete response in time.
        case timeout
        /// The account service does not accept the gateway's own credentials or token.
        case clientRefused = "client_refused"
        /// Any other status than success.
        case status
        /// A response that is not what was agreed.
        case protocolViolation = "protocol_violation"
        /// Too many tokens are being asked about.
        case overloaded
        /// The process is stopping.
        case shutDown = "shut_down"
    }

    let code: Code
    /// What failed and where.
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: TransferError) {
        self.init(Self.code(of: error), error.message)
    }

    var description: String { "\(code.rawValue): \(message)" }

    private static func code(of error: TransferError) -> Code {
        switch error.reason {
        case .cancelled, .shutDown: .shutDown
        case .tooManyTransfers: .overloaded
        case .responseTooLarge: .protocolViolation
        case .curl: error.curlCode == operationTimedOut ? .timeout : .transfer
        case .startup: .transfer
        }
    }

    /// CURLE_OPERATION_TIMEDOUT
    private static let operationTimedOut: Int32 = 28
}
