internal import GRPCCore
package import GRPCNIOTransportHTTP2Posix
package import Logging
package import NIOCore
internal import NIOPosix
internal import NIOSSL
package import Runtime

/// Listens on one port for gRPC (HTTP/2 with and without TLS) and HTTP/1.1.
///
/// gRPC stays in the server that the transport belongs to; everything else is answered by the HTTP/1.1 server that listens on
/// `ListenerConfiguration.httpSocketPath`. `transport(_:)` gives the transport for a `GRPCServer`; with TLS,
/// `certificateReloader` must run as long as the server does.
package struct OnePortListener: HTTP2ServerTransport.ListenerFactory {
    /// The event loops that connections live on.
    package let eventLoopGroup: any EventLoopGroup
    /// Reads changed certificates; nil without TLS.
    package let certificateReloader: CertificateReloader?

    private let configuration: ListenerConfiguration
    private let report: ListenerReport
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - onListening: called once with the bound port when connections are accepted.
    /// - Throws: `RuntimeFailure` when the certificate files cannot be used.
    package init(
        configuration: ListenerConfiguration, observer: ListenerObserver = ListenerObserver(), logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(RuntimeFailure) {
        eventLoopGroup = MultiThreadedEventLoopGroup.singleton
        self.configuration = configuration
        self.onListening = onListening
        report = ListenerReport(observer: observer, logger: logger)
        certificateReloader =
            if let security = configuration.security {
                CertificateReloader(contexts: try SecurityContexts(security: security, report: report))
            } else {
                nil
            }
    }

    /// The transport for a `GRPCServer` that listens here.
    ///
    /// - Parameter config: its settings; the callback for accepted streams is replaced.
    package func transport(
        _ config: HTTP2ServerTransport.Custom<OnePortListener>.Config
    ) -> HTTP2ServerTransport.Custom<OnePortListener> {
        var config = config
        let (configuration, report) = (configuration, report)
        config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { stream in
            stream.eventLoop.makeCompletedFuture {
                let sorter = StreamSorter(configuration: configuration, report: report)
                try stream.pipeline.syncOperations.addHandler(sorter, position: .first)
            }
        }
        return HTTP2ServerTransport.Custom(listenerFactory: self, config: config)
    }

    /// What the process reports when the server of `transport(_:)` has thrown.
    package func failure(from error: any Error) -> RuntimeFailure {
        ListenFailure.make(error, host: configuration.host, port: configuration.port)
    }

    package func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never> {
        let (configuration, report) = (configuration, report)
        let contexts = certificateReloader?.contexts
        do {
            let channel = try await ServerBootstrap(group: eventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.backlog, value: configuration.limits.backlog)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            AcceptLimitHandler(limit: configuration.limits.connections, report: report))
                    }.flatMap { listenerConfigurator.configure(channel: channel) }
                }
                .bind(host: configuration.host, port: configuration.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let contexts {
                            try pipeline.addHandler(NIOSSLServerHandler(context: contexts.current))
                        }
                        try pipeline.addHandler(GateHandler(configuration: configuration, report: report))
                    }.flatMap {
                        connectionConfigurator.configure(
                            channel: channel, tls: contexts == nil ? .none : .configured(requireALPN: false))
                    }
                }
            onListening(channel.channel.localAddress?.port ?? 0)
            return channel
        } catch {
            throw ListenFailure.make(error, host: configuration.host, port: configuration.port)
        }
    }
}
