/// How far a replay of the past has come.
package struct ReplayJobProgress: Sendable, Hashable {
    /// The job's number.
    package var job: Int64
    /// Everything up to here is sent.
    package var position: SpoolPosition
    /// Events that were sent since the last progress.
    package var sent: Int64
    /// Whether nothing is left to be sent.
    package var isDone: Bool

    /// Makes a progress from its parts.
    package init(job: Int64, position: SpoolPosition, sent: Int64, isDone: Bool = false) {
        self.job = job
        self.position = position
        self.sent = sent
        self.isDone = isDone
    }
}
