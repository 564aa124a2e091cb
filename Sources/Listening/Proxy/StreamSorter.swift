internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// Stands in front of an HTTP/2 stream's gRPC handlers until the request's headers have arrived, then removes itself. gRPC
/// passes untouched; for anything else a proxy to the HTTP/1.1 server of this process takes its place, and the gRPC handlers
/// behind never hear of the request.
final class StreamSorter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let configuration: ListenerConfiguration
    private let report: ListenerReport

    init(configuration: ListenerConfiguration, report: ListenerReport) {
        self.configuration = configuration
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .headers(let headers) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if !Self.isGRPC(headers.headers) {
            do {
                try addProxy(context: context)
            } catch {
                return context.close(promise: nil)
            }
        }
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// The rule of the service being replaced.
    static func isGRPC(_ headers: HPACKHeaders) -> Bool {
        headers.first(name: "content-type")?.contains("application/grpc") ?? false
    }

    private func addProxy(context: ChannelHandlerContext) throws {
        let admitted =
            if let connection = context.channel.parent {
                try ProxiedStreams.of(connection).admit(
                    context.channel, limit: configuration.limits.proxiedStreamsPerConnection)
            } else {
                false
            }
        let codec = HTTP2FramePayloadToHTTP1ServerCodec()
        let proxy = StreamProxyHandler(configuration: configuration, report: report, admitted: admitted)
        try context.pipeline.syncOperations.addHandler(codec, position: .after(self))
        try context.pipeline.syncOperations.addHandler(proxy, position: .after(codec))
    }
}
