internal import Store

/// What a child task of a worker ends with.
enum WorkerOutcome: Sendable {
    /// The process is to stop gracefully.
    case stopRequested
    /// A time that the planner waits for has come.
    case timer(Int64)
    /// A page is rendered and packed.
    case rendered(RenderedPage)
    /// The destination has a request durably.
    case delivered(DeliveryPlanner.RequestID)
    /// The destination has not taken a request.
    case failed(DeliveryPlanner.RequestID, DeliveryError)
    /// Resolutions are durable in the ledger, or are not, for a reason.
    case recorded([Resolution], Int64, StoreError?)
}
