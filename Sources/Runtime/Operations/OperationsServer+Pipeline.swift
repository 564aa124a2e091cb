internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTPCompression
internal import NIOHTTPTypesHTTP1

extension OperationsServer {
    /// The HTTP/1.1 part of a connection: hummingbird's own, with the deadlines and, where bodies are read, with
    /// decompression put between.
    static func channel(limits: OperationsLimits, readsBodies: Bool) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: handlers(limits: limits, readsBodies: readsBodies),
            idleTimeout: TimeAmount(limits.idleTime),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerFields))
    }

    private static func handlers(limits: OperationsLimits, readsBodies: Bool) -> [any RemovableChannelHandler] {
        let exchange = RequestExchange()
        let clock = RequestClockHandler(limits: limits, exchange: exchange)
        guard readsBodies else { return [clock] }
        // The decompressor speaks NIO's own HTTP/1 types, hummingbird the shared ones.
        return [
            clock, HTTPToHTTP1ServerCodec(), NIOHTTPRequestDecompressor(limit: .size(limits.bodyBytes)),
            HTTP1ToHTTPServerCodec(secure: false), InflationGuardHandler(limits: limits, exchange: exchange),
        ]
    }
}
