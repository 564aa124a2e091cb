internal import Planning
internal import Store

/// What became of one page of the spool.
struct LoadedPage: Sendable {
    let page: PageID
    /// Requests, in the order in which clients take turns.
    var requests: [PackedRequest] = []
    /// What is resolved without a delivery: batches without events, or that can not be read.
    var resolved: [Resolution] = []
    /// Batches that can not be delivered because their bytes are damaged.
    var damaged: [DamagedBatch] = []
}
