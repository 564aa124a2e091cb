internal import Contract
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import RPC
internal import SwiftProtobuf
internal import Synchronization

/// Sends batches over one `RecordEvents` stream, and reads the answers while it sends.
package struct EventSender: Sendable {
    /// Longest answer that is taken, in bytes: the ids of one batch.
    package static let maximumResponseBytes = 64 << 20
    /// Answers are small; batches the other way are not held up by their window.
    private static let windowBytes = 1 << 20

    private let address: ServerAddress
    private let identity: SenderIdentity
    private let eventsPerSecond: Double?

    /// Prepares a sender; nothing is connected yet.
    /// - Parameter eventsPerSecond: an upper bound; nil for as fast as the server takes them.
    package init(address: ServerAddress, identity: SenderIdentity, eventsPerSecond: Double? = nil) {
        self.address = address
        self.identity = identity
        self.eventsPerSecond = eventsPerSecond
    }

    /// Sends everything that the source has, and waits for the answers.
    /// - Parameters:
    ///   - tally: gets the figures; they also hold after an error.
    ///   - onProgress: called after each batch and each answer.
    /// - Throws: `unreachable` or `refused`; or what the source threw, after the batches before it were answered.
    package func send(
        _ source: BatchSource, tally: AcknowledgementTally, onProgress: @escaping @Sendable () -> Void
    ) async throws(OperatorFailure) {
        let metadata = try identity.message(requestID: TimeOrderedID.make())
        let inputFailure = Mutex<OperatorFailure?>(nil)
        let connected = Atomic<Bool>(false)
        let sentAll = Atomic<Bool>(false)
        defer { tally.finish() }
        do {
            let transport = try HTTP2ClientTransport.Posix(
                target: target, transportSecurity: .plaintext,
                config: .defaults { $0.http2.targetWindowSize = Self.windowBytes })
            try await withGRPCClient(transport: transport) { client in
                var options = CallOptions.defaults
                options.maxResponseMessageBytes = Self.maximumResponseBytes
                try await client.bidirectionalStreaming(
                    request: StreamingClientRequest { writer in
                        connected.store(true, ordering: .relaxed)
                        try await writer.write(metadata)
                        do {
                            try await write(source, to: writer, tally, onProgress)
                        } catch let failure as OperatorFailure {
                            // The stream ends in good order, so that what was sent before is answered.
                            inputFailure.withLock { $0 = failure }
                        }
                        sentAll.store(true, ordering: .relaxed)
                    },
                    descriptor: GatewayMethods.recordEvents, serializer: RawMessageCodec(),
                    deserializer: RawMessageCodec(), options: options
                ) { response in
                    // Without this, a source that waits for input would hold up the end of a stream that is over.
                    defer { source.stop() }
                    for try await message in response.messages {
                        let answer = try Telemetrygateway_V1_RecordEventsResponse(serializedBytes: message)
                        tally.acknowledge(answer.succeededEvents)
                        onProgress()
                    }
                    guard sentAll.load(ordering: .relaxed) else {
                        throw OperatorFailure(.unreachable, "\(address) ended the stream before everything was sent")
                    }
                }
            }
        } catch let failure as OperatorFailure {
            throw failure
        } catch let error as RPCError {
            throw failure(error, wasConnected: connected.load(ordering: .relaxed))
        } catch {
            throw OperatorFailure(.unreachable, "\(address): \(error)")
        }
        if let failure = inputFailure.withLock({ $0 }) { throw failure }
    }

    private func write(
        _ source: BatchSource, to writer: RPCWriter<[UInt8]>, _ tally: AcknowledgementTally,
        _ onProgress: @Sendable () -> Void
    ) async throws {
        let start = ContinuousClock.now
        while let batch = try await source.next() {
            if let eventsPerSecond {
                let due = Double(tally.figures.events) / eventsPerSecond
                try await Task.sleep(until: start + .seconds(due), clock: .continuous)
            }
            let message = batch.message
            tally.send(ids: batch.ids, bytes: message.count)
            try await writer.write(message)
            onProgress()
        }
    }

    private var target: any ResolvableTarget {
        switch address.kind {
        case .ipv4: ResolvableTargets.IPv4.ipv4(address: address.host, port: address.port)
        case .ipv6: ResolvableTargets.IPv6.ipv6(address: address.host, port: address.port)
        case .name: ResolvableTargets.DNS.dns(host: address.host, port: address.port)
        }
    }

    private func failure(_ error: RPCError, wasConnected: Bool) -> OperatorFailure {
        let reason = "\(error.code.description): \(error.message)"
        if !wasConnected {
            return OperatorFailure(
                .unreachable, "can not connect to \(address): is telemetry-ingest running there? (\(reason))")
        }
        switch error.code {
        case .unavailable, .cancelled, .unknown, .internalError, .deadlineExceeded:
            return OperatorFailure(
                .unreachable,
                "\(address) ended the stream (\(reason)); what was not acknowledged can be sent again")
        default:
            return OperatorFailure(.refused, "\(address) refused the stream (\(reason))")
        }
    }
}
