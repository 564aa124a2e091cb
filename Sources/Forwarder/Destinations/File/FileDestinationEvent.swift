/// What happened to a file of a `FileDestination`.
package enum FileDestinationEvent: Sendable, Hashable {
    /// The file is complete under its final name.
    case finished(path: String, bytes: Int)
    /// A crashed process had left this file; it is complete now. `cutBytes` of a torn last line were removed.
    case repaired(path: String, bytes: Int, cutBytes: Int)
    /// The file could not be completed now; its lines are safe, and it is tried again.
    case finishFailed(path: String, reason: String)
    /// The file could not be cut back after a failed write; it stays as `.part` until the next start repairs it.
    case abandoned(path: String, reason: String)
}
