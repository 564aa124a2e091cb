import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server on a Unix socket. `/echo` answers with the request's body while it arrives; `/early` answers
/// before the body and closes; `/silent` never answers; `/cut` breaks off in the middle of an answer; anything else is
/// answered with method, path and headers.
final class WebServer: Sendable {
    let path: String
    private let channel: any Channel

    init(path: String, observed: Observed) async throws {
        self.path = path
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: true)
                    try channel.pipeline.syncOperations.addHandler(WebHandler(observed: observed))
                }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    func stop() async throws { try await channel.close() }
}

private final class WebHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let observed: Observed
    private var head: HTTPRequestHead?

    init(observed: Observed) { self.observed = observed }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            begin(head, context: context)
        case .body(let bytes):
            if head?.uri == "/echo" { context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil) }
        case .end:
            guard let head else { return }
            if head.uri == "/echo" { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
            guard !["/silent", "/early", "/cut"].contains(head.uri) else { return }
            let lines = ["\(head.method.rawValue) \(head.uri)"] + head.headers.map { "\($0.name): \($0.value)" }
            write(.ok, lines.joined(separator: "\n") + "\n", head: head, context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { observed.record(.upstreamClosed) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        observed.record(.requested(head.uri))
        switch head.uri {
        case "/echo":
            let headers: HTTPHeaders = ["transfer-encoding": "chunked"]
            context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok, headers: headers))), promise: nil)
        case "/early":
            write(.payloadTooLarge, "too large\n", head: head, context: context)
            context.close(promise: nil)
        case "/cut":
            let headers: HTTPHeaders = ["content-length": "100"]
            context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok, headers: headers))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(.init(string: "half")))), promise: nil)
            context.close(promise: nil)
        default:
            break
        }
    }

    private func write(
        _ status: HTTPResponseStatus, _ text: String, head: HTTPRequestHead, context: ChannelHandlerContext
    ) {
        let headers: HTTPHeaders = ["content-length": "\(text.utf8.count)"]
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
