internal import Contract
internal import Store

/// Rendered messages for one request, and what the ledger is to record when they are delivered.
struct PackedRequest: Sendable {
    let request: DeliveryRequest
    /// The events of the messages, batch by batch.
    let resolutions: [Resolution]
    /// Bytes of the messages' JSON, for the totals.
    let messageBytes: Int
}
