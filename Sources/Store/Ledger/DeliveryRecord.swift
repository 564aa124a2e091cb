/// What one destination has to say: one durable transaction.
package struct DeliveryRecord: Sendable {
    /// In any order; events that already were resolved count once.
    package var resolutions: [Resolution]
    /// Message bytes that the destination took, for the totals.
    package var deliveredBytes: Int64
    /// New dead letters. `resolutions` has their events, too, with the outcome `dead`.
    package var deadLetters: [NewDeadLetter]
    /// Events that failed alone and are tried again. An attempt goes by itself when its event is resolved.
    package var attempts: [EventAttempt]
    /// The worker's state, when it changed.
    package var state: DestinationState?
    /// Dead letters that were sent again.
    package var replays: [ReplayOutcome]
    /// Replays of the past that went on.
    package var jobs: [ReplayJobProgress]

    /// Makes a record from its parts.
    package init(
        resolutions: [Resolution] = [], deliveredBytes: Int64 = 0, deadLetters: [NewDeadLetter] = [],
        attempts: [EventAttempt] = [], state: DestinationState? = nil, replays: [ReplayOutcome] = [],
        jobs: [ReplayJobProgress] = []
    ) {
        self.resolutions = resolutions
        self.deliveredBytes = deliveredBytes
        self.deadLetters = deadLetters
        self.attempts = attempts
        self.state = state
        self.replays = replays
        self.jobs = jobs
    }

    /// Whether there is nothing to record.
    package var isEmpty: Bool {
        resolutions.isEmpty && deadLetters.isEmpty && attempts.isEmpty && state == nil && replays.isEmpty
            && jobs.isEmpty && deliveredBytes == 0
    }
}
