internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import Logging
internal import RPC
internal import Runtime
internal import ServiceLifecycle

/// Serves the gateway's gRPC methods until a graceful shutdown.
struct IngestServer: Service {
    private let configuration: IngestConfiguration
    private let intake: BatchIntake
    private let policy: IdentityPolicy
    private let journal: CallJournal
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    init(
        configuration: IngestConfiguration, intake: BatchIntake, policy: IdentityPolicy, journal: CallJournal,
        logger: Logger, onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.logger = logger
        self.configuration = configuration
        self.intake = intake
        self.policy = policy
        self.journal = journal
        self.onListening = onListening
    }

    /// What ends the serving.
    private enum End: Sendable {
        case served
        case failed(RuntimeFailure)
        case graceTimeOver
    }

    /// Serves until a graceful shutdown: streams get to answer the batch in hand, then GOAWAY.
    /// - Throws: `RuntimeFailure` when it can not listen.
    func run() async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: configuration.host, port: configuration.port), transportSecurity: .plaintext,
            config: transportConfiguration)
        let server = GRPCServer(transport: transport, router: router)
        let (ends, end) = AsyncStream.makeStream(of: End.self)
        // Awaited through `ends`. Not a child task, because the transport waits for every connected client, cancelled or
        // not: one that has gone silent would keep the process from ending. What it was told is durable either way.
        let serving = Task { await end.yield(serve(server)) }
        let graceTime = configuration.limits.shutdownGraceTime + configuration.limits.shutdownAnswerTime
        let first = await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Fails only when serving fails, which the other task reports better.
                    guard let address = try? await server.listeningAddress else { return }
                    onListening(address.ipv4?.port ?? address.ipv6?.port ?? 0)
                }
                group.addTask {
                    // Cancelled when the serving has ended by itself.
                    guard (try? await gracefulShutdown()) != nil, (try? await Task.sleep(for: graceTime)) != nil else {
                        return
                    }
                    end.yield(.graceTimeOver)
                }
                defer { group.cancelAll() }
                return await ends.first { _ in true }
            }
        } onGracefulShutdown: {
            server.beginGracefulShutdown()
        }
        serving.cancel()
        if case .failed(let failure) = first { throw failure }
    }

    private func serve(_ server: GRPCServer<HTTP2ServerTransport.Posix>) async -> End {
        do {
            try await server.serve()
            return .served
        } catch {
            return .failed(
                RuntimeFailure(
                    code: .cannotListen,
                    message: "cannot serve on \(configuration.host):\(configuration.port): \(error); stop the other "
                        + "process or choose another port (0 for any)"))
        }
    }

    private var router: RPCRouter<HTTP2ServerTransport.Posix> {
        let admission = SenderAdmission(policy: policy, limits: configuration.limits)
        let recordEvents = RecordEventsHandler(intake: intake, admission: admission, journal: journal)
        let recordEvent = RecordEventHandler(intake: intake, admission: admission, journal: journal)
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
