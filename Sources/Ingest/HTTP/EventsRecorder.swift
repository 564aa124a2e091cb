internal import Contract
internal import Store

/// Records the events of HTTP requests the way those of streams are: same scan, same rules, same spool.
struct EventsRecorder: Sendable {
    let intake: BatchIntake
    let admission: SenderAdmission
    let journal: CallJournal

    /// What the endpoint needs.
    var dependencies: EventsEndpoint.Dependencies {
        EventsEndpoint.Dependencies(
            authorise: { authorization, _ in await problem(with: authorization) },
            record: { await outcome(of: $0) },
            refused: { problem, sender in
                journal.metrics.callRefused(Self.refusal(of: problem))
                journal.noteRefusal(problem, of: sender)
            })
    }

    private func problem(with authorization: [String]) async -> EventsProblem? {
        do throws(IngestFailure) {
            try await admission.policy.authorise(authorization)
            return nil
        } catch {
            return EventsProblem(error)
        }
    }

    private func outcome(of batch: EventsBatch) async -> RecordOutcome {
        let headers = CallHeaders(traceparent: batch.traceparent)
        let call = journal.begin(.http, headers)
        do throws(IngestFailure) {
            let results = try await record(batch, headers, call: call)
            call.end(nil)
            return .results(results)
        } catch {
            call.end(error)
            return .failed(EventsProblem(error))
        }
    }

    private func record(
        _ batch: EventsBatch, _ headers: CallHeaders, call: CallRecord
    ) async throws(IngestFailure) -> [EventResult] {
        let sender = try admission.openAuthorised(metadata: batch.metadata, headers: headers)
        call.admitted(sender)
        var scanner = WireScanner()
        scanner.scope = sender.scope
        _ = try RequestReading.scan(batch.request, limits: admission.limits) { (bytes) throws(WireError) in
            try scanner.scan(bytes, acknowledgeRefused: false)
        }
        let outcome = BatchOutcome(scanner)
        call.noteVersion(batch.request, scanner)
        let ticket = try await intake.append(
            BatchIntake.batch(batch.request, scanner: scanner, stream: sender.stream))
        defer { if let span = call.span { call.spans.committed(ticket, below: span) } }
        let duplicates = try await ticket.durable()
        call.batchEnded(outcome, duplicates: duplicates.count)
        return Self.results(scanner, duplicates: duplicates)
    }

    /// One result for each event, in the order in which they were sent.
    private static func results(_ scanner: borrowing WireScanner, duplicates: [UInt32]) -> [EventResult] {
        var accepted = Array(repeating: EventResult.recorded, count: scanner.acceptedCount)
        for ordinal in duplicates { accepted[Int(ordinal)] = .duplicate }
        guard !scanner.refused.isEmpty else { return accepted }
        var results: [EventResult] = []
        var next = 0
        for event in scanner.refused {
            while next < accepted.count, scanner.acceptedIndex[2 * next] < event.offset {
                results.append(accepted[next])
                next += 1
            }
            results.append(
                .rejected(
                    EventRejection(
                        code: event.reason.name, field: event.reason.field, message: event.reason.message)))
        }
        return results + accepted[next...]
    }

    private static func refusal(of problem: EventsProblem) -> CallRefusal {
        if let reason = CallRefusal(rawValue: problem.code) { return reason }
        switch problem.status {
        case 401: return .unauthenticated
        case 403: return .permissionDenied
        case 413, 429: return .tooLarge
        case 408: return .cancelled
        case 500...: return .spoolUnavailable
        default: return .malformed
        }
    }
}
