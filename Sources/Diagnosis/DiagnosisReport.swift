package import Contract
internal import Runtime
internal import Store

/// The answer to a query: one diagnosis for each sender or place.
package struct DiagnosisReport: Sendable, Hashable {
    /// What was asked.
    package let query: DiagnosisQuery
    /// When, in nanoseconds since 1970.
    package let at: Int64
    /// At least one.
    package let diagnoses: [Diagnosis]

    /// Makes a report.
    package init(query: DiagnosisQuery, at: Int64, diagnoses: [Diagnosis]) {
        self.query = query
        self.at = at
        self.diagnoses = diagnoses
    }

    /// The worst that was found.
    package var outcome: DiagnosisOutcome {
        if diagnoses.contains(where: { $0.outcome == .trouble }) { return .trouble }
        return diagnoses.contains { $0.outcome == .fine } ? .fine : .unknown
    }

    /// The report for programs. Names are stable.
    package var json: JSONValue {
        .members([
            ("query", .members([(query.parameter.name, .string(query.parameter.value))])),
            ("at", .string(RFC3339.format(at))), ("outcome", .string(outcome.rawValue)),
            ("diagnoses", .array(diagnoses.map(\.json))),
        ])
    }
}

extension Diagnosis {
    /// The diagnosis for programs. Names are stable.
    package var json: JSONValue {
        .members([
            ("subject", .string(subject)), ("outcome", .string(outcome.rawValue)),
            ("checks", .array(checks.map(\.json))), ("next", .array(next.map { .string($0) })),
            ("sender", sender?.json ?? .null), ("event", place?.json ?? .null),
        ])
    }
}

extension DiagnosisCheck {
    fileprivate var json: JSONValue {
        .members([
            ("id", .string(subject.rawValue)), ("title", .string(subject.title)),
            ("verdict", .string(verdict.rawValue)),
            ("text", .string(text)),
        ])
    }
}

extension EventPlace {
    fileprivate var json: JSONValue {
        .members([
            ("segment", .number(Int64(bitPattern: segment))), ("batch", .number(batch)),
            ("event", .number(Int64(event))), ("received_at", .string(RFC3339.format(receivedAt))),
            ("client", .string(client)), ("source", .string(source)),
            ("quarantined", refusal.map { .string($0.reason) } ?? .null),
            ("destinations", .array(destinations.map(\.json))),
        ])
    }
}

extension EventPlace.Destination {
    fileprivate var json: JSONValue {
        var receipt: EventReceipt?
        var letter: Int64?
        let name: String
        switch fate {
        case .waiting: name = "waiting"
        case .delivered(let known):
            name = "delivered"
            receipt = known
        case .dead(let number, _, _):
            name = "dead"
            letter = number
        case .resolved: name = "resolved"
        }
        return .members([
            ("destination", .string(self.name)), ("configured", .bool(isActive)), ("state", .string(name)),
            ("delivered_at", receipt.map { .string(RFC3339.format($0.deliveredAt)) } ?? .null),
            ("message_id", .optional(receipt?.messageID)), ("location", .optional(receipt?.place)),
            ("letter", letter.map { .number($0) } ?? .null),
        ])
    }
}
