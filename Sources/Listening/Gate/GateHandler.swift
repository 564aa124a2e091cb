internal import NIOCore
internal import NIOPosix
internal import NIOTLS

/// Stands at the head of an accepted connection until its first bytes have told the protocol, then removes itself.
///
/// The gRPC pipeline behind it is configured already (NIO reads nothing before that is done) but has not been told that the
/// connection is active, so it has sent nothing and started no timers. HTTP/2 wakes it up; for HTTP/1.1 a `GlueHandler` takes
/// this handler's place and the gRPC pipeline never wakes.
final class GateHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let configuration: ListenerConfiguration
    private let report: ListenerReport
    private var gate: ConnectionGate
    private var held: ByteBuffer?
    private var deadline: Scheduled<Void>?

    init(configuration: ListenerConfiguration, report: ListenerReport) {
        self.configuration = configuration
        self.report = report
        gate = ConnectionGate(secure: configuration.security != nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        execute(gate.connected(), context: context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let action = gate.received(bytes.readableBytesView)
        if held?.writeBuffer(&bytes) == nil { held = bytes }
        execute(action, context: context)
    }

    // The bytes are held, so the pipeline behind has read nothing that could be complete.
    func channelReadComplete(context: ChannelHandlerContext) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            execute(gate.handshakeCompleted(protocolName: negotiated), context: context)
        case is ChannelShouldQuiesceEvent:
            execute(gate.shuttingDown(), context: context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        execute(gate.failed(), error: error, context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        execute(gate.shuttingDown(), context: context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    private func execute(_ action: ConnectionGate.Action?, error: (any Error)? = nil, context: ChannelHandlerContext) {
        switch action {
        case .start(let awaited):
            deadline?.cancel()
            let limits = configuration.limits
            deadline = context.eventLoop.assumeIsolated().scheduleTask(
                in: TimeAmount(awaited == .handshake ? limits.handshakeTime : limits.firstBytesTime)
            ) { [self] in
                execute(gate.deadlinePassed(), context: context)
            }
        case .open(let spoken):
            report.observer.opened(spoken)
            context.channel.closeFuture.whenComplete { [observer = report.observer] _ in observer.closed(spoken) }
            open(spoken, context: context)
        case .refuse(let reason):
            report.refused(reason, by: context.channel, error: error)
            context.close(promise: nil)
        case .close:
            context.close(promise: nil)
        case nil:
            break
        }
    }

    private func open(_ spoken: ListenerProtocol, context: ChannelHandlerContext) {
        do {
            if spoken == .http1 {
                // So that a client that has sent all it wants still gets its answer.
                try context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
                let glue = GlueHandler(configuration: configuration, report: report)
                try context.pipeline.syncOperations.addHandler(glue, position: .after(self))
            } else {
                context.fireChannelActive()
            }
            if let held { context.fireChannelRead(wrapInboundOut(held)) }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}
