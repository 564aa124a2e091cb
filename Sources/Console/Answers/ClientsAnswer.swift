internal import Contract
internal import Forwarder
internal import Store

/// A page of clients.
struct ClientsAnswer: Sendable {
    let count: ClientCounts.Count
    /// Part of a name or source; nil for all.
    let search: String?
    let offset: Int
    let limit: Int

    var json: JSONValue {
        let needle = search?.lowercased() ?? ""
        let found = count.rows.filter {
            needle.isEmpty || $0.name.lowercased().contains(needle) || $0.source.lowercased().contains(needle)
        }
        let shown = found.dropFirst(max(0, offset)).prefix(limit)
        return .members([
            ("counted_at", .time(count.at)), ("total", .number(Int64(found.count))),
            ("offset", .number(Int64(offset))), ("clients", .array(shown.map(Self.json))),
        ])
    }

    private static func json(_ row: ClientRow) -> JSONValue {
        .members([
            ("name", .string(row.name)), ("source", .string(row.source)),
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
