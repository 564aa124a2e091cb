package import Contract
internal import Secrets
internal import Store
internal import Synchronization
package import Transfer

/// A Google Pub/Sub topic, reached by gRPC `google.pubsub.v1.Publisher/Publish`.
package final class PubSubDestination: Destination {
    package let name: String
    package let limits: RequestLimits

    private let endpoint: PubSubEndpoint
    private let call: GRPCUnaryCall
    private let exchange: HTTPExchange
    private let settings: PubSubSettings
    private let additions: PublishAdditions
    private let encoder: PublishRequestEncoder
    // One buffer for each call under way; together at most inFlight times requestBytes.
    private let buffers = Mutex<[[UInt8]]>([])
    private let isShutDown = Atomic<Bool>(false)

    /// Nothing is sent yet.
    ///
    /// - Parameter exchange: of `CurlTransfers` that are shared and stay the caller's to shut down.
    package init(
        project: String, topic: String, endpoint: PubSubEndpoint, exchange: @escaping HTTPExchange,
        settings: PubSubSettings = PubSubSettings()
    ) {
        name = "pubsub://\(project)/\(topic)"
        additions = PublishAdditions(
            eventIDAttribute: settings.eventIDAttribute, orderingKey: settings.orderingKey)
        encoder = PublishRequestEncoder(topic: "projects/\(project)/topics/\(topic)", additions: additions)
        let messageBytes = PubSubLimits.requestBytes - encoder.fixedBytes
        limits = RequestLimits(
            maximumMessages: PubSubLimits.messages, maximumBytes: messageBytes, maximumMessageBytes: messageBytes,
            maximumInFlight: additions.setsOrderingKeys ? 1 : max(1, settings.inFlight))
        self.endpoint = endpoint
        call = GRPCUnaryCall(
            url: "\(endpoint.url)/google.pubsub.v1.Publisher/Publish", security: endpoint.security,
            maximumResponseBytes: PubSubLimits.responseBytes)
        self.exchange = exchange
        self.settings = settings
    }

    package func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        encoder.encodedSize(of: message, in: arena)
    }

    package func problem(with message: RenderedMessage, in arena: MessageArena) -> DeliveryError? {
        if let problem = limits.problem(size: encodedSize(of: message, in: arena), at: name) { return problem }
        let more = additions.eventID(of: message, in: arena) == nil ? 0 : 1
        guard let problem = PubSubAttributeRules.problem(with: message, in: arena, more: more) else { return nil }
        return DeliveryError(
            code: .attributes, scope: .event, isRetriable: false, message: "\(name): a message with \(problem)")
    }

    package func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
        let payloadBytes = encoder.fixedBytes + (try limits.check(request, for: self))
        guard !isShutDown.load(ordering: .relaxed) else {
            throw DeliveryError(
                code: .shutDown, scope: .local, isRetriable: true, message: "\(name): the destination is shut down")
        }
        let messages = request.arena.messages[request.messages]
        guard !messages.isEmpty else { return DeliveryReceipt(messages: 0, bytes: 0) }
        guard additions.setsOrderingKeys else {
            let references = try await publish(messages, in: request.arena, payloadBytes: payloadBytes)
            return DeliveryReceipt(messages: messages.count, bytes: payloadBytes, references: references)
        }
        var bytes = 0
        for group in groups(messages, in: request.arena) {
            let groupBytes = group.reduce(encoder.fixedBytes) { $0 + encodedSize(of: $1, in: request.arena) }
            // The groups are not in the order of the request, so their ids are not kept.
            _ = try await publish(group[...], in: request.arena, payloadBytes: groupBytes)
            bytes += groupBytes
        }
        return DeliveryReceipt(messages: messages.count, bytes: bytes)
    }

    /// Refuses further deliveries. Calls under way end by themselves, at the latest at their deadline or when the
    /// transfers are shut down.
    package func shutdown() async {
        isShutDown.store(true, ordering: .relaxed)
        buffers.withLock { $0 = [] }
        if case .google(let credentials) = endpoint { await credentials.shutdown() }
    }

    /// Pub/Sub wants one ordering key in a request. The order within a key stays.
    private func groups(_ messages: ArraySlice<RenderedMessage>, in arena: MessageArena) -> [[RenderedMessage]] {
        var groups: [[RenderedMessage]] = []
        var places: [[UInt8]: Int] = [:]
        for message in messages {
            let key = additions.orderingKey(of: message, in: arena) ?? []
            if let place = places[key] {
                groups[place].append(message)
            } else {
                places[key] = groups.count
                groups.append([message])
            }
        }
        return groups
    }

    private func publish(
        _ messages: ArraySlice<RenderedMessage>, in arena: MessageArena, payloadBytes: Int
    ) async throws(DeliveryError) -> DeliveryReferences {
        var buffer = buffers.withLock { $0.popLast() } ?? []
        defer { putBack(buffer) }
        encoder.encode(messages, in: arena, payloadBytes: payloadBytes, into: &buffer)
        if settings.compression == .gzip { try compress(&buffer) }
        guard case .google(let credentials) = endpoint else {
            return try await send(buffer, messages: messages.count, token: nil)
        }
        let token = try await credentials.token()
        do throws(DeliveryError) {
            return try await send(buffer, messages: messages.count, token: token)
        } catch {
            guard error.action == .renewCredentials, credentials.discard(token) else { throw error }
            return try await send(buffer, messages: messages.count, token: try await credentials.token())
        }
    }

    private func send(
        _ framed: [UInt8], messages: Int, token: TokenSource<DeliveryError>.Token?
    ) async throws(DeliveryError) -> DeliveryReferences {
        var headers: [HTTPTransferRequest.Header] = []
        if let token { headers.append(.init("authorization", "Bearer \(token.value.value)")) }
        if settings.compression == .gzip { headers.append(.init("grpc-encoding", "gzip")) }
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await exchange(
                call.request(framedMessage: framed, headers: headers, deadline: settings.deadline))
        } catch {
            throw DeliveryErrorTable.error(error, at: name)
        }
        do throws(DeliveryError) {
            return try check(response, messages: messages)
        } catch {
            var error = error
            if let token { error.withhold(token.value) }
            throw error
        }
    }

    /// Compresses the message behind its frame's header.
    private func compress(_ buffer: inout [UInt8]) throws(DeliveryError) {
        var compressed = [UInt8](repeating: 0, count: GRPCFrame.headerBytes)
        try buffer.withUnsafeBufferPointer { (bytes) throws(DeliveryError) in
            try GzipCompressor.compress(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[GRPCFrame.headerBytes...])),
                level: GzipCompressor.fastLevel, into: &compressed, for: name)
        }
        GRPCFrame.completeHeader(ofCompressed: &compressed)
        buffer = compressed
    }

    private func putBack(_ buffer: [UInt8]) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        buffers.withLock { buffers in
            if buffers.count < limits.maximumInFlight { buffers.append(buffer) }
        }
    }

    private func check(
        _ response: HTTPTransferResponse, messages: Int
    ) throws(DeliveryError) -> DeliveryReferences {
        switch GRPCUnaryCall.outcome(of: response) {
        case .status, .notGRPC:
            throw DeliveryErrorTable.error(response, isGRPC: true, at: name, now: settings.wallClock())
        case .unreadable:
            throw unreadable("no readable PublishResponse", messages: messages)
        case .message(let message):
            let answer = PublishResponse.messageIDs(in: message, expected: messages)
            guard let answer, answer.count == messages else {
                throw unreadable(
                    answer.map { "\($0.count) message ids" } ?? "no readable PublishResponse", messages: messages)
            }
            return answer.references
        }
    }

    private func unreadable(_ what: String, messages: Int) -> DeliveryError {
        DeliveryError(
            code: .protocolViolation, scope: .destination, isRetriable: true,
            message: "\(name): \(messages) messages were sent, and the response has \(what)")
    }
}
