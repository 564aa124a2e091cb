import Accounts
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SwiftProtobuf

/// A gRPC server with the account service's one method, where the account service has it.
enum AccountService {
    typealias Answer =
        @Sendable (
            _ request: Clients_V1_IntrospectTokenRequest, _ authorization: [String]
        ) throws -> Clients_V1_IntrospectTokenResponse

    /// Serves while `body` runs, which is told the port.
    static func serve(answer: @escaping Answer, _ body: (Int) async throws -> Void) async throws {
        // The method lies below a path of its own; to gRPC that is all part of the name.
        let method = MethodDescriptor(
            fullyQualifiedService: "api", method: "grpc/clients.v1.TokensService/IntrospectToken", type: .unary)
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        router.registerHandler(forMethod: method, deserializer: BytesCodec(), serializer: BytesCodec()) { request, _ in
            let request = try await ServerRequest(stream: request)
            let question = try Clients_V1_IntrospectTokenRequest(serializedBytes: request.message)
            let authorization = Array(request.metadata[stringValues: "authorization"])
            let response: [UInt8] = try answer(question, authorization).serializedBytes()
            return StreamingServerResponse(single: ServerResponse(message: response))
        }
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
        let server = GRPCServer(transport: transport, router: router)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await server.serve() }
            let address = try await server.listeningAddress
            try await body(address?.ipv4?.port ?? 0)
            server.beginGracefulShutdown()
        }
    }
}

private struct BytesCodec: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
        bytes.withUnsafeBytes { [UInt8]($0) }
    }
}
