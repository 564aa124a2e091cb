internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import RPC
internal import SwiftProtobuf

/// A server with health and reflection on a port of its own, and a client that is connected to it.
struct StandardServices: Sendable {
    typealias Server = GRPCServer<HTTP2ServerTransport.Posix>
    typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

    let server: Server
    let client: Client

    /// No call of these tests may wait for ever.
    static var options: CallOptions {
        var options = CallOptions.defaults
        options.timeout = .seconds(60)
        return options
    }

    /// The services as a process registers them.
    static func router(_ status: HealthStatus) throws -> RPCRouter<HTTP2ServerTransport.Posix> {
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        HealthService(status: status).register(with: &router)
        try ReflectionService().register(with: &router)
        return router
    }

    /// Serves while `body` runs, then ends gracefully and waits for that.
    static func serve(
        _ status: HealthStatus = HealthStatus(), _ body: (StandardServices) async throws -> Void
    ) async throws {
        let server = Server(
            transport: .http2NIOPosix(address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
            router: try router(status))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await server.serve() }
            // Also when a test fails: otherwise nothing would end the serving.
            defer { server.beginGracefulShutdown() }
            let port = try await server.listeningAddress?.ipv4?.port ?? 0
            let transport = try HTTP2ClientTransport.Posix(
                target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
            try await withGRPCClient(transport: transport) { client in
                try await body(StandardServices(server: server, client: client))
            }
        }
    }

    /// Calls `Check`.
    func check(_ service: String) async throws -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
        try await client.unary(
            request: ClientRequest(message: .with { $0.service = service }), descriptor: HealthMethods.check,
            serializer: ProtobufCodec<Grpc_Health_V1_HealthCheckRequest>(),
            deserializer: ProtobufCodec<Grpc_Health_V1_HealthCheckResponse>(), options: Self.options
        ) { try $0.message.status }
    }

    /// Calls `Watch`; `body` gets the responses.
    func watch(
        _ service: String,
        _ body:
            @escaping @Sendable (RPCAsyncSequence<Grpc_Health_V1_HealthCheckResponse, any Error>) async throws -> Void
    ) async throws {
        try await client.serverStreaming(
            request: ClientRequest(message: .with { $0.service = service }), descriptor: HealthMethods.watch,
            serializer: ProtobufCodec<Grpc_Health_V1_HealthCheckRequest>(),
            deserializer: ProtobufCodec<Grpc_Health_V1_HealthCheckResponse>(), options: Self.options
        ) { try await body($0.messages) }
    }

    /// Asks server reflection all questions on one stream.
    func ask(
        _ requests: [Grpc_Reflection_V1_ServerReflectionRequest],
        method: MethodDescriptor = ReflectionMethods.information
    ) async throws -> [Grpc_Reflection_V1_ServerReflectionResponse] {
        try await client.bidirectionalStreaming(
            request: StreamingClientRequest { writer in for request in requests { try await writer.write(request) } },
            descriptor: method, serializer: ProtobufCodec<Grpc_Reflection_V1_ServerReflectionRequest>(),
            deserializer: ProtobufCodec<Grpc_Reflection_V1_ServerReflectionResponse>(), options: Self.options
        ) { response in
            try await response.messages.reduce(into: []) { $0.append($1) }
        }
    }

    /// Asks server reflection one question.
    func ask(
        _ question: Grpc_Reflection_V1_ServerReflectionRequest.OneOf_MessageRequest?,
        method: MethodDescriptor = ReflectionMethods.information
    ) async throws -> Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse? {
        let responses = try await ask([.with { $0.messageRequest = question }], method: method)
        return responses.count == 1 ? responses.first?.messageResponse : nil
    }
}
