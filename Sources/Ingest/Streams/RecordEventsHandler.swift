internal import Contract
internal import GRPCCore
internal import RPC
internal import Runtime
internal import Store

/// `RecordEvents`: metadata first, then batches, each answered in order once it is durable.
struct RecordEventsHandler: Sendable {
    let intake: BatchIntake
    let policy: IdentityPolicy
    let limits: IngestLimits

    /// Answers one stream.
    func callAsFunction(
        _ request: StreamingServerRequest<[UInt8]>, _ context: ServerContext
    ) async throws -> StreamingServerResponse<[UInt8]> {
        StreamingServerResponse { writer in
            let acknowledgements = StreamAcknowledgements(limitBytes: limits.unreadAcknowledgementBytes)
            // Awaited below. Not a child task, because the end of the call must be able to cancel it alone: batches that
            // it has queued are still answered.
            let reading = Task { () throws -> Void in
                defer { acknowledgements.finish() }
                try await read(request.messages, into: acknowledgements)
            }
            try await withRPCCancellationHandler {
                do {
                    try await acknowledgements.write(to: writer)
                } catch {
                    reading.cancel()
                    // What the reader says then is about its own cancellation.
                    _ = await reading.result
                    throw error
                }
            } onCancelRPC: {
                reading.cancel()
            }
            let outcome = await reading.result
            // The client is gone, or the process is stopping: then the reader was interrupted, and not by an error.
            if context.cancellation.isCancelled { throw IngestFailure.shuttingDown }
            try outcome.get()
            return [:]
        }
    }

    private func read(
        _ messages: RPCAsyncSequence<[UInt8], any Error>, into acknowledgements: StreamAcknowledgements
    ) async throws {
        var scanner = WireScanner()
        var stream: (handle: StreamHandle, acknowledgesRefused: Bool)?
        for try await message in messages {
            let acknowledgeRefused = stream?.acknowledgesRefused ?? false
            let payload = try RequestReading.scan(message, limits: limits) { (bytes) throws(WireError) in
                try scanner.scan(bytes, acknowledgeRefused: acknowledgeRefused)
            }
            switch payload {
            case .none:
                continue
            case .metadata:
                guard stream == nil else { throw IngestFailure.metadataTwice }
                stream = try open(message.withUnsafeBytes { scanner.metadataBytes(of: $0) })
            case .events:
                guard let stream else { throw IngestFailure.eventsFirst }
                let response = scanner.acknowledgement
                guard scanner.acceptedCount > 0 || !scanner.refused.isEmpty else {
                    try acknowledgements.add(response, after: nil)
                    continue
                }
                let batch = BatchIntake.batch(message, scanner: scanner, stream: stream.handle)
                try acknowledgements.add(response, after: await intake.append(batch))
            }
        }
    }

    private func open(_ bytes: [UInt8]) throws(RPCError) -> (handle: StreamHandle, acknowledgesRefused: Bool) {
        let metadata = try RequestReading.metadata(bytes)
        let identity = try policy.identity(of: metadata)
        try policy.admit(identity)
        let record = StreamRecord(
            client: identity.client, source: identity.source, metadata: bytes, openedAt: WallClock.now())
        // Instances resend for ever what is not acknowledged; a managed service can mend its event and send it again.
        if case .managedService = identity { return (StreamHandle(record), false) }
        return (StreamHandle(record), true)
    }
}
