internal import Observing
internal import Planning
internal import Store

/// What is recorded in one transaction.
struct RecordGroup: Sendable {
    /// An event that becomes a dead letter.
    struct Burial: Sendable {
        let request: RequestID
        let letter: NewDeadLetter
        let resolution: Resolution
    }

    var resolutions: [Resolution] = []
    /// Message bytes that the destination took.
    var deliveredBytes: Int64 = 0
    var attempts: [EventAttempt] = []
    var burials: [Burial] = []
    var state: DestinationState?
    /// What the destination took, for its receipts.
    var delivered: [DeliveredRequest] = []
    /// The spans of the pages from which the requests came; few of them are recorded.
    var traces = LinkedTraces()
    /// The first one of them: the span of the recording is below it.
    var trace: OpenSpan?

    var isEmpty: Bool { resolutions.isEmpty && attempts.isEmpty && burials.isEmpty && state == nil }

    /// The transaction.
    var record: DeliveryRecord {
        DeliveryRecord(
            resolutions: resolutions + burials.map(\.resolution), deliveredBytes: deliveredBytes,
            deadLetters: burials.map(\.letter), attempts: attempts, state: state)
    }

    /// Puts what came before in front.
    mutating func prepend(_ earlier: RecordGroup) {
        resolutions = earlier.resolutions + resolutions
        deliveredBytes += earlier.deliveredBytes
        attempts = earlier.attempts + attempts
        burials = earlier.burials + burials
        state = state ?? earlier.state
        delivered = earlier.delivered + delivered
        guard let trace = earlier.trace else { return }
        self.trace = trace
        for context in earlier.traces.sampled { traces.add(context) }
    }
}
