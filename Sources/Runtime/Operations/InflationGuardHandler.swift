internal import NIOCore
internal import NIOHTTPTypes

/// Stands behind the decompression of request bodies and ends those that grow out of proportion: the decompressor
/// itself knows only a limit for the whole.
final class InflationGuardHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limits: OperationsLimits
    private let exchange: RequestExchange

    init(limits: OperationsLimits, exchange: RequestExchange) {
        self.limits = limits
        self.exchange = exchange
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !exchange.hasFailed else { return }
        if case .body(let piece) = unwrapInboundIn(data) {
            exchange.inflatedBytes += piece.readableBytes
            let allowed = max(limits.inflationAllowance, exchange.receivedBytes * limits.inflationRatio)
            if exchange.inflatedBytes > allowed {
                exchange.hasFailed = true
                context.fireErrorCaught(OperationsBodyError.inflatesTooMuch(ratio: limits.inflationRatio))
                return
            }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Whoever reads the body gets the first error; what follows it is not the body any more.
        exchange.hasFailed = true
        context.fireErrorCaught(error)
    }
}
