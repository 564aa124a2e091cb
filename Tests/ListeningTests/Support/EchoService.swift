import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Messages as bytes.
struct BytesCodec: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
        bytes.withUnsafeBytes { [UInt8]($0) }
    }
}

/// A gRPC method that answers every message with itself.
enum EchoService {
    static let method = MethodDescriptor(fullyQualifiedService: "test.Echo", method: "Echo")

    static func router<Transport: ServerTransport>(for transport: Transport.Type) -> RPCRouter<Transport> {
        var router = RPCRouter<Transport>()
        router.registerHandler(
            forMethod: method, deserializer: BytesCodec(), serializer: BytesCodec(),
            handler: { request, context in
                StreamingServerResponse { writer in
                    // Ends an open stream when the server says goodbye.
                    try await withRPCCancellationHandler {
                        for try await message in request.messages { try await writer.write(message) }
                    } onCancelRPC: {
                    }
                    return [:]
                }
            })
        return router
    }

    /// Sends `messages` in one stream and gives what came back.
    static func call(
        port: Int, security: HTTP2ClientTransport.Posix.TransportSecurity = .plaintext, messages: [[UInt8]]
    ) async throws -> [[UInt8]] {
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: security)
        return try await withGRPCClient(transport: transport) { client in
            var options = CallOptions.defaults
            options.timeout = .seconds(20)
            return try await client.bidirectionalStreaming(
                request: StreamingClientRequest { writer in
                    for message in messages { try await writer.write(message) }
                },
                descriptor: method, serializer: BytesCodec(), deserializer: BytesCodec(), options: options
            ) { response in
                var answers: [[UInt8]] = []
                for try await message in response.messages { answers.append(message) }
                return answers
            }
        }
    }
}
