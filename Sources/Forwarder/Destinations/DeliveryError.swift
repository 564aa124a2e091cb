/// Why a delivery failed, and what it means for the rest of the work.
package struct DeliveryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How far the failure reaches (invariant 6 of docs/architecture.md).
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// This one message will never be taken: counts an attempt.
        case event
        /// The request was refused as a whole because of something in it: bisect it.
        case batch
        /// Nothing can be delivered there now: wait, count no attempts.
        case destination
        /// This machine or process is the cause (disk, memory, shutting down): wait, count no attempts.
        case local
    }

    /// What is done about a failure.
    package enum Action: String, Sendable, Hashable, CaseIterable {
        /// The message is put aside.
        case setAside
        /// The request is cut into smaller ones, down to the message that is to blame.
        case bisect
        /// New credentials are fetched for one more try; after that it is as with ``waitForOperator``.
        case renewCredentials
        /// The events wait, and are tried again.
        case wait
        /// The events wait and are tried again slowly; somebody is told, as waiting alone will not help.
        case waitForOperator
    }

    /// Stable snake_case reason, for metrics and rows.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The name as it appears in metrics.
        package let rawValue: String

        /// Any other name.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The host name did not resolve.
        package static let dns = Code(rawValue: "dns")
        /// No connection: refused, unreachable, proxy.
        package static let connect = Code(rawValue: "connect")
        /// The TLS handshake or the certificate check failed.
        package static let tls = Code(rawValue: "tls")
        /// No answer in time. The request may have been executed.
        package static let timeout = Code(rawValue: "timeout")
        /// The connection broke during the request. The request may have been executed.
        package static let connectionLost = Code(rawValue: "connection_lost")
        /// The peer answered something that the protocol does not allow.
        package static let protocolViolation = Code(rawValue: "protocol_violation")
        /// Credentials missing or not accepted.
        package static let unauthenticated = Code(rawValue: "unauthenticated")
        /// Credentials accepted, right missing.
        package static let permissionDenied = Code(rawValue: "permission_denied")
        /// Project, topic or address does not exist.
        package static let notFound = Code(rawValue: "not_found")
        /// The destination refuses until its configuration is changed (billing, key, method).
        package static let misconfigured = Code(rawValue: "misconfigured")
        /// Quota or rate limit.
        package static let quota = Code(rawValue: "quota")
        /// The destination says that it cannot now.
        package static let unavailable = Code(rawValue: "unavailable")
        /// The content of the request was refused.
        package static let invalid = Code(rawValue: "invalid")
        /// Refused here because it breaks the destination's limits.
        package static let oversized = Code(rawValue: "oversized")
        /// Refused here because the attributes break the destination's limits.
        package static let attributes = Code(rawValue: "attributes")
        /// The disk or quota is full.
        package static let diskFull = Code(rawValue: "disk_full")
        /// Another failure of a local file.
        package static let localIO = Code(rawValue: "local_io")
        /// A limit of this process (memory, queue) was reached.
        package static let overloaded = Code(rawValue: "overloaded")
        /// The caller was cancelled.
        package static let cancelled = Code(rawValue: "cancelled")
        /// The destination was shut down here.
        package static let shutDown = Code(rawValue: "shut_down")
    }

    /// The reason.
    package var code: Code
    /// How far the failure reaches.
    package var scope: Scope
    /// Whether the same request may succeed later without anyone changing anything. With scope `.destination` or
    /// `.local`, false means that an operator must act: keep the events, probe slowly, alert.
    package var isRetriable: Bool
    /// Shortest wait that the destination asked for.
    package var retryAfter: Duration?
    /// What happened, where, and what to do.
    package var message: String

    /// Makes an error.
    package init(code: Code, scope: Scope, isRetriable: Bool, retryAfter: Duration? = nil, message: String) {
        self.code = code
        self.scope = scope
        self.isRetriable = isRetriable
        self.retryAfter = retryAfter
        self.message = message
    }

    /// What is done about it.
    package var action: Action {
        switch scope {
        case .event: .setAside
        case .batch: .bisect
        case .destination where code == .unauthenticated || code == .permissionDenied: .renewCredentials
        case .destination, .local: isRetriable ? .wait : .waitForOperator
        }
    }

    /// One line for logs.
    package var description: String {
        "delivery failed (\(code.rawValue), scope \(scope.rawValue)): \(message)"
    }
}
