/// Where a destination begins that the ledger does not know yet.
package enum DestinationStart: String, Sendable, Hashable, CaseIterable {
    /// At the oldest event on disk, retained segments included.
    case oldest
    /// After everything on disk: what is older counts as skipped.
    case now
}
