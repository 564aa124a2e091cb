internal import Contract
internal import GRPCCore
internal import RPC
internal import Runtime
internal import Store

/// `RecordEvent`: one event of a managed service; OK once it is durable.
struct RecordEventHandler: Sendable {
    let intake: BatchIntake
    let policy: IdentityPolicy
    let limits: IngestLimits

    /// Answers one call.
    func callAsFunction(
        _ request: StreamingServerRequest<[UInt8]>, _ context: ServerContext
    ) async throws -> StreamingServerResponse<[UInt8]> {
        var messages = request.messages.makeAsyncIterator()
        guard let message = try await messages.next() else { throw IngestFailure.requestMissing }
        try await record(message)
        return StreamingServerResponse(single: ServerResponse(message: []))
    }

    private func record(_ message: [UInt8]) async throws(RPCError) {
        let scan = try RequestReading.scan(message, limits: limits) { (bytes) throws(WireError) in
            try WireScanner().scanUnary(bytes)
        }
        guard let event = scan.event else { throw IngestFailure.eventMissing }
        guard let metadata = scan.metadata else { throw IngestFailure.identity(.identifierMissing) }
        let identity = try admit(metadata)
        let stream = StreamHandle(
            StreamRecord(
                client: identity.client, source: identity.source, metadata: metadata, openedAt: WallClock.now()))
        let batch = BatchRecord(
            stream: stream, receivedAt: WallClock.now(), payload: event,
            index: scan.refusal == nil ? [0, UInt32(event.count)] : [],
            quarantined: scan.refusal.map { [quarantine($0, event: event, id: scan.id)] } ?? [])
        let ticket = await intake.append(batch)
        do throws(StoreError) {
            try await ticket.committed()
        } catch {
            throw IngestFailure.notDurable(error)
        }
        if let refusal = scan.refusal {
            throw RPCError(code: .internalError, message: "failed to publish event: \(refusal.message)")
        }
    }

    private func admit(_ bytes: [UInt8]) throws(RPCError) -> Identity {
        let metadata = try RequestReading.metadata(bytes)
        // Instances have their own queue and the stream; only managed services use this call.
        let identity = try policy.identity(of: metadata)
        guard case .managedService = identity else { throw IngestFailure.unsupportedIdentifier }
        try policy.admit(identity)
        return identity
    }

    private func quarantine(_ refusal: RefusalReason, event: [UInt8], id: Range<Int>) -> QuarantineRecord {
        QuarantineRecord(
            offset: 0, length: event.count, reason: refusal.code.rawValue, detail: refusal.message,
            eventID: Array(event[id]))
    }
}
