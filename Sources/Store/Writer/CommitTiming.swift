/// When the group commit of a batch took place, and how large it was: for whoever measures a single batch.
package struct CommitTiming: Sendable, Hashable {
    /// When the group was taken up, in monotonic nanoseconds.
    package let began: Int64
    /// When its `COMMIT` had returned or failed, in monotonic nanoseconds.
    package let ended: Int64
    /// Batches in the group.
    package let batches: Int
    /// Whether it succeeded.
    package let isDurable: Bool
}
