internal import Contract
internal import Store

/// What became of one page of the spool.
struct RenderedPage: Sendable {
    /// Requests, oldest events first.
    var requests: [PackedRequest] = []
    /// What is resolved without a delivery: batches without events, or that can not be read.
    var resolved: [Resolution] = []
    /// Batches that can not be delivered because their bytes are damaged.
    var damaged: [DamagedBatch] = []
    /// Events that can not be rendered: kept in the ledger.
    var unrenderable: [StoredQuarantine] = []
}
