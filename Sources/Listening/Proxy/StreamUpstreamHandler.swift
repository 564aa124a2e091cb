internal import NIOCore
internal import NIOHTTP1

/// The end of a proxied request that faces this process's HTTP/1.1 server.
final class StreamUpstreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private var stream: StreamProxyHandler?
    private var context: ChannelHandlerContext?
    private var readHeld = false

    /// Fills the pipeline of an upstream connection.
    static func add(to pipeline: ChannelPipeline.SynchronousOperations, stream: StreamProxyHandler) throws {
        var encoding = HTTPRequestEncoder.Configuration()
        // ProxiedRequest frames bodies; NIO would leave the body of a GET without an end.
        encoding.automaticallySetFramingHeaders = false
        try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
        try pipeline.addHandler(
            ByteToMessageHandler(
                HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward)))
        try pipeline.addHandler(StreamUpstreamHandler(stream: stream))
    }

    private init(stream: StreamProxyHandler) { self.stream = stream }

    // MARK: the server's side

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        stream = nil
    }

    func channelActive(context: ChannelHandlerContext) { stream?.upstreamConnected(self) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { stream?.answer(unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { stream?.flushAnswers() }

    func read(context: ChannelHandlerContext) {
        if stream?.isWritable ?? true { context.read() } else { readHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { stream?.resumeReading() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { stream?.upstreamEnded() }

    // MARK: the client's side

    /// Whether the client may be read.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ part: HTTPClientRequestPart) { context?.write(wrapOutboundOut(part), promise: nil) }

    func flush() { context?.flush() }

    func resumeReading() {
        guard readHeld else { return }
        readHeld = false
        context?.read()
    }

    func close() { context?.close(promise: nil) }
}
