internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Keeps the deadlines of one connection: for the header section, for the whole request, and for what a sender may go
/// on sending after it was answered. Invites a sender to go on that waits for `100 Continue`.
final class RequestClockHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: OperationsLimits
    private let exchange: RequestExchange
    private var timer: Scheduled<Void>?
    private var unanswered = 0
    private var isReceiving = false
    private var isLingering = false

    init(limits: OperationsLimits, exchange: RequestExchange) {
        self.limits = limits
        self.exchange = exchange
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(within: limits.headerTime, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(within: limits.headerTime, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !exchange.hasFailed else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            exchange.begin()
            isReceiving = true
            unanswered += 1
            if unanswered == 1 { expect(within: limits.requestTime, context) }
            inviteBody(of: head, context)
        case .body(let piece):
            // The route has answered already and does not look at it.
            guard !isLingering else { return }
            exchange.receivedBytes += piece.readableBytes
        case .end:
            isReceiving = false
            if isLingering {
                isLingering = false
                expect(within: limits.idleTime, context)
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody above asks for more.
        if isLingering || exchange.hasFailed { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            if exchange.hasFailed || (isReceiving && unanswered == 0) {
                isLingering = true
                expect(within: limits.lingerTime, context)
                context.write(data, promise: promise)
                context.read()
                return
            }
            expect(within: unanswered == 0 ? limits.idleTime : limits.requestTime, context)
        }
        context.write(data, promise: promise)
    }

    private func inviteBody(of head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard let expectation = head.headerFields[.expect], expectation.lowercased() == "100-continue" else { return }
        // Without an invitation the sender waits for the answer, which will say that it is too much.
        if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytes { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    private func expect(within time: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [self] in
            timeIsOver(context)
        }
    }

    private func timeIsOver(_ context: ChannelHandlerContext) {
        guard isReceiving, unanswered > 0, !exchange.hasFailed else {
            context.close(promise: nil)
            return
        }
        // Who reads the body learns it and answers; without an answer the connection ends all the same.
        exchange.hasFailed = true
        expect(within: limits.lingerTime, context)
        context.fireErrorCaught(OperationsBodyError.tooSlow(seconds: limits.requestTime.components.seconds))
    }
}
