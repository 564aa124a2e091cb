import Contract
import Runtime
import SwiftProtobuf
import TestSupport

@testable import Ingest

/// The rest of ingest, as far as the endpoint sees it.
struct FakeIngest: Sendable {
    let batches = Recorder<EventsBatch>()
    let refusals = Recorder<EventsProblem>()
    var authorisation: EventsProblem?
    /// What is said of the events; nil for "all recorded".
    var outcome: RecordOutcome?

    /// The endpoint, and what it is given.
    func endpoint(limits: EventsLimits = EventsLimits()) -> EventsEndpoint {
        let (batches, refusals, authorisation, outcome) = (batches, refusals, authorisation, outcome)
        return EventsEndpoint(
            EventsEndpoint.Dependencies(
                authorise: { values, _ in
                    if let authorisation { return authorisation }
                    return values == ["Bearer t"]
                        ? nil : EventsProblem(status: 401, code: "unauthenticated", detail: "no token header value")
                },
                record: { batch in
                    batches.record(batch)
                    return outcome ?? .results(Array(repeating: .recorded, count: batch.eventCount))
                },
                refused: { problem, _ in refusals.record(problem) }), limits: limits)
    }
}

/// A request as a good client sends it.
func eventsRequest(
    _ body: String, type: String? = "application/x-ndjson", service: String? = "svc", token: String? = "Bearer t",
    further: [(name: String, value: String)] = []
) -> OperationsRequest {
    let fields = [("Content-Type", type), ("X-Service-Id", service), ("Authorization", token)]
    return OperationsRequest(
        method: "POST", path: "/v1/events",
        headers: OperationsHeaders(
            fields.compactMap { field in field.1.map { (name: field.0, value: $0) } } + further),
        body: OperationsBody(Array(body.utf8)))
}

/// Lines of events with these ids.
func lines(_ ids: String...) -> String {
    ids.map {
        #"{"id":"\#($0)","feature":"cody.chat","action":"opened","timestamp":"2026-01-31T23:59:59Z"}"# + "\n"
    }.joined()
}
