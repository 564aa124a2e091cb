internal import Contract
internal import GRPCCore
internal import RPC
internal import Store

/// `RecordEvents`: metadata first, then batches, each answered in order once it is durable.
struct RecordEventsHandler: Sendable {
    let intake: BatchIntake
    let admission: SenderAdmission
    let journal: CallJournal

    /// Answers one stream.
    func callAsFunction(
        _ request: StreamingServerRequest<[UInt8]>, _ context: ServerContext
    ) async throws -> StreamingServerResponse<[UInt8]> {
        let headers = CallHeaders(request.metadata)
        return StreamingServerResponse { writer in
            let call = journal.begin(.stream, headers)
            do {
                try await serve(request.messages, headers, call: call, writer: writer, context: context)
            } catch {
                call.end(error)
                throw error
            }
            call.end(nil)
            return [:]
        }
    }

    private func serve(
        _ messages: RPCAsyncSequence<[UInt8], any Error>, _ headers: CallHeaders, call: CallRecord,
        writer: RPCWriter<[UInt8]>, context: ServerContext
    ) async throws {
        let acknowledgements = StreamAcknowledgements(
            limitBytes: admission.limits.unreadAcknowledgementBytes, call: call)
        // Awaited below. Not a child task, because the end of the call must be able to cancel it alone: batches that
        // it has queued are still answered.
        let reading = Task { () throws -> Void in
            defer { acknowledgements.finish() }
            try await read(messages, headers, call: call, into: acknowledgements)
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
    }

    private func read(
        _ messages: RPCAsyncSequence<[UInt8], any Error>, _ headers: CallHeaders, call: CallRecord,
        into acknowledgements: StreamAcknowledgements
    ) async throws {
        var scanner = WireScanner()
        var sender: AdmittedSender?
        var batches = BatchSpans(call)
        var hasVersion = false
        for try await message in messages {
            batches.received()
            let acknowledgesRefused = sender?.acknowledgesRefused ?? false
            let payload = try RequestReading.scan(message, limits: admission.limits) { (bytes) throws(WireError) in
                try scanner.scan(bytes, acknowledgeRefused: acknowledgesRefused)
            }
            switch payload {
            case .none:
                continue
            case .metadata:
                guard sender == nil else { throw IngestFailure.metadataTwice }
                let bytes = message.withUnsafeBytes { scanner.metadataBytes(of: $0) }
                let admitted = try await admission.admit(metadata: bytes, headers: headers, as: .stream, for: call)
                scanner.scope = admitted.scope
                sender = admitted
            case .events:
                guard let sender else { throw IngestFailure.eventsFirst }
                let outcome = BatchOutcome(scanner)
                let response = scanner.acknowledgement
                let span = batches.begin()
                guard outcome.accepted > 0 || !outcome.refusals.isEmpty else {
                    try acknowledgements.add(response, outcome, after: nil, span: span)
                    continue
                }
                if !hasVersion {
                    hasVersion = true
                    call.noteVersion(message, scanner)
                }
                let batch = BatchIntake.batch(message, scanner: scanner, stream: sender.stream)
                try acknowledgements.add(response, outcome, after: try await intake.append(batch), span: span)
            }
        }
    }
}
