internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import RPC
internal import SwiftProtobuf
internal import Synchronization

/// One client connection to an ingest.
struct GatewayClient: Sendable {
    typealias Transport = HTTP2ClientTransport.Posix

    /// How a stream went.
    struct Outcome: Sendable {
        /// The responses, in the order in which they came.
        var messages: [Telemetrygateway_V1_RecordEventsResponse] = []
        /// Nil when the stream ended well.
        var error: RPCError?

        /// The acknowledged ids of each response.
        var responses: [[String]] { messages.map(\.succeededEvents) }
        /// The acknowledged ids of all responses.
        var ids: [String] { responses.flatMap(\.self) }
    }

    let client: GRPCClient<Transport>

    /// Connects, and disconnects at the end.
    static func connected<Result: Sendable>(
        to port: Int, configure: (inout Transport.Config) -> Void = { _ in },
        _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        let transport = try Transport(
            target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext,
            config: .defaults(configure: configure))
        return try await withGRPCClient(transport: transport) { try await body(GatewayClient(client: $0)) }
    }

    /// Sends all messages on one stream and reads the responses meanwhile.
    func send(_ messages: [[UInt8]], headers: Metadata = [:], options: CallOptions = Self.options) async -> Outcome {
        await stream(
            headers: headers, options: options,
            write: { writer in for message in messages { try await writer.write(message) } })
    }

    /// Opens a stream.
    /// - Parameters:
    ///   - headers: metadata of the call.
    ///   - write: writes all messages; returning half-closes the stream.
    ///   - beforeReading: awaited before the first response is read.
    ///   - acknowledged: called with the ids of each response.
    ///   - ended: called when no further response comes.
    func stream(
        headers: Metadata = [:], options: CallOptions = Self.options,
        write: @escaping @Sendable (RPCWriter<[UInt8]>) async throws -> Void,
        beforeReading: @escaping @Sendable () async -> Void = {},
        acknowledged: @escaping @Sendable ([String]) -> Void = { _ in }, ended: @escaping @Sendable () -> Void = {}
    ) async -> Outcome {
        let outcome = Mutex(Outcome())
        do {
            try await client.bidirectionalStreaming(
                request: StreamingClientRequest(metadata: headers, producer: write),
                descriptor: GatewayMethods.recordEvents,
                serializer: RawMessageCodec(), deserializer: RawMessageCodec(), options: options
            ) { response in
                defer { ended() }
                await beforeReading()
                for try await message in response.messages {
                    let response = try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: message)
                    outcome.withLock { $0.messages.append(response) }
                    acknowledged(response.succeededEvents)
                }
            }
        } catch {
            outcome.withLock { $0.error = Self.rpcError(error) }
        }
        return outcome.withLock(\.self)
    }

    /// Calls `RecordEvent`.
    /// - Returns: nil when it went well.
    func recordEvent(_ message: [UInt8], headers: Metadata = [:]) async -> RPCError? {
        do {
            try await client.unary(
                request: ClientRequest(message: message, metadata: headers), descriptor: GatewayMethods.recordEvent,
                serializer: RawMessageCodec(), deserializer: RawMessageCodec(), options: Self.options
            ) { response in _ = try response.message }
            return nil
        } catch {
            return Self.rpcError(error)
        }
    }

    /// No call of these tests may wait for ever, least of all for a server that is gone.
    static var options: CallOptions {
        var options = CallOptions.defaults
        options.timeout = .seconds(120)
        options.waitForReady = false
        options.maxRequestMessageBytes = 1 << 30
        options.maxResponseMessageBytes = 1 << 30
        return options
    }

    private static func rpcError(_ error: any Error) -> RPCError {
        error as? RPCError ?? RPCError(code: .unknown, message: "the client failed: \(error)")
    }
}
