internal import Contract
internal import GRPCCore
internal import RPC
internal import Runtime
internal import Store

/// `RecordEvent`: one event of a managed service; OK once it is durable.
struct RecordEventHandler: Sendable {
    let intake: BatchIntake
    let admission: SenderAdmission
    let journal: CallJournal

    /// Answers one call.
    func callAsFunction(
        _ request: StreamingServerRequest<[UInt8]>, _ context: ServerContext
    ) async throws -> StreamingServerResponse<[UInt8]> {
        let headers = CallHeaders(request.metadata)
        let call = journal.begin(.unary, headers)
        do {
            var messages = request.messages.makeAsyncIterator()
            guard let message = try await messages.next() else { throw IngestFailure.requestMissing }
            try await record(message, headers, call: call)
        } catch {
            call.end(error)
            throw error
        }
        call.end(nil)
        return StreamingServerResponse(single: ServerResponse(message: []))
    }

    private func record(_ message: [UInt8], _ headers: CallHeaders, call: CallRecord) async throws(IngestFailure) {
        let scan = try RequestReading.scan(message, limits: admission.limits) { (bytes) throws(WireError) in
            try WireScanner().scanUnary(bytes)
        }
        guard let event = scan.event else { throw .eventMissing }
        guard let metadata = scan.metadata else { throw .identity(.identifierMissing) }
        let sender = try await admission.admit(metadata: metadata, headers: headers, as: .unary, for: call)
        event.withUnsafeBytes { call.noteVersion(of: $0) }
        let refusal = scan.refusal
        let batch = BatchRecord(
            stream: sender.stream, receivedAt: WallClock.now(), payload: event,
            index: refusal == nil ? [0, UInt32(event.count)] : [],
            quarantined: refusal.map { [QuarantineRecord($0, event: event.indices, id: scan.id, of: event)] } ?? [],
            fingerprints: refusal == nil ? fingerprint(event, sender) : [])
        let ticket = try await intake.append(batch)
        defer { if let span = call.span { call.spans.committed(ticket, below: span) } }
        let duplicates = try await ticket.durable()
        call.batchEnded(
            BatchOutcome(accepted: refusal == nil ? 1 : 0, refusals: refusal.map { [$0.code] } ?? []),
            duplicates: duplicates.count)
        if let refusal, !refusal.isAlwaysAcknowledged { throw .eventRefused(refusal) }
    }

    private func fingerprint(_ event: [UInt8], _ sender: AdmittedSender) -> [UInt64] {
        guard let (first, second) = event.withUnsafeBytes({ sender.scope.fingerprint(of: $0) }) else { return [] }
        return [first, second]
    }
}
