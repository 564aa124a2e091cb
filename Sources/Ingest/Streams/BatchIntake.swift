internal import Contract
internal import Runtime
internal import Store

/// The one way into the spool: scanned batches are admitted and queued for the writer.
struct BatchIntake: Sendable {
    let writer: SegmentWriter
    let admission: Admission
    let space: SpaceGuard

    /// Waits for admission, then queues a batch.
    /// - Returns: the ticket that says when it is durable.
    /// - Throws: at once, when there is no space for it.
    func append(_ batch: BatchRecord) async throws(IngestFailure) -> CommitTicket {
        try space.admit(client: batch.stream.record.client, payloadBytes: batch.payload.count)
        await admission.admit(batch.payload.count)
        return writer.append(batch)
    }

    /// A batch from a scanned message.
    static func batch(_ message: [UInt8], scanner: borrowing WireScanner, stream: StreamHandle) -> BatchRecord {
        BatchRecord(
            stream: stream, receivedAt: WallClock.now(), payload: message, index: scanner.acceptedIndex,
            quarantined: scanner.refused.map {
                QuarantineRecord($0.reason, event: $0.bytes, id: $0.id, of: message)
            }, fingerprints: scanner.fingerprints)
    }
}
