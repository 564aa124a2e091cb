internal import Contract
internal import Runtime

/// `POST /v1/events`: events of managed services that have no gRPC, as NDJSON or a JSON array of protojson events. The
/// answer comes after the durable commit and says of each event what became of it. `docs/http.md` is its user's page.
struct EventsEndpoint: Sendable {
    /// What the endpoint needs of the rest of ingest.
    struct Dependencies: Sendable {
        /// Checks the token: the values of the Authorization header, and who says to be sending. A problem or nil.
        var authorise: @Sendable (_ authorization: [String], _ sender: EventsSender) async -> EventsProblem?
        /// Records the events and returns once they are durable.
        var record: @Sendable (EventsBatch) async -> RecordOutcome
        /// Told of every request that is refused as a whole, by whomever; the sender where it has said who it is.
        var refused: @Sendable (EventsProblem, EventsSender?) -> Void = { _, _ in }
    }

    /// Where it answers.
    static let path = "/v1/events"

    private let dependencies: Dependencies
    private let limits: EventsLimits
    private let budget: BodyBudget

    init(_ dependencies: Dependencies, limits: EventsLimits = EventsLimits()) {
        self.dependencies = dependencies
        self.limits = limits
        budget = BodyBudget(limit: limits.bodyBytesInFlight)
    }

    /// Bytes of bodies in hand, for a gauge.
    var bodyBytesInFlight: Int { budget.bytes }

    /// The route for an operations server.
    var route: OperationsRoute { .post(Self.path) { await respond(to: $0) } }

    /// Answers one request.
    func respond(to request: OperationsRequest) async -> OperationsResponse {
        var known: EventsSender?
        var response: OperationsResponse
        do throws(EventsProblem) {
            let sender = try EventsSender(request.headers, limit: limits.headerBytes)
            known = sender
            if let problem = await dependencies.authorise(request.headers["authorization"], sender) { throw problem }
            let format = try format(of: request)
            response = try await answer(request, from: sender, format: format)
        } catch {
            dependencies.refused(error, known)
            response = error.response
        }
        response.headers["X-Request-Id"] = known?.requestID
        return response
    }

    private func format(of request: OperationsRequest) throws(EventsProblem) -> EventBodyFormat {
        let types = request.headers["content-type"]
        guard types.count == 1, let format = EventBodyFormat(contentType: types[0]) else { throw .contentType }
        return format
    }

    private func answer(
        _ request: OperationsRequest, from sender: EventsSender, format: EventBodyFormat
    ) async throws(EventsProblem) -> OperationsResponse {
        // Held until the answer is there: until then the bytes are, in one shape or another.
        var taken = 0
        defer { budget.giveBack(taken) }
        let bytes: [UInt8]
        do throws(OperationsBodyError) {
            bytes = try await request.body.collect(upTo: limits.body.bodyBytes) { count in
                guard budget.take(count) else { return false }
                taken += count
                return true
            }
        } catch {
            throw EventsProblem(error)
        }
        let body = try await decode(bytes, format: format)
        let results = try await record(body, request, from: sender)
        return EventsAnswer(body.items, format: format, results: results).response
    }

    private func decode(_ bytes: [UInt8], format: EventBodyFormat) async throws(EventsProblem) -> EventBody {
        do throws(EventBodyError) {
            var body = try EventBody(bytes, format: format, limits: limits.body)
            while try body.decode(portion: limits.decodedPortionBytes) { await Task.yield() }
            return body
        } catch {
            throw EventsProblem(error)
        }
    }

    private func record(
        _ body: EventBody, _ request: OperationsRequest, from sender: EventsSender
    ) async throws(EventsProblem) -> [EventResult] {
        guard body.eventCount > 0 else { return [] }
        guard let metadata = sender.metadata else { throw .defect }
        let traceparents = request.headers["traceparent"]
        let outcome = await dependencies.record(
            EventsBatch(
                sender: sender, metadata: metadata, request: body.request, eventCount: body.eventCount,
                traceparent: traceparents.count == 1 ? traceparents[0] : nil))
        switch outcome {
        case .failed(let problem): throw problem
        case .results(let results):
            guard results.count == body.eventCount else { throw .defect }
            return results
        }
    }
}
