internal import Contract

extension RequestLimits {
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
            guard size <= maximumMessageBytes else {
                throw DeliveryError(
                    code: .oversized, scope: request.messages.count == 1 ? .event : .batch, isRetriable: false,
                    message: "\(destination.name): a message of \(size) bytes, allowed are \(maximumMessageBytes) bytes"
                )
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
