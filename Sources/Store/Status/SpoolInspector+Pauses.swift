extension SpoolInspector {
    /// The destinations that operators have paused, each with the reason that was given.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func pauses() throws(StoreError) -> [String: String] {
        try requireSpool()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath),
            try ledger.hasTable("destination_state")
        else { return [:] }
        let rows = try Statement(
            ledger,
            """
            SELECT destination.name, pause_reason FROM destination_state
            JOIN destination ON destination.id = destination_state.destination WHERE is_paused <> 0
            """)
        var pauses: [String: String] = [:]
        while try rows.step() { pauses[rows.text(0)] = rows.text(1) }
        return pauses
    }
}
