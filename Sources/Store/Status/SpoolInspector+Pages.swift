extension SpoolInspector {
    /// A page of the ledger's dead letters, newest first.
    /// - Parameters:
    ///   - before: where the page before this one ended; nil for the first.
    ///   - limit: most letters of a page.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `corrupt`, `io`.
    package func letterPage(
        _ filter: DeadLetterFilter, before: DeadLetterID? = nil, limit: Int
    ) throws(StoreError) -> LetterPage {
        try requireSpool()
        var page = LetterPage()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return page }
        var number = Int64.max
        if case .letter(let last) = before { number = last }
        page.letters = try DeadLetterTable(connection: ledger).newest(filter, before: number, limit: limit + 1)
        page.cut(limit)
        return page
    }

    /// A page of the events that ingest has quarantined and that were not sent again yet, newest first.
    /// - Parameters: as of `letterPage`.
    package func quarantinePage(
        _ filter: DeadLetterFilter, before: DeadLetterID? = nil, limit: Int
    ) throws(StoreError) -> LetterPage {
        try requireSpool()
        var place: (segment: UInt64, row: Int64)?
        if case .quarantine(let segment, let row) = before { place = (segment, row) }
        var page = LetterPage()
        let list = QuarantineList(layout: layout, ledger: try LedgerFile.openForReading(path: layout.ledgerPath))
        try list.visitNewestFirst(filter, before: place) { event in
            page.letters.append(DeadLetter(event, loading: false))
            return page.letters.count <= limit
        }
        page.cut(limit)
        return page
    }
}

extension LetterPage {
    fileprivate mutating func cut(_ limit: Int) {
        guard letters.count > limit else { return }
        letters.removeLast(letters.count - limit)
        next = letters.last?.id
    }
}
