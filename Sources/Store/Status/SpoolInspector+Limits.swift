extension SpoolInspector {
    /// The limits of the running forwarder, or of the last one that ran; nil before a forwarder of this version has run.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func forwarderLimits() throws(StoreError) -> ForwarderLimits? {
        try requireSpool()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return nil }
        let rows = try Statement(ledger, "SELECT name, value FROM total WHERE name LIKE 'limit\\_%' ESCAPE '\\'")
        var values: [String: Int64] = [:]
        while try rows.step() { values[rows.text(0)] = rows.integer(1) }
        return ForwarderLimits(stored: values)
    }
}
