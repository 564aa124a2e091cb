internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2

/// Answers one HTTP/2 request with what the HTTP/1.1 server of this process answers, over a connection of its own.
///
/// Neither side is read while the other cannot be written; when the client resets the request, the connection closes.
/// The gRPC handlers behind it hear nothing until the stream has ended, and nothing that they write gets out.
final class StreamProxyHandler: ChannelDuplexHandler, UpstreamClient {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart
    typealias Request = HTTPClientRequestPart
    typealias Answer = HTTPClientResponsePart

    private enum State {
        /// The upstream connection is being made; what the client says meanwhile is kept.
        case connecting([HTTPClientRequestPart])
        case joined(UpstreamHandler<StreamProxyHandler>)
        /// The answer is complete or the stream has ended: the rest of the request is dropped.
        case ended
    }

    private let configuration: ListenerConfiguration
    private let report: ListenerReport
    private let admitted: Bool
    private var state = State.connecting([])
    private var idle: IdleWatch?
    private var lingering: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    private var unframedHead: HTTPRequestHead?
    private var requestEnded = false
    private var answerBegun = false
    private var readHeld = false

    init(configuration: ListenerConfiguration, report: ListenerReport, admitted: Bool) {
        self.configuration = configuration
        self.report = report
        self.admitted = admitted
    }

    // MARK: the client's side

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        report.observer.proxiedStreamOpened()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        lingering?.cancel()
        lingering = nil
        self.context = nil
        report.observer.proxiedStreamClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        idle?.touch()
        switch unwrapInboundIn(data) {
        case .head(let head):
            begin(head, context: context)
        case .body(let bytes):
            if let head = unframedHead.take() { send(.head(ProxiedRequest.withBody(head))) }
            send(.body(.byteBuffer(bytes)))
        case .end(let trailers):
            requestEnded = true
            if let head = unframedHead.take() { send(.head(head)) }
            send(.end(trailers))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .joined(let upstream) = state { upstream.flush() }
    }

    func read(context: ChannelHandlerContext) {
        switch state {
        case .connecting(let parts) where !parts.isEmpty:
            readHeld = true
        case .joined(let upstream) where !upstream.isWritable:
            readHeld = true
        case .connecting, .joined, .ended:
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .joined(let upstream) = state { upstream.resumeReading() }
    }

    /// Swallowed: during a graceful shutdown the request may finish.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    // MARK: the silent gRPC handlers behind

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.ioOnClosedChannel)
    }

    func flush(context: ChannelHandlerContext) {}

    // MARK: the upstream's side

    /// The upstream connection is open.
    func upstreamConnected(_ upstream: UpstreamHandler<StreamProxyHandler>) {
        guard case .connecting(let parts) = state else { return upstream.close() }
        state = .joined(upstream)
        for part in parts { upstream.send(part) }
        upstream.flush()
        resumeReading()
    }

    /// Whether the upstream may be read.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// A part of the answer.
    func answer(_ part: HTTPClientResponsePart) {
        guard case .joined = state, let context else { return }
        idle?.touch()
        switch part {
        case .head(var head):
            answerBegun = answerBegun || head.status.code >= 200
            head.version = .http2
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        case .end(let trailers):
            finish(trailers: trailers, context: context)
        }
    }

    func flushAnswers() { context?.flush() }

    /// Reads the client again, if it was to be read.
    func resumeReading() {
        guard readHeld else { return }
        readHeld = false
        context?.read()
    }

    /// The upstream connection has closed.
    func upstreamEnded() {
        guard case .joined = state, let context else { return }
        if answerBegun {
            // Not the whole answer: the client must not take it for one.
            end()
            context.close(promise: nil)
        } else {
            answer(status: .badGateway, text: "the HTTP server ended the connection without an answer\n")
        }
    }

    // MARK: beginnings and endings

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard admitted else {
            report.refused(.proxiedStreamLimit, by: context.channel)
            return answer(
                status: .serviceUnavailable, text: "too many requests at once in this connection; use another\n")
        }
        guard let translated = ProxiedRequest.head(head) else {
            report.refused(.malformedRequest, by: context.channel)
            return answer(status: .badRequest, text: "malformed request\n")
        }
        if ProxiedRequest.isFramed(translated) { send(.head(translated)) } else { unframedHead = translated }
        idle = IdleWatch(eventLoop: context.eventLoop, limit: configuration.limits.idleTime) { [self] in
            report.refused(.idle, by: context.channel)
            end()
            context.close(promise: nil)
        }
        UpstreamConnection.open(configuration, eventLoop: context.eventLoop) { pipeline in
            try self.addUpstreamHandlers(to: pipeline)
        } failed: { [self] in
            guard case .connecting = state else { return }
            report.refused(.httpUnavailable, by: context.channel)
            answer(status: .serviceUnavailable, text: "the HTTP server is not running; retry\n")
        }
    }

    private func addUpstreamHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        var encoding = HTTPRequestEncoder.Configuration()
        // ProxiedRequest frames bodies; NIO would leave the body of a GET without an end.
        encoding.automaticallySetFramingHeaders = false
        try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
        try pipeline.addHandler(
            ByteToMessageHandler(
                HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward)))
        try pipeline.addHandler(UpstreamHandler(client: self))
    }

    private func send(_ part: HTTPClientRequestPart) {
        switch state {
        case .connecting(let parts): state = .connecting(parts + [part])
        case .joined(let upstream): upstream.send(part)
        case .ended: break
        }
    }

    /// An answer that does not come from the HTTP/1.1 server.
    private func answer(status: HTTPResponseStatus, text: String) {
        guard let context else { return }
        let headers: HTTPHeaders = [
            "content-type": "text/plain; charset=utf-8", "content-length": "\(text.utf8.count)",
        ]
        context.write(wrapOutboundOut(.head(.init(version: .http2, status: status, headers: headers))), promise: nil)
        let body = context.channel.allocator.buffer(string: text)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        finish(trailers: nil, context: context)
    }

    private func finish(trailers: HTTPHeaders?, context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        // Flushed here: the upstream connection, which flushes otherwise, closes now.
        context.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: sent)
        end()
        sent.futureResult.assumeIsolated().whenSuccess { [self] in
            if !requestEnded { stopRequestLater(context: context) }
        }
        resumeReading()
    }

    /// A client that is still sending gets time to read the answer and to stop by itself: curl loses an answer that is followed
    /// by a reset at once. That a server need not read everything is no failure (RFC 9113, 8.1).
    private func stopRequestLater(context: ChannelHandlerContext) {
        lingering = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.limits.lingerTime)) {
            let codec = try? context.pipeline.syncOperations.context(
                handlerType: HTTP2FramePayloadToHTTP1ServerCodec.self)
            codec?.writeAndFlush(NIOAny(HTTP2Frame.FramePayload.rstStream(.noError)), promise: nil)
        }
    }

    private func end() {
        idle?.stop()
        idle = nil
        // Closing reports back at once, so the state must be right before.
        let last = state
        state = .ended
        if case .joined(let upstream) = last { upstream.close() }
    }
}
