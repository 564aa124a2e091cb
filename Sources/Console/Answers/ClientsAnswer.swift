internal import Contract
internal import Diagnosis
internal import Forwarder
internal import Store

/// A page of clients: those that ingest has seen, newest first; without its directory those that have sent events, with the
/// most waiting first.
struct ClientsAnswer: Sendable {
    /// Some of the directory's senders.
    struct Senders: Sendable {
        let page: [SenderRecord]
        let total: Int64
    }

    private struct Name: Hashable {
        let name: String
        let source: String
    }

    let count: ClientCounts.Count
    /// The names of the destinations that are shown, in their order.
    let destinations: [String]
    /// nil without a directory.
    let senders: Senders?
    /// Part of a name or source, for when there is no directory; nil for all.
    let search: String?
    let offset: Int
    let limit: Int

    var json: JSONValue {
        let (rows, total) = page
        return .members([
            ("counted_at", .time(count.at)), ("total", .number(total)), ("offset", .number(Int64(max(0, offset)))),
            ("has_senders", .bool(senders != nil)),
            ("destinations", .array(destinations.map { .string($0) })), ("clients", .array(rows)),
        ])
    }

    private var page: (rows: [JSONValue], total: Int64) {
        if let senders {
            var counted: [Name: ClientRow] = [:]
            let wanted = Set(senders.page.map { Name(name: $0.client, source: $0.source) })
            for row in count.rows {
                let name = Name(name: row.name, source: row.source)
                if wanted.contains(name) { counted[name] = row }
            }
            let rows = senders.page.map { sender in
                Self.json(
                    counted[Name(name: sender.client, source: sender.source)]
                        ?? ClientRow(name: sender.client, source: sender.source), sender)
            }
            return (rows, senders.total)
        }
        let needle = search?.lowercased() ?? ""
        let found = count.rows.filter {
            needle.isEmpty || $0.name.lowercased().contains(needle) || $0.source.lowercased().contains(needle)
        }
        return (found.dropFirst(max(0, offset)).prefix(limit).map { Self.json($0, nil) }, Int64(found.count))
    }

    private static func json(_ row: ClientRow, _ sender: SenderRecord?) -> JSONValue {
        .members([
            ("name", .string(row.name)), ("source", .string(row.source)), ("sender", sender?.json ?? .null),
            (
                "destinations",
                .array(
                    row.parts.map { part in
                        .members([
                            ("name", .string(part.destination)), ("accepted", .number(part.accepted)),
                            ("waiting", .number(part.pending)),
                            (
                                "outcomes",
                                .object(Outcome.allCases.map { .init($0.name, .number(part.outcomes[$0])) })
                            ),
                        ])
                    })
            ),
        ])
    }
}
