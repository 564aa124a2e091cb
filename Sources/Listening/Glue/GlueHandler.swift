internal import NIOCore

/// Joins an HTTP/1.1 client's connection with one to the HTTP/1.1 server of this process, byte for byte.
///
/// Neither side is read while the other cannot be written. A client that has closed its sending half still gets its answer.
/// The gRPC pipeline behind it hears nothing until the connection has ended, and nothing that it writes gets out.
final class GlueHandler: ChannelDuplexHandler, RemovableChannelHandler, UpstreamClient {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Request = ByteBuffer
    typealias Answer = ByteBuffer

    /// The answer when the HTTP/1.1 server does not accept connections.
    static let unavailableAnswer = """
        HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 37\r\n\
        Connection: close\r\n\r\nthe HTTP server is not running; retry
        """

    private enum State {
        /// The upstream connection is being made; what the client says meanwhile is kept.
        case connecting([ByteBuffer], clientFinished: Bool)
        case joined(UpstreamHandler<GlueHandler>)
        /// The last answer is on its way; the client's bytes are dropped.
        case lingering
        case closed
    }

    private let configuration: ListenerConfiguration
    private let report: ListenerReport
    private var state = State.connecting([], clientFinished: false)
    private var slowSender: SlowSenderRule
    private var idle: IdleWatch?
    private var timers: [Scheduled<Void>] = []
    private var context: ChannelHandlerContext?
    private var readHeld = false
    private var lastReceived = NIODeadline.now()

    init(configuration: ListenerConfiguration, report: ListenerReport) {
        self.configuration = configuration
        self.report = report
        slowSender = SlowSenderRule(limits: configuration.limits)
    }

    // MARK: the client's side

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        idle = IdleWatch(eventLoop: context.eventLoop, limit: configuration.limits.idleTime) { [self] in
            refuse(.idle)
        }
        UpstreamConnection.open(configuration, eventLoop: context.eventLoop) { pipeline in
            try pipeline.addHandler(UpstreamHandler(client: self))
        } failed: { [self] in
            upstreamFailed()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        lastReceived = .now()
        idle?.touch()
        switch state {
        case .connecting(let early, let clientFinished):
            state = .connecting(early + [bytes], clientFinished: clientFinished)
        case .joined(let upstream):
            guard !slowSender.received(bytes: bytes.readableBytes, at: lastReceived) else { return refuse(.slowSender) }
            upstream.send(bytes)
        case .lingering, .closed:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .joined(let upstream) = state { upstream.flush() }
    }

    func read(context: ChannelHandlerContext) {
        switch state {
        case .connecting:
            readHeld = true
        case .joined(let upstream) where !upstream.isWritable:
            readHeld = true
        case .joined, .lingering, .closed:
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .joined(let upstream) = state { upstream.resumeReading() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            clientFinished(context: context)
        case is ChannelShouldQuiesceEvent:
            quiesce(context: context)
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    // MARK: the silent gRPC pipeline behind

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.ioOnClosedChannel)
    }

    func flush(context: ChannelHandlerContext) {}

    // MARK: the upstream's side

    /// The upstream connection is open.
    func upstreamConnected(_ upstream: UpstreamHandler<GlueHandler>) {
        guard case .connecting(let early, let clientFinished) = state else { return upstream.close() }
        state = .joined(upstream)
        for bytes in early { upstream.send(bytes) }
        upstream.flush()
        if clientFinished { upstream.finish() }
        resumeReading()
    }

    /// Whether the upstream may be read.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Bytes for the client.
    func answer(_ bytes: ByteBuffer) {
        idle?.touch()
        slowSender.restart()
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func flushAnswers() { context?.flush() }

    /// Reads the client again, if it was to be read.
    func resumeReading() {
        guard readHeld else { return }
        readHeld = false
        slowSender.restart()
        context?.read()
    }

    /// The server has said all it will say on this connection.
    func upstreamEnded() {
        guard case .joined = state, let context else { return }
        linger(context: context)
    }

    private func upstreamFailed() {
        guard case .connecting = state, let context else { return }
        report.refused(.httpUnavailable, by: context.channel)
        context.write(
            wrapOutboundOut(context.channel.allocator.buffer(string: Self.unavailableAnswer)), promise: nil)
        linger(context: context)
    }

    // MARK: endings

    private func clientFinished(context: ChannelHandlerContext) {
        switch state {
        case .connecting(let early, _): state = .connecting(early, clientFinished: true)
        case .joined(let upstream): upstream.finish()
        case .lingering, .closed: context.close(promise: nil)
        }
    }

    /// Sends what is left, then closes when the client has closed or the time for that is over.
    private func linger(context: ChannelHandlerContext) {
        state = .lingering
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenFailure { _ in context.close(promise: nil) }
        context.flush()
        context.close(mode: .output, promise: sent)
        after(configuration.limits.lingerTime) { context.close(promise: nil) }
        resumeReading()
    }

    /// Lets the server end the connection as soon as the client is between requests, as far as can be told from outside.
    private func quiesce(context: ChannelHandlerContext) {
        after(configuration.limits.quiesceTime) { context.close(promise: nil) }
        finishWhenQuiet(context: context)
    }

    private func finishWhenQuiet(context: ChannelHandlerContext) {
        let quietSince = NIODeadline.now() - lastReceived
        let wanted = TimeAmount(configuration.limits.quiesceQuietTime)
        guard quietSince < wanted else { return clientFinished(context: context) }
        after(configuration.limits.quiesceQuietTime) { [self] in finishWhenQuiet(context: context) }
    }

    private func after(_ time: Duration, _ body: @escaping () -> Void) {
        guard let context else { return }
        timers.append(context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time), body))
    }

    private func refuse(_ reason: ListenerRefusal) {
        guard let context else { return }
        report.refused(reason, by: context.channel)
        end()
        context.close(promise: nil)
    }

    private func end() {
        idle?.stop()
        idle = nil
        for timer in timers { timer.cancel() }
        timers = []
        // Closing reports back at once, so the state must be right before.
        let last = state
        state = .closed
        if case .joined(let upstream) = last { upstream.close() }
    }
}
