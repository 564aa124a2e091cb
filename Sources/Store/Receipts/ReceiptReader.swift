/// Reads receipts; a forwarder may be running or not. Blocking.
struct ReceiptReader {
    let layout: SpoolLayout

    /// All that is known of deliveries of a segment to a destination, oldest first.
    /// - Throws: `io`.
    func records(segment: UInt64, destination: Int64) throws(StoreError) -> [ReceiptRecord] {
        let bytes = try ReceiptFile.bytes(ReceiptFile.path(layout, segment: segment, destination: destination))
        var cursor = ReceiptCursor(bytes[...])
        var records: [ReceiptRecord] = []
        while let record = ReceiptRecord.next(&cursor) { records.append(record) }
        return records
    }

    /// The last receipt of an event; nil for none.
    /// - Throws: `io`.
    func receipt(
        segment: UInt64, batch: Int64, event: Int, destination: Int64
    ) throws(StoreError) -> EventReceipt? {
        try records(segment: segment, destination: destination).lazy.reversed()
            .compactMap { $0.receipt(batch: batch, event: event) }.first
    }
}
