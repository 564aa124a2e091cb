internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import Listening
internal import Logging
internal import RPC
internal import Runtime
internal import ServiceLifecycle

/// Serves the gateway's gRPC methods on the one port until a graceful shutdown.
struct IngestServer: Service {
    private typealias Transport = HTTP2ServerTransport.Custom<OnePortListener>

    private let listener: OnePortListener
    private let intake: BatchIntake
    private let admission: SenderAdmission
    private let journal: CallJournal
    private let health: HealthStatus
    private let httpIsListening: ListeningSignal

    /// - Parameter httpIsListening: given once the server for everything that is not gRPC can be reached.
    init(
        listener: OnePortListener, intake: BatchIntake, admission: SenderAdmission, journal: CallJournal,
        health: HealthStatus, httpIsListening: ListeningSignal
    ) {
        self.listener = listener
        self.intake = intake
        self.admission = admission
        self.journal = journal
        self.health = health
        self.httpIsListening = httpIsListening
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
        await httpIsListening.wait()
        let server = GRPCServer(transport: listener.transport(transportConfiguration), router: try router)
        let (ends, end) = AsyncStream.makeStream(of: End.self)
        // Awaited through `ends`. Not a child task, because the transport waits for every connected client, cancelled or
        // not: one that has gone silent would keep the process from ending. What it was told is durable either way.
        let serving = Task { await end.yield(serve(server)) }
        let graceTime = limits.shutdownGraceTime + limits.shutdownAnswerTime
        let first = await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
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
            health.setAll(.notServing)
            server.beginGracefulShutdown()
        }
        serving.cancel()
        if case .failed(let failure) = first { throw failure }
    }

    private func serve(_ server: GRPCServer<Transport>) async -> End {
        do {
            try await server.serve()
            return .served
        } catch {
            return .failed(listener.failure(from: error))
        }
    }

    private var router: RPCRouter<Transport> {
        get throws {
            let recordEvents = RecordEventsHandler(intake: intake, admission: admission, journal: journal)
            let recordEvent = RecordEventHandler(intake: intake, admission: admission, journal: journal)
            var router = RPCRouter<Transport>()
            router.registerHandler(
                forMethod: GatewayMethods.recordEvents, deserializer: RawMessageCodec(), serializer: RawMessageCodec(),
                handler: { try await recordEvents($0, $1) })
            router.registerHandler(
                forMethod: GatewayMethods.recordEvent, deserializer: RawMessageCodec(), serializer: RawMessageCodec(),
                handler: { try await recordEvent($0, $1) })
            HealthService(status: health).register(with: &router)
            try ReflectionService().register(with: &router)
            return router
        }
    }

    private var limits: IngestLimits { admission.limits }

    private var transportConfiguration: Transport.Config {
        var transport = Transport.Config.defaults
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
        return transport
    }
}
