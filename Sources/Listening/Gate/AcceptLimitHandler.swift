internal import NIOCore
internal import Synchronization

/// Closes connections beyond the limit as they are accepted, before anything is set up for them.
final class AcceptLimitHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    /// Connections open now; they end on any event loop.
    private final class Count: Sendable {
        let open = Atomic(0)
    }

    private let limit: Int
    private let report: ListenerReport
    private let count = Count()

    init(limit: Int, report: ListenerReport) {
        self.limit = limit
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = unwrapInboundIn(data)
        guard count.open.load(ordering: .relaxed) < limit else {
            report.refused(.connectionLimit, by: child)
            child.close(promise: nil)
            return
        }
        count.open.wrappingAdd(1, ordering: .relaxed)
        child.closeFuture.whenComplete { [count] _ in count.open.wrappingSubtract(1, ordering: .relaxed) }
        context.fireChannelRead(data)
    }

    /// Swallowed: an error here ends the serving of all clients, and NIO closes the socket itself if it is beyond help.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        report.acceptFailed(error)
    }
}
