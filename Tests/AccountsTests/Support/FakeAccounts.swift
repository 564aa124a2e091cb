import SwiftProtobuf
import TestSupport
import Transfer

@testable import Accounts

/// An account service without a network: answers both endpoints as a test wants.
final class FakeAccounts: Sendable {
    enum Answer: Sendable {
        /// The gRPC method's response.
        case introspected(Clients_V1_IntrospectTokenResponse)
        /// OK, with this body.
        case grpc([UInt8])
        /// A gRPC status and its words.
        case status(Int, String)
        /// Any HTTP response.
        case http(Int, [UInt8])
        case failure(TransferError)

        static func json(_ text: String, status: Int = 200) -> Answer { .http(status, Array(text.utf8)) }

        static let unreachable = Answer.failure(
            TransferError(reason: .curl, curlCode: 7, message: "https://accounts.test: connection refused"))

        static func active(
            _ scopes: [String] = ["openid", "telemetry_gateway::events::write"], client: String = "client-1",
            expiresAt seconds: Int64? = nil
        ) -> Answer {
            .introspected(
                .with {
                    $0.active = true
                    $0.scopes = scopes
                    $0.clientID = client
                    if let seconds { $0.expiresAt.seconds = seconds }
                })
        }

        static let inactive = Answer.introspected(Clients_V1_IntrospectTokenResponse())
    }

    static let clientSecret = "client-secret-0a1b2c3d"
    static let ownToken = "own-token-4e5f6a7b"

    /// Answers to questions about tokens.
    let introspection = Changeable(Answer.active())
    /// Answers to requests for the gateway's own token; `NUMBER` in it counts them.
    let ownToken = Changeable(
        Answer.json(#"{"access_token":"\#(ownToken)-NUMBER","token_type":"bearer","expires_in":1000}"#))
    /// Questions wait here.
    let gate = Changeable<AsyncGate?>(nil)
    let questions = Recorder<HTTPTransferRequest>()
    let tokenRequests = Recorder<HTTPTransferRequest>()

    var exchange: HTTPExchange {
        { request async throws(TransferError) in try await self.answer(request) }
    }

    func answer(_ request: HTTPTransferRequest) async throws(TransferError) -> HTTPTransferResponse {
        if request.url.hasSuffix("/oauth/token") {
            tokenRequests.record(request)
            return try Self.response(to: ownToken.value, number: tokenRequests.values.count)
        }
        questions.record(request)
        await gate.value?.pass()
        return try Self.response(to: introspection.value, number: questions.values.count)
    }

    private static func response(to answer: Answer, number: Int) throws(TransferError) -> HTTPTransferResponse {
        switch answer {
        case .introspected(let message):
            var body: [UInt8] = []
            let bytes: [UInt8] = (try? message.serializedBytes()) ?? []
            GRPCFrame.appendHeader(messageBytes: bytes.count, to: &body)
            return HTTPTransferResponse(status: 200, headers: ["grpc-status": "0"], body: body + bytes)
        case .grpc(let body):
            return HTTPTransferResponse(status: 200, headers: ["grpc-status": "0"], body: body)
        case .status(let code, let words):
            return HTTPTransferResponse(
                status: 200, headers: ["grpc-status": "\(code)", "grpc-message": words], body: [])
        case .http(let status, let body):
            let text = String(decoding: body, as: UTF8.self)
            let numbered = text.split(separator: "NUMBER", omittingEmptySubsequences: false)
            guard numbered.count > 1 else { return HTTPTransferResponse(status: status, headers: [:], body: body) }
            let filled = numbered.joined(separator: "\(number)")
            return HTTPTransferResponse(status: status, headers: [:], body: Array(filled.utf8))
        case .failure(let error): throw error
        }
    }
}
