internal import NIOCore
internal import NIOPosix

/// Connections to this process's HTTP/1.1 server.
enum UpstreamConnection {
    /// Connects on the caller's event loop; `configure` fills the pipeline, also there. `failed` is called when it comes to
    /// nothing; the handlers in the pipeline learn of success by `channelActive`.
    static func open(
        _ configuration: ListenerConfiguration, eventLoop: any EventLoop,
        configure: @escaping (ChannelPipeline.SynchronousOperations) throws -> Void, failed: @escaping () -> Void
    ) {
        let configure = NIOLoopBound(configure, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.limits.upstreamConnectTime))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure.value(channel.pipeline.syncOperations) }
            }
            .connect(unixDomainSocketPath: configuration.httpSocketPath)
            .hop(to: eventLoop)
            .assumeIsolated()
            .whenFailure { _ in failed() }
    }
}
