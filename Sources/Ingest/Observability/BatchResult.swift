/// How a batch ended, as the label `result` of the service that this one replaces says it (reference 1.7).
enum BatchResult: String, CaseIterable, Sendable {
    /// Every event is recorded; so is an empty batch, which the old service counted as a complete failure.
    case success
    /// Some events were refused.
    case partialFailure = "partial_failure"
    /// Every event was refused.
    case completeFailure = "complete_failure"

    init(recorded: Int, refused: Int) {
        self = refused == 0 ? .success : recorded == 0 ? .completeFailure : .partialFailure
    }
}
