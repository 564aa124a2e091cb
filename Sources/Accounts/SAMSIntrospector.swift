internal import Secrets
internal import SwiftProtobuf
internal import Transfer

/// Asks `clients.v1.TokensService/IntrospectToken`, a gRPC method, with the gateway's own token.
struct SAMSIntrospector: Sendable {
    /// Below the account service's address.
    static let path = "/api/grpc/clients.v1.TokensService/IntrospectToken"

    private let url: AccountURL
    private let call: GRPCUnaryCall
    private let clientTokens: ClientTokenSource
    private let limits: AccountsLimits
    private let clock: AccountsClock
    private let exchange: HTTPExchange

    /// - Parameter apiURL: the account service's address.
    init(
        apiURL: AccountURL, clientTokens: ClientTokenSource, limits: AccountsLimits, clock: AccountsClock,
        exchange: @escaping HTTPExchange
    ) {
        url = apiURL.appending(Self.path)
        call = GRPCUnaryCall(
            url: url.text, security: url.securityForGRPC, maximumResponseBytes: limits.responseBytes)
        self.clientTokens = clientTokens
        self.limits = limits
        self.clock = clock
        self.exchange = exchange
    }

    func introspect(_ token: Secret) async throws(IntrospectionFailure) -> Introspection {
        let deadline = clock.monotonic() + limits.introspectionTimeout
        let clientToken = try await clientTokens.token()
        do throws(IntrospectionFailure) {
            return try await ask(token, clientToken, deadline: deadline)
        } catch {
            // The own token may have been revoked, or the account service may have new keys. Once is enough.
            guard error.code == .clientRefused, deadline - clock.monotonic() >= limits.clientTokenTimeout,
                clientTokens.discard(clientToken)
            else { throw error }
            return try await ask(token, try await clientTokens.token(), deadline: deadline)
        }
    }

    private func ask(
        _ token: Secret, _ clientToken: ClientTokenSource.Token, deadline: Int64
    ) async throws(IntrospectionFailure) -> Introspection {
        let left = deadline - clock.monotonic()
        guard left > 0 else { throw IntrospectionFailure(.timeout, "\(url): no time is left for the call") }
        let request = call.request(
            framedMessage: try encoded(token),
            headers: [.init("authorization", "Bearer \(clientToken.value.value)")], deadline: .nanoseconds(left))
        let response = try await IntrospectionFailure.asking(exchange, request)
        switch GRPCUnaryCall.outcome(of: response) {
        case .message(let message): return try decoded(message)
        // The status' words are left out: they may repeat the token.
        case .status(let status):
            throw IntrospectionFailure(
                status.code == Self.unauthenticated ? .clientRefused : .status, "\(url): \(status.name)")
        case .notGRPC(let httpStatus):
            throw IntrospectionFailure(
                httpStatus == 401 ? .clientRefused : .status, "\(url): HTTP \(httpStatus) without a gRPC status")
        case .unreadable: throw unreadable
        }
    }

    private func encoded(_ token: Secret) throws(IntrospectionFailure) -> [UInt8] {
        let message = Clients_V1_IntrospectTokenRequest.with { $0.token = token.value }
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            throw IntrospectionFailure(.protocolViolation, "\(url): the request can not be encoded")
        }
        var framed: [UInt8] = []
        GRPCFrame.appendHeader(messageBytes: bytes.count, to: &framed)
        return framed + bytes
    }

    private func decoded(_ message: ArraySlice<UInt8>) throws(IntrospectionFailure) -> Introspection {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        guard let answer = try? Clients_V1_IntrospectTokenResponse(serializedBytes: Array(message), options: options)
        else { throw unreadable }
        var introspection = Introspection(
            isActive: answer.active, scopes: answer.scopes, clientID: answer.clientID)
        if answer.hasExpiresAt {
            introspection.expiresAt = Introspection.nanoseconds(
                seconds: answer.expiresAt.seconds, nanoseconds: Int64(answer.expiresAt.nanos))
        }
        return introspection
    }

    private var unreadable: IntrospectionFailure {
        IntrospectionFailure(.protocolViolation, "\(url): the response is not one IntrospectTokenResponse")
    }

    private static let unauthenticated = 16
}
