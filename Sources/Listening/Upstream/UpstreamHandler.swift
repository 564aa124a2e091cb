internal import NIOCore

/// The end of a joined connection that faces this process's HTTP/1.1 server.
final class UpstreamHandler<Client: UpstreamClient>: ChannelDuplexHandler {
    typealias InboundIn = Client.Answer
    typealias OutboundIn = Client.Request
    typealias OutboundOut = Client.Request

    private var client: Client?
    private var context: ChannelHandlerContext?
    private var readHeld = false

    init(client: Client) { self.client = client }

    // MARK: the server's side

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        client = nil
    }

    func channelActive(context: ChannelHandlerContext) { client?.upstreamConnected(self) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { client?.answer(unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { client?.flushAnswers() }

    func read(context: ChannelHandlerContext) {
        if client?.isWritable ?? true { context.read() } else { readHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { client?.resumeReading() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { client?.upstreamEnded() }

    // MARK: the client's side

    /// Whether the client may be read.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ part: Client.Request) { context?.write(wrapOutboundOut(part), promise: nil) }

    func flush() { context?.flush() }

    func resumeReading() {
        guard readHeld else { return }
        readHeld = false
        context?.read()
    }

    /// The client has sent all that it will send.
    func finish() { context?.close(mode: .output, promise: nil) }

    func close() { context?.close(promise: nil) }
}
