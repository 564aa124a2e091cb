extension SpoolInspector {
    /// The quarantined events, oldest segment first: those that the ledger keeps, and those still in segments only.
    /// - Returns: at most `limit` events.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `corrupt`, `io`.
    package func quarantined(limit: Int) throws(StoreError) -> [StoredQuarantine] {
        try requireSpool()
        var events: [StoredQuarantine] = []
        let list = QuarantineList(layout: layout, ledger: try LedgerFile.openForReading(path: layout.ledgerPath))
        guard limit > 0 else { return [] }
        try list.visit(DeadLetterFilter()) { event in
            events.append(event)
            return events.count < limit
        }
        return events
    }
}
