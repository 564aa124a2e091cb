extension SpoolInspector {
    /// How often the spool is looked at again when segments go while it is looked at.
    private static let maximumTries = 10

    /// Checks that every accepted event is accounted for. Both processes may be running.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func audit() throws(StoreError) -> SpoolAudit {
        try requireSpool()
        for _ in 1..<Self.maximumTries {
            if let audit = try AuditPass(layout: layout).run(isLast: false) { return audit }
        }
        return try AuditPass(layout: layout).run(isLast: true) ?? SpoolAudit()
    }

    /// What waits for a destination, by client; the names in order.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func waitingByClient(at destination: String) throws(StoreError) -> [ClientEvents] {
        try audit().clients.filter { $0.destination == destination && $0.pending > 0 }.map {
            ClientEvents(name: $0.client ?? "", source: $0.source ?? "", events: $0.pending)
        }
    }
}
