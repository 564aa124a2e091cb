internal import NIOCore
internal import NIOHTTP2
internal import NIOPosix
internal import Synchronization

/// `google.pubsub.v1.Publisher/Publish` on the real wire (gRPC over plaintext HTTP/2, prior knowledge), which takes
/// messages or fails as a script says, and `GetTopic`, which always answers. It speaks frames itself, so that it can
/// break any of them.
package final class FakePubSub: Sendable {
    private struct State {
        var decider: FailureDecider
        var failures: [Failure: Int] = [:]
        var refusedPoison = 0
        var requests = 0
        /// Requests that hang.
        var held: [any Channel] = []
        var isHealed = false
    }

    /// What it has taken.
    package let taken: TakenMessages

    private let state: Mutex<State>
    private let listener = Mutex<(any Channel)?>(nil)

    /// Listens; a port of 0 is any free one.
    package static func start(
        host: String = "127.0.0.1", port: Int = 0, script: FailureScript = FailureScript(),
        keeping: TakenMessages.Keeping = .messages
    ) async throws -> FakePubSub {
        let server = FakePubSub(script: script, keeping: keeping)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 65536, maximum: 1 << 20)
            )
            .childChannelInitializer { server.configure($0) }
            .bind(host: host, port: port).get()
        server.listener.withLock { $0 = channel }
        return server
    }

    private init(script: FailureScript, keeping: TakenMessages.Keeping) {
        state = Mutex(State(decider: FailureDecider(script)))
        taken = TakenMessages(keeping: keeping)
    }

    /// The port it listens on.
    package var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

    /// How often it has failed in which way.
    package var failures: [Failure: Int] { state.withLock(\.failures) }
    /// Requests that were refused for a poisonous event.
    package var refusedPoison: Int { state.withLock(\.refusedPoison) }
    /// Requests of which the headers have come.
    package var requests: Int { state.withLock(\.requests) }
    package var script: FailureScript { state.withLock(\.decider.script) }

    /// Another script from the next request on. Requests that hang go on hanging.
    package func apply(_ script: FailureScript) {
        state.withLock { state in
            state.decider = FailureDecider(script)
            state.isHealed = false
        }
    }

    /// Takes everything from now on but poison, and ends the requests that hang.
    package func heal() {
        let held = state.withLock { state in
            var script = FailureScript()
            script.poison = state.decider.script.poison
            state.decider = FailureDecider(script)
            state.isHealed = true
            defer { state.held = [] }
            return state.held
        }
        for channel in held { channel.close(promise: nil) }
    }

    /// Closes the port. Connections end with their clients.
    package func stop() async throws {
        heal()
        try await listener.withLock { $0 }?.close()
    }

    /// What becomes of the request that has just begun.
    func decide() -> (failure: Failure?, script: FailureScript) {
        state.withLock { state in
            state.requests += 1
            let failure = state.decider.next()
            if let failure { state.failures[failure, default: 0] += 1 }
            return (failure, state.decider.script)
        }
    }

    /// Lets a request hang, unless the fake has been healed since it came.
    func hold(_ channel: any Channel) {
        let isHealed = state.withLock { state in
            if !state.isHealed { state.held.append(channel) }
            return state.isHealed
        }
        if isHealed { channel.close(promise: nil) }
    }

    func countPoison() { state.withLock { $0.refusedPoison += 1 } }

    private func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 1000),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 64 << 10),
            HTTP2Setting(parameter: .initialWindowSize, value: Self.windowBytes),
            HTTP2Setting(parameter: .maxFrameSize, value: Self.frameBytes),
        ]
        connection.targetWindowSize = Self.windowBytes
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = Self.windowBytes
        // It is meant to reset many streams.
        stream.streamResetFrameRateLimit.maximumCount = .max
        stream.streamErrorRateLimit.maximumCount = .max
        return channel.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: connection, streamConfiguration: stream
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(PublishHandler(server: self))
            }
        }.map { _ in }
    }

    private static let windowBytes = 16 << 20
    private static let frameBytes = 1 << 20
}
