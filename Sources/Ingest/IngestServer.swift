internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import RPC
internal import Runtime
internal import ServiceLifecycle

/// Serves the gateway's gRPC methods until a graceful shutdown.
struct IngestServer: Service {
    private let configuration: IngestConfiguration
    private let intake: BatchIntake
    private let onListening: @Sendable (Int) -> Void

    init(
        configuration: IngestConfiguration, intake: BatchIntake, onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.configuration = configuration
        self.intake = intake
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown: streams get to answer the batch in hand, then GOAWAY.
    /// - Throws: `RuntimeFailure` when it can not listen.
    func run() async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: configuration.host, port: configuration.port), transportSecurity: .plaintext,
            config: transportConfiguration)
        let server = GRPCServer(transport: transport, router: router)
        let limits = configuration.limits
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await server.serve()
                    } catch  where Task.isCancelled {
                        return
                    } catch {
                        throw RuntimeFailure(
                            code: .cannotListen,
                            message: "cannot serve on \(configuration.host):\(configuration.port): \(error); stop the "
                                + "other process or choose another port (0 for any)")
                    }
                }
                group.addTask {
                    // Fails only when serving fails, which the other task reports better.
                    guard let address = try? await server.listeningAddress else { return }
                    onListening(address.ipv4?.port ?? address.ipv6?.port ?? 0)
                }
                group.addTask {
                    // The transport's own limit begins only when a client has answered: one that is silent, or gone
                    // without a word, would keep the process for ever.
                    do {
                        try await gracefulShutdown()
                        try await Task.sleep(for: limits.shutdownGraceTime + limits.shutdownAnswerTime)
                    } catch {
                        return
                    }
                    throw GraceTimeOver()
                }
                try await group.next()
                do {
                    try await group.next()
                } catch is GraceTimeOver {
                    // Cancelled below.
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            server.beginGracefulShutdown()
        }
    }

    /// Streams that have not ended in time are cut off.
    private struct GraceTimeOver: Error {}

    private var router: RPCRouter<HTTP2ServerTransport.Posix> {
        let policy = IdentityPolicy(allowUnauthenticatedServices: configuration.allowUnauthenticatedServices)
        let recordEvents = RecordEventsHandler(intake: intake, policy: policy, limits: configuration.limits)
        let recordEvent = RecordEventHandler(intake: intake, policy: policy, limits: configuration.limits)
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        router.registerHandler(
            forMethod: GatewayMethods.recordEvents, deserializer: RawMessageCodec(), serializer: RawMessageCodec(),
            handler: { try await recordEvents($0, $1) })
        router.registerHandler(
            forMethod: GatewayMethods.recordEvent, deserializer: RawMessageCodec(), serializer: RawMessageCodec(),
            handler: { try await recordEvent($0, $1) })
        return router
    }

    private var transportConfiguration: HTTP2ServerTransport.Posix.Config {
        let limits = configuration.limits
        return .defaults { transport in
            transport.rpc.maxRequestPayloadSize = limits.messageBytes + limits.messageExcessBytes
            transport.compression.enabledAlgorithms = [.gzip]
            transport.http2.maxConcurrentStreams = limits.streamsPerConnection
            transport.http2.targetWindowSize = limits.windowBytes
            transport.http2.maxFrameSize = limits.frameBytes
            transport.connection.maxIdleTime = limits.connectionIdleTime
            transport.connection.maxGraceTime = limits.shutdownGraceTime
            transport.connection.keepalive.time = limits.keepaliveTime
            transport.connection.keepalive.timeout = limits.keepaliveTimeout
            transport.connection.keepalive.clientBehavior.allowWithoutCalls = true
            transport.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = limits.minimumPingInterval
        }
    }
}
