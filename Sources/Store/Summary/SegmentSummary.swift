/// What a sealed segment holds, without its payloads: its seal, and the header and sender of each batch.
///
/// A segment lives in its write-ahead log, and whoever opens it cold reads all of the log to find anything in it. With its
/// summary a look ahead over gigabytes of backlog reads kilobytes. It is an aid and no more: it is written after the seal
/// is durable, without a sync of its own, and a segment without one, or with one that does not add up, is opened.
struct SegmentSummary: Sendable, Hashable {
    struct Batch: Sendable, Hashable {
        let receivedAt: Int64
        /// Its stream's row.
        let stream: UInt32
        /// Accepted events.
        let events: UInt32
        /// Bytes of the message.
        let payloadBytes: UInt32
    }

    let number: UInt64
    private(set) var totals = SegmentTotals()
    /// By their row, which counts from 1.
    private(set) var senders: [StreamSender] = []
    /// By their number, which counts from 1.
    private(set) var batches: [Batch] = []

    /// Nothing yet.
    init(number: UInt64) {
        self.number = number
    }

    init(number: UInt64, totals: SegmentTotals, senders: [StreamSender], batches: [Batch]) {
        self.number = number
        self.totals = totals
        self.senders = senders
        self.batches = batches
    }

    /// The next batch; nothing is added when its numbers are beyond what a summary can say.
    mutating func add(receivedAt: Int64, stream: Int64, events: Int64, payloadBytes: Int64) {
        guard let stream = UInt32(exactly: stream), let events = UInt32(exactly: events),
            let payloadBytes = UInt32(exactly: payloadBytes)
        else { return }
        batches.append(Batch(receivedAt: receivedAt, stream: stream, events: events, payloadBytes: payloadBytes))
    }

    /// The next stream.
    mutating func add(_ sender: StreamSender) { senders.append(sender) }

    /// Forgets what a transaction that failed has added.
    mutating func roll(backToBatches batchCount: Int, streams: Int) {
        batches.removeLast(max(0, batches.count - batchCount))
        senders.removeLast(max(0, senders.count - streams))
    }

    /// Takes the segment's seal.
    /// - Returns: whether the summary is complete: it has as many batches and events as the seal counts.
    mutating func seal(_ totals: SegmentTotals) -> Bool {
        self.totals = totals
        return isComplete
    }

    /// Whether it has what its seal counts.
    var isComplete: Bool {
        Int64(batches.count) == totals.batches && batches.reduce(0) { $0 + Int64($1.events) } == totals.events
            && batches.allSatisfy { $0.stream >= 1 && $0.stream <= senders.count }
    }

    /// Headers of the batches after one, at most `limit`.
    func headers(after batch: Int64, limit: Int) -> [BatchHeader] {
        guard batch < totals.batches else { return [] }
        let first = Int(max(0, batch))
        return batches[first..<min(batches.count, first + max(0, limit))].enumerated().map { offset, row in
            BatchHeader(
                position: SpoolPosition(segment: number, batch: Int64(first + offset + 1)), stream: Int64(row.stream),
                receivedAt: row.receivedAt, events: Int64(row.events), payloadBytes: Int64(row.payloadBytes))
        }
    }

    /// Who sent what the headers stand for, by stream.
    func senders(of headers: [BatchHeader]) -> [Int64: StreamSender] {
        var found: [Int64: StreamSender] = [:]
        var last: Int64 = 0
        for header in headers where header.stream != last {
            last = header.stream
            found[last] = sender(stream: last)
        }
        return found
    }

    /// Who sent a batch; nil when there is no such batch.
    func sender(batch: Int64) -> StreamSender? {
        guard batch >= 1, batch <= totals.batches else { return nil }
        return sender(stream: Int64(batches[Int(batch - 1)].stream))
    }

    private func sender(stream: Int64) -> StreamSender? {
        stream >= 1 && stream <= senders.count ? senders[Int(stream - 1)] : nil
    }

    /// Accepted events by client, all of them waiting.
    func acceptedByClient() -> [ClientEvents] {
        var counts = [Int64](repeating: 0, count: senders.count)
        for batch in batches { counts[Int(batch.stream - 1)] &+= Int64(batch.events) }
        var byClient: [StreamSender: Int64] = [:]
        for (sender, events) in zip(senders, counts) where events > 0 { byClient[sender, default: 0] &+= events }
        return byClient.map { ClientEvents(name: $0.key.name, source: $0.key.source, events: $0.value) }
            .sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    }
}
