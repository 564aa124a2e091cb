internal import Planning
internal import Store

/// What a child task of a worker ends with.
enum WorkerOutcome: Sendable {
    /// The process is to stop gracefully.
    case stopRequested
    /// An operator wants something.
    case told(WorkerRequest)
    /// A child that had nothing more to say.
    case nothing
    /// A time that planning waits for has come.
    case timer(Int64)
    /// A page is rendered and packed.
    case loaded(LoadedPage)
    /// The destination has a request durably; in nanoseconds.
    case delivered(RequestID, latency: Int64, DeliveryReferences)
    /// The destination has not taken a request.
    case failed(RequestID, DeliveryError)
    /// A group is durable in the ledger, or is not, for a reason.
    case recorded(RecordGroup, StoreError?)
}
