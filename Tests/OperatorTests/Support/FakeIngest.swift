internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import Operator
internal import RPC
internal import SwiftProtobuf

/// A server that answers `RecordEvents` the way a test wants, on a port of its own.
enum FakeIngest {
    /// The answer to one request message after the metadata: ids, or the error that ends the stream.
    typealias Answer = @Sendable (_ ids: [String]) throws -> [String]

    /// Serves while `body` runs.
    /// - Parameter onMetadata: gets the first message.
    static func serve(
        answer: @escaping Answer,
        onMetadata: @escaping @Sendable (Telemetrygateway_V1_RecordEventsRequestMetadata) -> Void = { _ in },
        _ body: (ServerAddress) async throws -> Void
    ) async throws {
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        router.registerHandler(
            forMethod: GatewayMethods.recordEvents, deserializer: RawMessageCodec(), serializer: RawMessageCodec()
        ) { request, _ in
            StreamingServerResponse { writer in
                for try await message in request.messages {
                    let request = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: message)
                    guard case .events(let events) = request.payload else {
                        onMetadata(request.metadata)
                        continue
                    }
                    var response = Telemetrygateway_V1_RecordEventsResponse()
                    response.succeededEvents = try answer(events.events.map(\.id))
                    try await writer.write(try response.serializedBytes())
                }
                return [:]
            }
        }
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext,
            config: .defaults { $0.rpc.maxRequestPayloadSize = 90 << 20 })
        let server = GRPCServer(transport: transport, router: router)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await server.serve() }
            let address = try await server.listeningAddress
            try await body(ServerAddress(host: "127.0.0.1", port: address?.ipv4?.port ?? 0))
            server.beginGracefulShutdown()
        }
    }
}
