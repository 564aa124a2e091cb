package import Contract
internal import Secrets
internal import Synchronization
package import Transfer

/// A receiver of HTTP requests: POST with one line for each message, as `FileDestination` writes them. Every 2xx means
/// that the receiver has all of them.
package final class WebhookDestination: Destination {
    package let name: String
    package let limits: RequestLimits

    private let url: PeerURL
    private let settings: WebhookSettings
    private let exchange: HTTPExchange
    private let secret: WatchedFile<Secret>?
    private let token: WatchedFile<Secret>?
    private let isShutDown = Atomic<Bool>(false)

    /// Nothing is sent yet.
    ///
    /// - Parameter exchange: of `CurlTransfers` that are shared and stay the caller's to shut down.
    package init(url: PeerURL, exchange: @escaping HTTPExchange, settings: WebhookSettings = WebhookSettings()) {
        name = url.text
        limits = settings.requests
        self.url = url
        self.settings = settings
        self.exchange = exchange
        secret = settings.secretFile.map(SecretFile.secret)
        token = settings.tokenFile.map(SecretFile.token)
    }

    package func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        MessageLines.maximumLength(of: message)
    }

    package func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
        let size = try limits.check(request, for: self)
        guard !isShutDown.load(ordering: .relaxed) else {
            throw DeliveryError(
                code: .shutDown, scope: .local, isRetriable: true, message: "\(name): the destination is shut down")
        }
        guard !request.messages.isEmpty else { return DeliveryReceipt(messages: 0, bytes: 0) }
        let (body, bytes) = try body(of: request, size: size)
        let token = try read(self.token, WebhookSettings.tokenFileKey)
        do throws(DeliveryError) {
            try await post(body, token: token)
        } catch {
            // Refused for its token: one more try, when there is another one by now.
            guard error.action == .renewCredentials, let token,
                let next = try read(self.token, WebhookSettings.tokenFileKey), next.value != token.value
            else { throw error }
            try await post(body, token: next)
        }
        return DeliveryReceipt(messages: request.messages.count, bytes: bytes)
    }

    /// Refuses further deliveries. Requests under way end by themselves, at the latest at their deadline or when the
    /// transfers are shut down.
    package func shutdown() async {
        isShutDown.store(true, ordering: .relaxed)
    }

    /// The body, and the bytes of its lines.
    private func body(of request: DeliveryRequest, size: Int) throws(DeliveryError) -> ([UInt8], Int) {
        var lines = MessageLines()
        var body: [UInt8] = []
        switch settings.compression {
        case .none:
            body.reserveCapacity(size)
            let bytes = try lines.write(request) { (piece) throws(DeliveryError) in body.append(contentsOf: piece) }
            return (body, bytes)
        case .gzip:
            guard var compressor = GzipCompressor(level: GzipCompressor.fastLevel) else {
                throw GzipCompressor.noMemory(name)
            }
            let bytes = try lines.write(request) { (piece) throws(DeliveryError) in
                piece.withUnsafeBytes { compressor.compress($0, into: &body) }
            }
            compressor.finishMember(into: &body)
            return (body, bytes)
        }
    }

    private func post(_ body: [UInt8], token: Secret?) async throws(DeliveryError) {
        var headers = [HTTPTransferRequest.Header("content-type", "application/x-ndjson")]
        if settings.compression == .gzip { headers.append(.init("content-encoding", "gzip")) }
        if let token { headers.append(.init("authorization", "Bearer \(token.value)")) }
        let now = settings.wallClock()
        if let secret = try read(secret, WebhookSettings.secretFileKey) {
            headers += WebhookSignature.headers(for: body, secret: secret, now: now)
        }
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await exchange(
                HTTPTransferRequest(
                    url: url.text, security: url.security, headers: headers, body: body, timeout: settings.deadline,
                    maximumResponseBytes: WebhookLimits.responseBytes))
        } catch {
            throw DeliveryErrorTable.error(error, at: name)
        }
        guard !(200..<300).contains(response.status) else { return }
        throw DeliveryErrorTable.error(response, isGRPC: false, at: name, now: now)
    }

    private func read(_ file: WatchedFile<Secret>?, _ key: String) throws(DeliveryError) -> Secret? {
        switch file?.read().result {
        case nil: return nil
        case .success(let secret): return secret
        case .failure(let problem):
            // Retriable: files are replaced, and may be missing or empty for a moment.
            throw DeliveryError(
                code: .misconfigured, scope: .destination, isRetriable: true, message: "\(key): \(problem.message)")
        }
    }
}
