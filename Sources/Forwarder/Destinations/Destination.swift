package import Contract

/// Where events go. One value per configured destination; the forwarder packs requests by `limits` and `encodedSize`
/// and calls `deliver` with up to `limits.maximumInFlight` requests at a time.
package protocol Destination: Sendable {
    /// Stable name under which the ledger keeps this destination's progress, e.g. `file:///srv/delivered` or
    /// `pubsub://project/topic`. The same configuration gives the same name in every run.
    var name: String { get }

    /// What one request may hold. Constant for the life of the value.
    var limits: RequestLimits { get }

    /// Bytes that this message adds to a request: exact, or an upper bound. The sum over a request of more than one
    /// message must stay within `limits.maximumBytes`.
    func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int

    /// Why this message can never be delivered, found before anything is sent; nil for all others. The scope is always
    /// `.event`: the packer puts the message aside, and it never becomes part of a request.
    func problem(with message: RenderedMessage, in arena: MessageArena) -> DeliveryError?

    /// Delivers all messages of the request, in order. Returns only when the destination has them durably; when it
    /// throws, any part of them may have arrived (delivery is at least once).
    func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt

    /// Completes what was already handed over and frees files and threads. Later deliveries fail with `.shutDown`.
    func shutdown() async
}

extension Destination {
    /// Only a message above the limit is refused.
    package func problem(with message: RenderedMessage, in arena: MessageArena) -> DeliveryError? {
        limits.problem(size: encodedSize(of: message, in: arena), at: name)
    }
}
