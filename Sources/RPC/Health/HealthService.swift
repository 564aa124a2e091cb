package import GRPCCore
internal import SwiftProtobuf

/// `grpc.health.v1.Health`: what probes and load balancers ask.
package struct HealthService: Sendable {
    private let status: HealthStatus

    /// Answers from this status.
    package init(status: HealthStatus) {
        self.status = status
    }

    /// Adds `Check`, `List` and `Watch` to a router.
    package func register<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: HealthMethods.check, deserializer: ProtobufCodec<Grpc_Health_V1_HealthCheckRequest>(),
            serializer: ProtobufCodec<Grpc_Health_V1_HealthCheckResponse>(),
            handler: { request, _ in
                let request = try await ServerRequest(stream: request).message
                return StreamingServerResponse(single: ServerResponse(message: try check(request)))
            })
        router.registerHandler(
            forMethod: HealthMethods.list, deserializer: ProtobufCodec<Grpc_Health_V1_HealthListRequest>(),
            serializer: ProtobufCodec<Grpc_Health_V1_HealthListResponse>(),
            handler: { request, _ in
                _ = try await ServerRequest(stream: request)
                return StreamingServerResponse(single: ServerResponse(message: list()))
            })
        router.registerHandler(
            forMethod: HealthMethods.watch, deserializer: ProtobufCodec<Grpc_Health_V1_HealthCheckRequest>(),
            serializer: ProtobufCodec<Grpc_Health_V1_HealthCheckResponse>(),
            handler: { request, _ in
                let service = try await ServerRequest(stream: request).message.service
                return StreamingServerResponse { writer in
                    try await watch(service, writer: writer)
                    return [:]
                }
            })
    }

    private func check(
        _ request: Grpc_Health_V1_HealthCheckRequest
    ) throws(RPCError) -> Grpc_Health_V1_HealthCheckResponse {
        guard let known = status[request.service] else {
            throw RPCError(
                code: .notFound,
                message: "no service of this name here; ask for \"\" or for \(GatewayMethods.serviceName)")
        }
        return .with { $0.status = known.onWire }
    }

    private func list() -> Grpc_Health_V1_HealthListResponse {
        .with { response in
            response.statuses = status.statuses.mapValues { known in .with { $0.status = known.onWire } }
        }
    }

    /// Ends when the client ends it, and at a graceful shutdown: an open call would hold up the end of the process.
    private func watch(_ service: String, writer: RPCWriter<Grpc_Health_V1_HealthCheckResponse>) async throws {
        try await status.watching(service) { changes, end in
            try await withRPCCancellationHandler {
                var told: Grpc_Health_V1_HealthCheckResponse?
                for await change in changes {
                    let next = Grpc_Health_V1_HealthCheckResponse.with {
                        $0.status = change?.onWire ?? .serviceUnknown
                    }
                    // Changes that were not sent in time may have cancelled each other out.
                    guard next != told else { continue }
                    try await writer.write(next)
                    told = next
                }
            } onCancelRPC: {
                end()
            }
        }
    }
}
