import Contract
import Foundation
import Runtime
import SwiftProtobuf
import TestSupport
import Testing

@testable import Ingest

/// `POST /v1/events`, every status of it.
@Suite struct HTTPEventsTests {
    /// What a problem says, as its reader parses it.
    private struct Problem: Decodable, Equatable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var code: String
    }

    private func problem(_ response: OperationsResponse) throws -> Problem {
        #expect(response.contentType == "application/problem+json")
        let problem = try JSONDecoder().decode(Problem.self, from: Data(response.body))
        #expect(problem.status == response.status && problem.type == "about:blank" && !problem.title.isEmpty)
        return problem
    }

    @Test func eventsAreRecorded() async throws {
        let ingest = FakeIngest()
        let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let response = await ingest.endpoint().respond(
            to: eventsRequest(
                lines("a", "b"),
                further: [
                    ("X-Service-Environment", "prod"), ("X-Request-Id", "r-1"), ("traceparent", traceparent),
                ]))
        #expect(response.status == 200 && response.contentType == "application/json")
        #expect(
            response.text
                == #"{"results":[{"id":"a","status":"recorded"},{"id":"b","status":"recorded"}],"#
                + #""recorded":2,"duplicates":0,"rejected":0}"# + "\n")
        #expect(response.headers["X-Request-Id"] == "r-1")

        let batch = try #require(ingest.batches.values.first)
        #expect(ingest.batches.values.count == 1 && batch.eventCount == 2 && batch.traceparent == traceparent)
        #expect(batch.sender.identity == .managedService(serviceID: "svc", environment: "prod"))
        let metadata = try StreamMetadata(bytes: batch.metadata)
        #expect(metadata.requestID == "r-1")
        #expect(try metadata.identity == batch.sender.identity)
        let request = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: batch.request)
        #expect(request.events.events.map(\.id) == ["a", "b"])
        #expect(ingest.refusals.values.isEmpty)
    }

    @Test func everyKindOfResultIsTold() async throws {
        var ingest = FakeIngest()
        ingest.outcome = .results([
            .recorded, .duplicate,
            .rejected(
                EventRejection(code: "feature_action_malformed", field: "feature", message: "say \"less\"")),
        ])
        let events = lines("a", "b", "c").split(separator: "\n").map(String.init)
        let body = "[\(events[0]),7,\(events[1]),{\"newer\":1},\(events[2])]"
        let response = await ingest.endpoint().respond(to: eventsRequest(body, type: "application/json; charset=utf-8"))
        #expect(response.status == 200)
        let offset = events[0].utf8.count + 2
        let expected = [
            #"{"results":[{"id":"a","status":"recorded"},"#,
            #"{"element":2,"offset":\#(offset),"status":"rejected","code":"not_an_object","#,
            #""message":"element 2 is no JSON object; an event is {\"id\":\"…\",\"feature\":\"…\",…}","retryable":false},"#,
            #"{"id":"b","status":"duplicate"},"#,
            #"{"element":4,"offset":\#(offset + 3 + events[1].utf8.count),"status":"rejected","code":"unknown_field","#,
            #""message":"element 4 has the field \"newer\", which the contract does not have; leave it out, or check its "#,
            #"spelling","retryable":false},"#,
            #"{"id":"c","status":"rejected","code":"feature_action_malformed","field":"feature","#,
            #""message":"say \"less\"","retryable":false}],"recorded":1,"duplicates":1,"rejected":3}"#, "\n",
        ].joined()
        #expect(response.text == expected)
        #expect(try JSONSerialization.jsonObject(with: Data(response.body)) is [String: Any])
    }

    @Test(arguments: [("", "application/x-ndjson"), ("\n\n", "application/x-ndjson"), ("[]", "application/json")])
    func nothingIsAnsweredWithNothing(body: String, type: String) async {
        let ingest = FakeIngest()
        let response = await ingest.endpoint().respond(to: eventsRequest(body, type: type))
        #expect(response.status == 200)
        #expect(response.text == "{\"results\":[],\"recorded\":0,\"duplicates\":0,\"rejected\":0}\n")
        #expect(ingest.batches.values.isEmpty)
    }

    @Test func itemsThatAreNoEventsNeedNoSpool() async {
        var ingest = FakeIngest()
        ingest.outcome = .failed(EventsProblem(status: 503, code: "spool_full", detail: ""))
        let response = await ingest.endpoint().respond(to: eventsRequest("{\"a\":1}\n"))
        #expect(response.status == 200 && response.text.contains(#""line":1,"offset":0,"status":"rejected""#))
        #expect(response.text.hasSuffix("\"rejected\":1}\n"))
    }

    @Test(arguments: [
        (eventsRequest("[", type: "application/json"), 400, "truncated_json"),
        (eventsRequest("", type: "application/json"), 400, "empty_body"),
        (eventsRequest("[]", type: "application/x-ndjson"), 400, "wrong_shape"),
        (eventsRequest(lines("a"), service: nil), 400, "service_id_missing"),
        (eventsRequest(lines("a"), service: ""), 400, "service_id_missing"),
        (eventsRequest(lines("a"), further: [("x-service-id", "other")]), 400, "header_repeated"),
        (eventsRequest(lines("a"), service: String(repeating: "s", count: 257)), 400, "header_too_long"),
        (eventsRequest(lines("a"), token: nil), 401, "unauthenticated"),
        (eventsRequest(lines("a"), type: nil), 415, "content_type_unsupported"),
        (eventsRequest(lines("a"), type: "text/plain"), 415, "content_type_unsupported"),
        (eventsRequest(lines("a"), further: [("Content-Type", "text/plain")]), 415, "content_type_unsupported"),
    ]) func badRequests(request: OperationsRequest, status: Int, code: String) async throws {
        let ingest = FakeIngest()
        let response = await ingest.endpoint().respond(to: request)
        let problem = try problem(response)
        #expect(problem.status == status && problem.code == code)
        #expect((response.headers["WWW-Authenticate"] != nil) == (status == 401))
        #expect(ingest.batches.values.isEmpty)
        #expect(ingest.refusals.values.map(\.code) == [code])
    }

    /// What the rest of ingest says is passed on as it is, before or after the body was read.
    @Test(arguments: [
        EventsProblem(status: 403, code: "permission_denied", detail: "permission denied"),
        EventsProblem(status: 503, code: "spool_full", detail: "the spool is full", retryAfterSeconds: 5),
        EventsProblem(status: 429, code: "busy", detail: "later", retryAfterSeconds: 1),
    ]) func problemsOfTheRest(refusal: EventsProblem) async throws {
        for isAuthorisation in [true, false] {
            var ingest = FakeIngest()
            if isAuthorisation {
                ingest.authorisation = refusal
            } else {
                ingest.outcome = .failed(refusal)
            }
            let response = await ingest.endpoint().respond(to: eventsRequest(lines("a")))
            let problem = try problem(response)
            #expect(problem.status == refusal.status && problem.code == refusal.code)
            #expect(problem.detail == refusal.detail)
            #expect(response.headers["Retry-After"] == refusal.retryAfterSeconds.map(String.init))
            #expect(ingest.batches.values.count == (isAuthorisation ? 0 : 1))
            #expect(ingest.refusals.values == [refusal])
        }
    }

    @Test func aRecorderThatForgetsEventsIsADefect() async throws {
        var ingest = FakeIngest()
        ingest.outcome = .results([.recorded])
        let response = await ingest.endpoint().respond(to: eventsRequest(lines("a", "b")))
        #expect(try problem(response).status == 500)
    }

    @Test func theLimitsHold() async throws {
        let body = lines("a", "b")
        var limits = EventsLimits()
        limits.body.bodyBytes = body.utf8.count
        #expect(await FakeIngest().endpoint(limits: limits).respond(to: eventsRequest(body)).status == 200)
        limits.body.bodyBytes -= 1
        let larger = await FakeIngest().endpoint(limits: limits).respond(to: eventsRequest(body))
        #expect(try problem(larger).code == "body_too_large" && larger.status == 413)
        limits = EventsLimits()
        limits.body.items = 1
        let more = await FakeIngest().endpoint(limits: limits).respond(to: eventsRequest(body))
        #expect(try problem(more).code == "too_many_items" && more.status == 413)

        limits = EventsLimits()
        limits.bodyBytesInFlight = body.utf8.count
        let endpoint = FakeIngest().endpoint(limits: limits)
        // What was taken is given back, whatever the end was.
        for request in [eventsRequest(body), eventsRequest("x" + lines("a")), eventsRequest(body)] {
            _ = await endpoint.respond(to: request)
            #expect(endpoint.bodyBytesInFlight == 0)
        }
        let busy = await endpoint.respond(to: eventsRequest(body + "\n"))
        #expect(try problem(busy).code == "busy" && busy.status == 429 && busy.headers["Retry-After"] == "1")
        #expect(endpoint.bodyBytesInFlight == 0)
    }

    @Test func requestIDsAreMadeUp() async throws {
        let ingest = FakeIngest()
        var ids: Set<String> = []
        for _ in 0..<20 {
            let response = await ingest.endpoint().respond(to: eventsRequest(lines("a")))
            ids.insert(try #require(response.headers["X-Request-Id"]))
        }
        #expect(ids.count == 20 && Set(ingest.batches.values.map(\.sender.requestID)) == ids)
        #expect(ingest.batches.values.allSatisfy { $0.sender.environment == nil && $0.traceparent == nil })
    }
}
