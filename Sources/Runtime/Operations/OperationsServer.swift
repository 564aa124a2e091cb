internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves the operations endpoints over HTTP/1.1 until a graceful shutdown.
package struct OperationsServer: Service {
    /// Where to listen.
    package enum Address: Sendable, Equatable {
        /// A TCP address; port 0 means any free port.
        case tcp(host: String, port: Int)
        /// A Unix socket; a stale socket file is replaced.
        case unixSocket(path: String)
    }

    private let address: Address
    private let endpoints: OperationsEndpoints
    private let limits: OperationsLimits
    private let onListening: @Sendable (Int) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - onListening: called once with the bound port (0 for a Unix socket) when requests are accepted.
    package init(
        address: Address, endpoints: OperationsEndpoints, limits: OperationsLimits = .standard, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.address = address
        self.endpoints = endpoints
        self.limits = limits
        self.onListening = onListening
        self.logger = logger
    }

    /// Serves until a graceful shutdown; throws `RuntimeFailure` when it cannot listen.
    package func run() async throws {
        do {
            try await application().run()
        } catch let error as IOError {
            let inUse = error.errnoCode == addressInUseNumber
            throw RuntimeFailure(
                code: inUse ? .addressInUse : .cannotListen,
                message: "cannot listen on \(place): \(ErrorNumber.text(error.errnoCode))"
                    + (inUse ? "; stop the other process or choose another port (0 for any)" : ""))
        }
    }

    private func application() -> some ApplicationProtocol {
        var quiet = logger
        // Hummingbird announces its sockets at info; the process has its own line for that.
        if quiet.logLevel >= .info { quiet.logLevel = max(quiet.logLevel, .warning) }
        let (endpoints, onListening) = (endpoints, onListening)
        let responder = CallbackResponder<PeerRequestContext> { request, context in
            let answer = await endpoints.respond(to: OperationsRequest(request, peer: context.peer))
            return Response(answer, includeBody: request.method != .head)
        }
        return Application(
            responder: responder,
            server: .http1(configuration: Self.channel(limits: limits, readsBodies: endpoints.readsBodies)),
            configuration: ApplicationConfiguration(
                address: bindAddress,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: quiet)
    }

    private var bindAddress: BindAddress {
        switch address {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }

    private var place: String {
        switch address {
        case .tcp(let host, let port): "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}
