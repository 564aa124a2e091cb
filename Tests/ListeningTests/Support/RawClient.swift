import NIOCore
import NIOPosix

/// A TCP client that says exactly the bytes it is told to.
final class RawClient {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()

    /// Connects, runs `body`, closes.
    static func run<Result: Sendable>(
        port: Int, _ body: (RawClient) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let client = RawClient(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(client)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Says that nothing more will be sent.
    func finish() { outbound.finish() }

    /// Reads until `text` has arrived; false when the connection ends before.
    func receive(until text: String) async throws -> Bool {
        while !String(buffer: received).contains(text) {
            guard let bytes = try await inbound.next(isolation: #isolation) else { return false }
            received.writeImmutableBuffer(bytes)
        }
        return true
    }

    /// Everything until the server closes; a reset counts as closed.
    func receiveAll() async -> String {
        while let bytes = try? await inbound.next(isolation: #isolation) { received.writeImmutableBuffer(bytes) }
        return String(buffer: received)
    }
}
