internal import Contract
internal import GRPCCore
internal import Observing
internal import Store
internal import Synchronization

/// The responses of one stream on their way out, in the order of its batches: each is written once its batch is durable.
///
/// The reading side never waits for the writing side, because an exporter that reads nothing before it has half-closed
/// would then stall for ever. What is held meanwhile is bounded by `limitBytes`.
final class StreamAcknowledgements: Sendable {
    private struct Entry: Sendable {
        /// Nil for a batch that needed no commit.
        let ticket: CommitTicket?
        let outcome: BatchOutcome
        let response: [UInt8]
        /// Nil for a batch that is not recorded as a span.
        let span: OpenSpan?
    }

    private let limitBytes: Int
    private let call: CallRecord
    private let heldBytes = Atomic<Int>(0)
    private let entries: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init(limitBytes: Int, call: CallRecord) {
        self.limitBytes = limitBytes
        self.call = call
        // Bounded by `heldBytes`, not by the stream: a dropped response would be a lost acknowledgement.
        (entries, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Adds the response to a batch.
    /// - Throws: `RESOURCE_EXHAUSTED` when the client leaves more unread than the limit.
    func add(
        _ response: [UInt8], _ outcome: BatchOutcome, after ticket: CommitTicket?, span: OpenSpan? = nil
    ) throws(IngestFailure) {
        // An empty response still costs a place in the queue.
        let cost = response.count + Self.entryBytes
        guard heldBytes.wrappingAdd(cost, ordering: .relaxed).newValue <= limitBytes else {
            throw .unreadAcknowledgements(limitBytes)
        }
        continuation.yield(Entry(ticket: ticket, outcome: outcome, response: response, span: span))
    }

    /// No response follows.
    func finish() { continuation.finish() }

    /// Writes the responses until `finish()` and all are written.
    /// - Throws: `IngestFailure` when a batch did not become durable, or the transport's error when the client is gone.
    func write(to writer: RPCWriter<[UInt8]>) async throws {
        for await entry in entries {
            try await writer.write(try await response(of: entry))
            heldBytes.wrappingSubtract(entry.response.count + Self.entryBytes, ordering: .relaxed)
        }
    }

    private func response(of entry: Entry) async throws(IngestFailure) -> [UInt8] {
        var known: Int?
        defer { if let span = entry.span { call.spans.end(span, entry.outcome, duplicates: known, entry.ticket) } }
        let duplicates = try await entry.ticket?.durable() ?? []
        known = duplicates.count
        call.batchEnded(entry.outcome, duplicates: duplicates.count)
        guard !duplicates.isEmpty else { return entry.response }
        var response = entry.response
        DuplicateListing.append(duplicates, skipping: entry.outcome.acknowledgedRefusals, to: &response)
        return response
    }

    /// What one waiting response costs besides its bytes, roughly.
    private static let entryBytes = 64
}
