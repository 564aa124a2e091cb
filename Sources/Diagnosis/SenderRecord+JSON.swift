package import Contract
internal import Runtime
package import Store

extension SenderRecord {
    /// The sender for programs. Names are stable; times are RFC 3339.
    package var json: JSONValue {
        func time(_ nanoseconds: Int64?) -> JSONValue {
            nanoseconds.map { .string(RFC3339.format($0)) } ?? .null
        }
        func seconds(_ seconds: Int64?) -> JSONValue {
            guard let seconds else { return .null }
            let (nanoseconds, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            return isBeyond ? .number(seconds) : .string(RFC3339.format(nanoseconds, fraction: .seconds))
        }
        func reasons(_ reasons: [SenderReason]) -> JSONValue {
            .object(reasons.map { .init($0.reason, .number($0.count)) })
        }
        return .members([
            ("source", .string(source)), ("client", .string(client)), ("kind", .string(kind.rawValue)),
            ("external_url", .string(externalURL)), ("environment", .string(environment)),
            ("version", .string(version)),
            (
                "licence",
                licence.map {
                    .members([
                        ("digest", .string($0.digest)), ("tags", .array($0.tags.map { .string($0) })),
                        ("created_at", seconds($0.createdAt)), ("expires_at", seconds($0.expiresAt)),
                    ])
                } ?? .null
            ),
            ("first_seen_at", time(firstSeenAt)), ("last_seen_at", time(lastSeenAt)),
            ("last_stream_at", time(lastStreamAt)), ("last_events_at", time(lastEventsAt)),
            ("last_origin", .optional(lastOrigin?.name)), ("streams", .number(streams)),
            ("batches", .number(batches)), ("accepted", .number(accepted)), ("quarantined", .number(quarantined)),
            ("duplicates", .number(duplicates)), ("refusals", .number(refusals)),
            (
                "last_refusal",
                lastRefusal.map {
                    .members([
                        ("at", time($0.at)), ("reason", .string($0.reason)), ("code", .string($0.code)),
                        ("message", .string($0.message)), ("licence", .string($0.licence)),
                    ])
                } ?? .null
            ),
            ("refusals_by_reason", reasons(refusalsByReason)),
            ("quarantined_by_reason", reasons(quarantinedByReason)),
        ])
    }
}

extension StreamRecord.Origin {
    fileprivate var name: String {
        switch self {
        case .stream: "stream"
        case .unary: "unary"
        case .http: "http"
        }
    }
}
