/// Which dead letters are meant; what is nil or empty does not matter.
package struct DeadLetterFilter: Sendable, Hashable {
    package var ids: Set<DeadLetterID> = []
    package var kind: DeadLetter.Kind?
    package var state: DeadLetter.State?
    package var reason: String?
    package var code: String?
    package var client: String?
    package var feature: String?
    package var action: String?
    package var destination: String?
    /// When it became a dead letter or was quarantined, in nanoseconds since 1970: from here on …
    package var from: Int64?
    /// … and before this.
    package var to: Int64?

    /// All of them.
    package init() {}

    /// Whether an event that ingest has quarantined is meant.
    func matches(_ event: StoredQuarantine) -> Bool {
        guard kind != .refused, state ?? .waiting == .waiting, feature == nil, action == nil, destination == nil
        else { return false }
        return (reason ?? event.reason) == event.reason && (code ?? event.reason) == event.reason
            && (client ?? event.stream.client) == event.stream.client
            && (from ?? .min) <= event.receivedAt && event.receivedAt < (to ?? .max)
            && (ids.isEmpty || ids.contains(.quarantine(segment: event.segment, row: event.row)))
    }

    /// Whether no letter of the ledger's table can be meant.
    var excludesLetters: Bool {
        !ids.isEmpty
            && ids.allSatisfy {
                if case .quarantine = $0 { true } else { false }
            }
    }

    /// Whether no quarantined event can be meant.
    var excludesQuarantine: Bool {
        kind == .refused || (state ?? .waiting) != .waiting || feature != nil || action != nil || destination != nil
            || (!ids.isEmpty
                && ids.allSatisfy {
                    if case .letter = $0 { true } else { false }
                })
    }

    /// The condition on `dead_letter`, and what is to be bound to its parameters in turn.
    var condition: (sql: String, values: [Value]) {
        var terms = ["1"]
        var values: [Value] = []
        func add(_ term: String, _ value: Value?) {
            guard let value else { return }
            terms.append(term)
            values.append(value)
        }
        add("dead_letter.kind = ?", kind.map { .integer($0.rawValue) })
        add("dead_letter.state = ?", state.map { .integer($0.rawValue) })
        add("dead_letter.reason = ?", reason.map { .text($0) })
        add("dead_letter.code = ?", code.map { .text($0) })
        add("dead_letter.client_name = ?", client.map { .text($0) })
        add("dead_letter.feature = ?", feature.map { .text($0) })
        add("dead_letter.action = ?", action.map { .text($0) })
        add("dead_letter.destination = (SELECT id FROM destination WHERE name = ?)", destination.map { .text($0) })
        add("dead_letter.first_seen_at >= ?", from.map { .integer($0) })
        add("dead_letter.first_seen_at < ?", to.map { .integer($0) })
        if !ids.isEmpty {
            let numbers = ids.compactMap { id -> String? in
                if case .letter(let number) = id { String(number) } else { nil }
            }
            terms.append("dead_letter.id IN (\(numbers.joined(separator: ", ")))")
        }
        return (terms.joined(separator: " AND "), values)
    }

    /// For people and the record of acts.
    package var text: String {
        var parts: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value { parts.append("\(name) \(value)") }
        }
        if !ids.isEmpty { add("ids", ids.map(\.description).sorted().prefix(20).joined(separator: " ")) }
        add("kind", kind.map { "\($0)" })
        add("state", state.map { "\($0)" })
        add("reason", reason)
        add("code", code)
        add("client", client)
        add("feature", feature)
        add("action", action)
        add("destination", destination)
        add("from", from.map { "\($0)" })
        add("to", to.map { "\($0)" })
        return parts.isEmpty ? "all" : parts.joined(separator: ", ")
    }

    /// What is bound to a parameter.
    enum Value {
        case integer(Int64)
        case text(String)
    }
}
