extension SpoolInspector {
    /// How often the spool is looked at again when segments go while it is looked at.
    private static let maximumTries = 10

    /// Checks that every accepted event is accounted for. Both processes may be running.
    /// - Parameter usesSummaries: whether a sealed segment that no destination has begun counts as its summary says. That
    ///   spares the reading of a large backlog; without it, every segment's own rows are counted.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func audit(usesSummaries: Bool = false) throws(StoreError) -> SpoolAudit {
        try requireSpool()
        for _ in 1..<Self.maximumTries {
            let pass = AuditPass(layout: layout, usesSummaries: usesSummaries)
            if let audit = try pass.run(isLast: false) { return audit }
        }
        return try AuditPass(layout: layout, usesSummaries: usesSummaries).run(isLast: true) ?? SpoolAudit()
    }

    /// What waits for a destination, by client; the names in order.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func waitingByClient(at destination: String) throws(StoreError) -> [ClientEvents] {
        try audit().clients.filter { $0.destination == destination && $0.pending > 0 }.map {
            ClientEvents(name: $0.client ?? "", source: $0.source ?? "", events: $0.pending)
        }
    }
}
