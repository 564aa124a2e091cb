internal import Store

/// A client, and what became of its events at each destination.
struct ClientRow: Sendable, Hashable {
    /// One destination's part.
    struct Part: Sendable, Hashable {
        let destination: String
        let accepted: Int64
        let pending: Int64
        let outcomes: OutcomeCounts
    }

    let name: String
    let source: String
    var parts: [Part] = []

    /// What most people ask for first: who has the most waiting, then who sends the most.
    var order: (Int64, Int64) { (parts.map(\.pending).max() ?? 0, parts.map(\.accepted).max() ?? 0) }

    /// The clients of an audit, those with the most waiting first.
    static func rows(of audit: SpoolAudit) -> [ClientRow] {
        struct Key: Hashable {
            let name: String
            let source: String
        }
        var rows: [Key: ClientRow] = [:]
        for row in audit.clients {
            let key = Key(name: row.client ?? "", source: row.source ?? "")
            let part = Part(
                destination: row.destination, accepted: row.accepted, pending: row.pending, outcomes: row.outcomes)
            rows[key, default: ClientRow(name: key.name, source: key.source)].parts.append(part)
        }
        return rows.values.sorted { $0.order == $1.order ? $0.name < $1.name : $0.order > $1.order }
    }
}
