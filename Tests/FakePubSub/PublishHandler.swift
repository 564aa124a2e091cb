internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One request. Belongs to its stream's event loop.
final class PublishHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Status {
        static let invalidArgument = 3
        static let notFound = 5
        static let permissionDenied = 7
        static let resourceExhausted = 8
        static let unimplemented = 12
        static let unavailable = 14
        static let unauthenticated = 16
    }

    private let server: FakePubSub
    private var body = ByteBuffer()
    private var failure: Failure?
    private var script = FailureScript()
    private var isOver = false
    /// Whether only the topic is asked for, which no failure keeps from being there.
    private var asksForTopic = false

    init(server: FakePubSub) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            let path = headers.headers.first(name: ":path")
            asksForTopic = path == "/google.pubsub.v1.Publisher/GetTopic"
            if !asksForTopic { (failure, script) = server.decide() }
            guard asksForTopic || path == "/google.pubsub.v1.Publisher/Publish" else {
                return refuse(context, Status.unimplemented, "the fake knows only Publish and GetTopic")
            }
            if headers.endStream { refuse(context, Status.invalidArgument, "no message") }
        case .data(let part):
            guard case .byteBuffer(var bytes) = part.data else { return }
            if breaksOff(context) { return }
            if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
            if part.endStream { answer(context) }
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isOver = true
        context.close(promise: nil)
    }

    /// Failures that do not wait for the end of the request.
    private func breaksOff(_ context: ChannelHandlerContext) -> Bool {
        switch failure {
        case .resetRequest:
            reset(context)
        case .disconnect:
            isOver = true
            context.channel.parent?.close(promise: nil)
        case .goAway:
            isOver = true
            guard let connection = context.channel.parent else { break }
            let frame = HTTP2Frame(
                streamID: .rootStream, payload: .goAway(lastStreamID: .rootStream, errorCode: .noError, opaqueData: nil)
            )
            connection.writeAndFlush(frame, promise: nil)
            connection.close(promise: nil)
        default: return false
        }
        return true
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard script.latencyMilliseconds > 0 else { return answerNow(context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(script.latencyMilliseconds))) {
            let (handler, context) = bound.value
            handler.answerNow(context)
        }
    }

    private func answerNow(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        // One uncompressed message: a gRPC frame of five bytes and its contents.
        guard body.readableBytes >= 5, body.getInteger(at: body.readerIndex, as: UInt8.self) == 0,
            body.getInteger(at: body.readerIndex + 1, as: UInt32.self).map({ Int($0) + 5 }) == body.readableBytes
        else { return refuse(context, Status.invalidArgument, "not one uncompressed gRPC message") }
        if asksForTopic {
            // The name is the first field of the request and of the topic: what was asked is the answer.
            start(context)
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(body)))), promise: nil)
            return end(context)
        }
        body.moveReaderIndex(forwardBy: 5)
        if !script.poison.isEmpty, isPoisonous {
            server.countPoison()
            return refuse(context, Status.invalidArgument, "a message has an attribute that is refused")
        }
        switch failure {
        case .unavailable: refuse(context, Status.unavailable, "the service is unavailable")
        case .resourceExhausted: refuseForQuota(context)
        case .notFound: refuse(context, Status.notFound, "Resource not found (resource=topic).")
        case .permissionDenied: refuse(context, Status.permissionDenied, "User not authorized to perform this action.")
        case .unauthenticated:
            refuse(context, Status.unauthenticated, "Request had invalid authentication credentials.")
        case .proxyError: proxyError(context)
        case .hang: server.hold(context.channel)
        case .partialCommit:
            guard let count = count else { return refuse(context, Status.invalidArgument, "malformed") }
            take(context, first: (count + 1) / 2, isConfirmed: false) { _ in
                self.refuse(context, Status.unavailable, "the service became unavailable")
            }
        case .lostAnswer:
            take(context, isConfirmed: false) { _ in
                self.refuse(context, Status.unavailable, "the connection to the backend was lost")
            }
        case .wrongCount: take(context, isConfirmed: false) { self.accept(context, ids: $0 - 1) }
        case .resetResponse: take(context, isConfirmed: false) { self.acceptHalf(context, ids: $0) }
        case .slowDrip: take(context, isConfirmed: true) { self.drip(context, self.response(ids: $0)) }
        case .resetRequest, .disconnect, .goAway, nil:
            take(context, isConfirmed: true) { self.accept(context, ids: $0) }
        }
    }

    private var count: Int? {
        body.withUnsafeReadableBytes { bytes in
            var count = 0
            return PublishScanner.scan(bytes) { _ in count += 1 } ? count : nil
        }
    }

    private var isPoisonous: Bool {
        body.withUnsafeReadableBytes { bytes in
            var found = false
            _ = PublishScanner.scan(bytes) { message in
                let id = PublishScanner.string(bytes, PublishScanner.eventID(bytes, message.data))
                if script.poison.contains(id) { found = true }
            }
            return found
        }
    }

    private func take(
        _ context: ChannelHandlerContext, first: Int = .max, isConfirmed: Bool, _ then: (Int) -> Void
    ) {
        let taken = body.withUnsafeReadableBytes { server.taken.take($0, first: first, isConfirmed: isConfirmed) }
        guard let taken else { return refuse(context, Status.invalidArgument, "the request is malformed") }
        then(taken)
    }

    // MARK: - Answers

    private func accept(_ context: ChannelHandlerContext, ids: Int) {
        start(context)
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(response(ids: ids))))), promise: nil)
        end(context)
    }

    private func acceptHalf(_ context: ChannelHandlerContext, ids: Int) {
        var response = response(ids: ids)
        start(context)
        let half = response.readSlice(length: response.readableBytes / 2) ?? ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(half)))), promise: nil)
        reset(context)
    }

    /// Some single bytes, then the rest.
    private func drip(_ context: ChannelHandlerContext, _ response: ByteBuffer) {
        start(context)
        context.flush()
        dripOn(context, response, drops: Self.drops)
    }

    private func dripOn(_ context: ChannelHandlerContext, _ response: ByteBuffer, drops: Int) {
        guard !isOver else { return }
        var rest = response
        let length = drops > 0 ? min(1, rest.readableBytes) : rest.readableBytes
        let drop = rest.readSlice(length: length) ?? ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(drop)))), promise: nil)
        guard rest.readableBytes > 0 else { return end(context) }
        let bound = NIOLoopBound((self, context, rest), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.dripInterval) {
            let (handler, context, rest) = bound.value
            handler.dripOn(context, rest, drops: drops - 1)
        }
    }

    private static let drops = 20
    private static let dripInterval = TimeAmount.milliseconds(20)

    /// A gRPC frame with a `PublishResponse` of as many message ids.
    private func response(ids: Int) -> ByteBuffer {
        let idBytes = 8
        let length = max(0, ids) * (2 + idBytes)
        var response = ByteBuffer()
        response.reserveCapacity(5 + length)
        response.writeInteger(UInt8(0))
        response.writeInteger(UInt32(length))
        for number in 0..<max(0, ids) {
            response.writeInteger(UInt16(0x0a00 + idBytes))
            response.writeString(String(10_000_000 + number % 10_000_000))
        }
        return response
    }

    private func start(_ context: ChannelHandlerContext) {
        let headers: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        isOver = true
        let trailers: HPACKHeaders = ["grpc-status": "0"]
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
    }

    private func refuse(
        _ context: ChannelHandlerContext, _ status: Int, _ message: String, details: String? = nil
    ) {
        isOver = true
        var headers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc", "grpc-status": String(status),
            "grpc-message": message,
        ]
        if let details { headers.add(name: "grpc-status-details-bin", value: details) }
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: headers, endStream: true))), promise: nil)
    }

    private func refuseForQuota(_ context: ChannelHandlerContext) {
        let message = "Quota exceeded for quota metric"
        refuse(
            context, Status.resourceExhausted, message,
            details: RetryInformation.header(
                code: Status.resourceExhausted, message: message, delayMilliseconds: script.retryDelayMilliseconds))
    }

    private func proxyError(_ context: ChannelHandlerContext) {
        isOver = true
        let headers: HPACKHeaders = [":status": "503", "content-type": "text/html"]
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        let page = HTTP2Frame.FramePayload.Data(
            data: .byteBuffer(ByteBuffer(string: "<html>upstream connect error</html>")), endStream: true)
        context.writeAndFlush(wrapOutboundOut(.data(page)), promise: nil)
    }

    private func reset(_ context: ChannelHandlerContext) {
        isOver = true
        context.writeAndFlush(wrapOutboundOut(.rstStream(.internalError)), promise: nil)
    }
}
