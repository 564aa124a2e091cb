package import Contract
internal import Synchronization
package import Transfer

/// A Google Pub/Sub topic, reached by gRPC `google.pubsub.v1.Publisher/Publish`.
package final class PubSubDestination: Destination {
    package let name: String
    package let limits: RequestLimits

    private let endpoint: PubSubEndpoint
    private let call: GRPCUnaryCall
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
        call = GRPCUnaryCall(
            url: "\(endpoint.url)/google.pubsub.v1.Publisher/Publish", security: endpoint.security,
            maximumResponseBytes: PubSubLimits.responseBytes)
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
        let transfer = call.request(framedMessage: buffer, headers: headers, deadline: deadline)
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
        guard case .google(let credentials) = endpoint else { return [] }
        return [.init("authorization", "Bearer \(try await credentials.bearerToken())")]
    }

    private func putBack(_ buffer: [UInt8]) {
        guard !isShutDown.load(ordering: .relaxed) else { return }
        buffers.withLock { buffers in
            if buffers.count < limits.maximumInFlight { buffers.append(buffer) }
        }
    }

    private func check(_ response: HTTPTransferResponse, messages: Int) throws(DeliveryError) {
        let retryAfter = response.retryAfter
        switch GRPCUnaryCall.outcome(of: response) {
        case .status(let status):
            throw DeliveryError(
                DeliveryErrorTable.verdict(grpcStatus: status.code), retryAfter: retryAfter,
                message: "\(name): \(status.name): \(status.message)")
        case .notGRPC(let httpStatus) where httpStatus != 200:
            throw DeliveryError(
                DeliveryErrorTable.verdict(httpStatus: httpStatus), retryAfter: retryAfter,
                message: "\(name): \(endpoint.url) answered HTTP \(httpStatus) without a gRPC status")
        case .notGRPC:
            throw DeliveryError(
                code: .protocolViolation, scope: .destination, isRetriable: true, retryAfter: retryAfter,
                message: "\(name): \(endpoint.url) ended the response without a gRPC status")
        case .unreadable:
            throw unreadable("no readable PublishResponse", messages: messages)
        case .message(let message):
            let count = PublishResponse.messageIDCount(in: message)
            guard count == messages else {
                throw unreadable(
                    count.map { "\($0) message ids" } ?? "no readable PublishResponse", messages: messages)
            }
        }
    }

    private func unreadable(_ what: String, messages: Int) -> DeliveryError {
        DeliveryError(
            code: .protocolViolation, scope: .destination, isRetriable: true,
            message: "\(name): \(messages) messages were sent, and the response has \(what)")
    }
}
