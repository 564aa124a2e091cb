/// The newest times that a spool knows: a clock that is before them was set back.
package struct SpoolTimes: Sendable, Hashable {
    /// When the newest segment was made, in nanoseconds since 1970; nil without segments.
    package var newestSegment: Int64?
    /// When the ledger was last written, in nanoseconds since 1970; nil without one.
    package var ledger: Int64?

    /// Makes times from their parts.
    package init(newestSegment: Int64? = nil, ledger: Int64? = nil) {
        self.newestSegment = newestSegment
        self.ledger = ledger
    }

    /// Looks at the names and times of a spool's files; opens none of them.
    package init(layout: SpoolLayout) {
        newestSegment = (try? layout.segmentNumbers())?.last.map(SpoolLayout.createdAt)
        ledger = ["", "-wal"].compactMap { suffix in
            let facts = FileFacts(path: layout.ledgerPath + suffix)
            return facts.errorNumber == 0 ? facts.modifiedAt : nil
        }.max()
    }
}
