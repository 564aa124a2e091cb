internal import Forwarder
internal import Runtime
internal import Store

/// Which dead letters a request's parameters mean. Strict: what is not understood must not become a filter that means
/// more.
enum LetterQuery {
    /// - Parameter query: `destination`, `state`, `reason`, `code`, `client`, `feature`, `action`, and `from` and `to` in
    ///   milliseconds since 1970.
    static func filter(
        _ query: OperationsQuery, kind: DeadLetter.Kind?
    ) throws(ConsoleRefusal) -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        filter.kind = kind
        if let text = query["state"] {
            guard let state = DeadLetter.State.allCases.first(where: { $0.name == text }) else {
                throw .invalid("“\(text)” is no state")
            }
            filter.state = state
        }
        filter.destination = query["destination"]
        filter.reason = query["reason"]
        filter.code = query["code"]
        filter.client = query["client"]
        filter.feature = query["feature"]
        filter.action = query["action"]
        filter.from = try time(query, "from")
        filter.to = try time(query, "to")
        return filter
    }

    /// The letter that a parameter names; nil without it.
    static func letter(_ query: OperationsQuery, _ name: String) throws(ConsoleRefusal) -> DeadLetterID? {
        guard let text = query[name] else { return nil }
        guard let id = DeadLetterID(text) else { throw .invalid("“\(text)” is no dead letter's id") }
        return id
    }

    private static func time(_ query: OperationsQuery, _ name: String) throws(ConsoleRefusal) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let milliseconds = Int64(text), !milliseconds.multipliedReportingOverflow(by: 1_000_000).overflow else {
            throw .invalid("“\(name)” is no time in milliseconds since 1970")
        }
        return milliseconds * 1_000_000
    }
}
