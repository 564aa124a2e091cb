internal import NIOCore

/// Counts the open requests other than gRPC of one HTTP/2 connection; sits at the end of its pipeline and does nothing else.
/// Added when the first such request comes, so that gRPC clients never pay for it.
final class ProxiedStreams: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private(set) var open = 0

    /// The counter of a connection. Only on the connection's event loop.
    static func of(_ connection: any Channel) throws -> ProxiedStreams {
        let pipeline = connection.pipeline.syncOperations
        if let known = try? pipeline.handler(type: ProxiedStreams.self) { return known }
        let new = ProxiedStreams()
        try pipeline.addHandler(new, position: .last)
        return new
    }

    /// Counts one more until `stream` closes; false when that would be more than `limit`.
    func admit(_ stream: any Channel, limit: Int) -> Bool {
        guard open < limit else { return false }
        open += 1
        stream.closeFuture.assumeIsolated().whenComplete { [self] _ in open -= 1 }
        return true
    }
}
