internal import Contract
internal import Store

/// Makes dead letters of events that a destination will never take.
enum DeadLetterMaker {
    /// The letter of a request with one event.
    static func letter(
        _ request: PackedRequest, at address: EventAddress, batch: StoredBatch, stream: WorkerSession.Stream,
        attempts: Int, now: Int64
    ) -> NewDeadLetter {
        let bytes = batch.withEvent(address.event) { [UInt8]($0) }
        let labels = EventLabels(ofEvent: bytes)
        var history = request.history
        if let problem = request.problem {
            history.append(AttemptFailure(at: now, code: problem.code, message: problem.message))
        }
        return NewDeadLetter(
            address: address, client: stream.client, stream: stream.record, receivedAt: batch.receivedAt,
            eventID: labels.id, feature: labels.feature, action: labels.action,
            reason: request.problem?.reason ?? "refused",
            code: request.problem?.code ?? history.last?.code ?? "invalid",
            message: request.problem?.message ?? history.last?.message ?? "", attempts: max(attempts, history.count),
            history: history, digest: labels.digest, bytes: bytes)
    }
}
