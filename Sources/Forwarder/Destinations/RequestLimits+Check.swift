internal import Contract

extension RequestLimits {
    /// The refusal of a message of this encoded size; nil when it is not too large.
    func problem(size: Int, at destination: String) -> DeliveryError? {
        guard size > maximumMessageBytes else { return nil }
        return DeliveryError(
            code: .oversized, scope: .event, isRetriable: false,
            message: "\(destination): a message of \(size) bytes, allowed are \(maximumMessageBytes) bytes")
    }

    /// Measures the request and refuses it, before anything is sent, when it breaks a limit: with scope `.event` when a
    /// single message is too large for ever, otherwise with scope `.batch`, because a smaller request would pass.
    ///
    /// Returns the request's encoded size in bytes.
    func check(_ request: DeliveryRequest, for destination: some Destination) throws(DeliveryError) -> Int {
        guard request.messages.count <= maximumMessages else {
            throw DeliveryError(
                code: .oversized, scope: .batch, isRetriable: false,
                message: "\(destination.name): \(request.messages.count) messages in one request, allowed are "
                    + "\(maximumMessages); split the request")
        }
        var total = 0
        for message in request.arena.messages[request.messages] {
            let size = destination.encodedSize(of: message, in: request.arena)
            if var problem = problem(size: size, at: destination.name) {
                if request.messages.count > 1 { problem.scope = .batch }
                throw problem
            }
            total += size
        }
        guard request.messages.count == 1 || total <= maximumBytes else {
            throw DeliveryError(
                code: .oversized, scope: .batch, isRetriable: false,
                message: "\(destination.name): a request of \(total) bytes, allowed are \(maximumBytes) bytes; "
                    + "split the request")
        }
        return total
    }
}
