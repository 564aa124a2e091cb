package import Contract
internal import Forwarder
internal import Runtime
package import Store

/// Whether every accepted event is accounted for, ready to be shown.
package struct AuditReport: Sendable {
    /// The spool directory, as it was named.
    package let spool: String
    /// When, in nanoseconds since 1970.
    package let at: Int64
    /// What was found.
    package let audit: SpoolAudit
    /// One row a destination, or one a client at each.
    package let rows: [SpoolAudit.Row]

    /// Makes a report.
    /// - Parameters:
    ///   - perClient: whether each client has a row.
    ///   - destination: only this one's rows; nil for all. What does not add up anywhere is told all the same.
    package init(spool: String, at: Int64, audit: SpoolAudit, perClient: Bool = false, destination: String? = nil) {
        self.spool = spool
        self.at = at
        self.audit = audit
        rows = (perClient ? audit.clients : audit.destinations).filter {
            destination == nil || $0.destination == destination
        }
    }

    /// Whether everything adds up.
    package var isBalanced: Bool { audit.isBalanced && rows.allSatisfy { $0.difference == 0 } }

    /// The report for people: accepted = pending + delivered + dead + expired + purged + damaged + skipped.
    /// - Parameter width: where lines are cut; nil for nowhere.
    package func text(style: TextStyle, width: Int? = nil) -> String {
        let hasClients = rows.contains { $0.client != nil }
        // What is zero everywhere would only make the table too wide for a terminal.
        let outcomes = Outcome.allCases.filter { outcome in
            outcome == .delivered || rows.contains { $0.outcomes[outcome] != 0 }
        }
        var columns: [(heading: String, alignment: TextTable.Alignment)] = [("ACCEPTED", .right), ("PENDING", .right)]
        columns += outcomes.map { ($0.name.uppercased(), .right) }
        columns += [("DIFFERENCE", .right), ("DESTINATION", .left)]
        if hasClients { columns.append(("CLIENT", .left)) }
        var table = TextTable(columns)
        for row in rows {
            var cells = [HumaneText.count(row.accepted), HumaneText.count(row.pending)]
            cells += outcomes.map { HumaneText.count(row.outcomes[$0]) }
            cells += [HumaneText.count(row.difference), row.destination]
            if hasClients { cells.append(Self.client(row)) }
            table.add(cells)
        }
        return (table.isEmpty ? "" : table.text(style: style, width: width)) + verdict(style)
    }

    private func verdict(_ style: TextStyle) -> String {
        var text = ""
        for note in audit.notes { text += style.detail("note: \(TerminalText.clean(note))") + "\n" }
        for row in rows where row.difference != 0 {
            let place = row.client == nil ? row.destination : "\(row.destination), client \(Self.client(row))"
            text += style.failure("does not balance") + " at \(TerminalText.clean(place)): \(Self.explain(row))\n"
        }
        for difference in audit.differences {
            text += style.failure("does not add up") + ": \(TerminalText.clean(difference))\n"
        }
        guard isBalanced, !rows.isEmpty else { return text }
        return text + style.good("balanced") + ": every accepted event is accounted for\n"
    }

    /// Which side is off by how much.
    private static func explain(_ row: SpoolAudit.Row) -> String {
        let amount = HumaneText.events(Int64(clamping: row.difference.magnitude))
        let known = HumaneText.count(row.accepted &- row.difference)
        let accepted = HumaneText.count(row.accepted)
        return row.difference > 0
            ? "\(amount) accepted and not accounted for (\(known) of \(accepted) are)"
            : "\(amount) more accounted for than accepted (\(known) instead of \(accepted))"
    }

    private static func client(_ row: SpoolAudit.Row) -> String {
        let name = row.client.flatMap { $0.isEmpty ? nil : $0 } ?? "(unknown)"
        return row.source.flatMap { $0.isEmpty ? nil : $0 }.map { "\(name) (\($0))" } ?? name
    }

    /// The report for programs. Names are stable.
    package var json: JSONValue {
        .members([
            ("spool", .string(spool)), ("at", .string(RFC3339.format(at))), ("balanced", .bool(isBalanced)),
            ("differences", .array(audit.differences.map { .string($0) })),
            ("notes", .array(audit.notes.map { .string($0) })), ("accounts", .array(rows.map(Self.json))),
        ])
    }

    private static func json(_ row: SpoolAudit.Row) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("destination", .string(row.destination)), .init("configured", .bool(row.isActive)),
            .init("client", .optional(row.client)), .init("source", .optional(row.source)),
            .init("accepted", .number(row.accepted)), .init("pending", .number(row.pending)),
        ]
        for outcome in Outcome.allCases { members.append(.init(outcome.name, .number(row.outcomes[outcome]))) }
        members.append(.init("difference", .number(row.difference)))
        return .object(members)
    }
}
