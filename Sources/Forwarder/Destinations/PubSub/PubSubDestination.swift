package import Contract
internal import Synchronization
package import Transfer

/// A Google Pub/Sub topic, reached by gRPC `google.pubsub.v1.Publisher/Publish`.
package final class PubSubDestination: Destination {
    package let name: String
    package let limits: RequestLimits

    private let endpoint: PubSubEndpoint
    private let transfers: CurlTransfers
    private let encoder: PublishRequestEncoder
    private let deadline: Duration
    // One buffer for each call under way; together at most inFlight times requestBytes.
    private let buffers = Mutex<[[UInt8]]>([])
    private let isShutDown = Atomic<Bool>(false)

    /// Nothing is sent yet. `transfers` is shared and stays the caller's to shut down.
    package init(
        project: String, topic: String, endpoint: PubSubEndpoint, transfers: CurlTransfers,
        maximumInFlight: Int = PubSubLimits.inFlight, deadline: Duration = PubSubLimits.deadline
    ) {
        name = "pubsub://\(project)/\(topic)"
        encoder = PublishRequestEncoder(topic: "projects/\(project)/topics/\(topic)")
        let messageBytes = PubSubLimits.requestBytes - encoder.fixedBytes
        limits = RequestLimits(
            maximumMessages: PubSubLimits.messages, maximumBytes: messageBytes, maximumMessageBytes: messageBytes,
            maximumInFlight: max(1, maximumInFlight))
        self.endpoint = endpoint
        self.transfers = transfers
        self.deadline = deadline
    }

    package func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        encoder.encodedSize(of: message, in: arena)
    }

    package func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
        let payloadBytes = encoder.fixedBytes + (try limits.check(request, for: self))
        guard !isShutDown.load(ordering: .relaxed) else {
            throw DeliveryError(
                code: .shutDown, scope: .local, isRetriable: true, message: "\(name): the destination is shut down")
        }
        guard !request.messages.isEmpty else { return DeliveryReceipt(messages: 0, bytes: 0) }
        let headers = try await self.headers()
        var buffer = buffers.withLock { $0.popLast() } ?? []
        encoder.encode(request, payloadBytes: payloadBytes, into: &buffer)
        let transfer = HTTPTransferRequest(
            url: "\(endpoint.url)/google.pubsub.v1.Publisher/Publish", security: endpoint.security, headers: headers,
            body: buffer, timeout: deadline, maximumResponseBytes: PubSubLimits.responseBytes)
        defer { putBack(buffer) }
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await transfers.execute(transfer)
        } catch {
            throw DeliveryErrorTable.error(error, at: name)
        }
        try check(response, messages: request.messages.count)
        return DeliveryReceipt(messages: request.messages.count, bytes: payloadBytes)
    }

    /// Refuses further deliveries. Calls under way end by themselves, at the latest at their deadline or when the
    /// transfers are shut down.
    package func shutdown() async {
        isShutDown.store(true, ordering: .relaxed)
        buffers.withLock { $0 = [] }
    }

    private func headers() async throws(DeliveryError) -> [HTTPTransferRequest.Header] {
        var headers: [HTTPTransferRequest.Header] = [
            .init("content-type", "application/grpc"),
            .init("te", "trailers"),
            .init("grpc-timeout", "\(max(1, Int64(deadline / .milliseconds(1))))m"),
        ]
        if case .google(let credentials) = endpoint {
            headers.append(.init("authorization", "Bearer \(try await credentials.bearerToken())"))
        }
        return headers
    }

    private func putBack(_ buffer: [UInt8]) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        buffers.withLock { buffers in
            if buffers.count < limits.maximumInFlight { buffers.append(buffer) }
        }
    }

    private func check(_ response: HTTPTransferResponse, messages: Int) throws(DeliveryError) {
        let retryAfter = response.retryAfter
        guard let status = GRPCStatus(response) else {
            guard response.status == 200 else {
                throw DeliveryError(
                    DeliveryErrorTable.verdict(httpStatus: response.status), retryAfter: retryAfter,
                    message: "\(name): \(endpoint.url) answered HTTP \(response.status) without a gRPC status")
            }
            throw DeliveryError(
                code: .protocolViolation, scope: .destination, isRetriable: true, retryAfter: retryAfter,
                message: "\(name): \(endpoint.url) ended the response without a gRPC status")
        }
        guard status.isOK else {
            throw DeliveryError(
                DeliveryErrorTable.verdict(grpcStatus: status.code), retryAfter: retryAfter,
                message: "\(name): \(status.name): \(status.message)")
        }
        let count = PublishResponse.messageIDCount(in: response.body)
        guard count == messages else {
            throw DeliveryError(
                code: .protocolViolation, scope: .destination, isRetriable: true,
                message: "\(name): \(messages) messages were sent, and the response has "
                    + (count.map { "\($0) message ids" } ?? "no readable PublishResponse"))
        }
    }
}
