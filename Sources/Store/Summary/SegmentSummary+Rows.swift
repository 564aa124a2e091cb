extension SegmentSummary {
    /// The summary of an open segment, from its rows.
    /// - Returns: nil when the rows are not what a summary can say.
    static func reading(
        _ connection: Connection, number: UInt64, totals: SegmentTotals
    ) throws(StoreError) -> SegmentSummary? {
        var summary = SegmentSummary(number: number)
        let streams = try Statement(connection, "SELECT id, client, source FROM stream ORDER BY id")
        while try streams.step() {
            guard streams.integer(0) == Int64(summary.senders.count) + 1 else { return nil }
            summary.add(StreamSender(name: streams.text(1), source: streams.text(2)))
        }
        let batches = try Statement(
            connection, "SELECT id, received_at, stream, events, payload_bytes FROM batch ORDER BY id")
        while try batches.step() {
            guard batches.integer(0) == Int64(summary.batches.count) + 1 else { return nil }
            summary.add(
                receivedAt: batches.integer(1), stream: batches.integer(2), events: batches.integer(3),
                payloadBytes: batches.integer(4))
        }
        return summary.seal(totals) ? summary : nil
    }
}
