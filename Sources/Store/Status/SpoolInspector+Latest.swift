extension SpoolInspector {
    /// Segments that are looked through at most: most have batches.
    private static let latestSegments = 4

    /// The batches that came in last, the newest first: as far as their segments are still on disk.
    /// - Parameters:
    ///   - limit: most batches.
    ///   - events: most events of a batch.
    ///   - maximumBytes: longest message that is read.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func latestBatches(
        limit: Int, events: Int, maximumBytes: Int64
    ) throws(StoreError) -> [LatestBatch] {
        try requireSpool()
        var batches: [LatestBatch] = []
        for number in try layout.segmentNumbers().suffix(Self.latestSegments).reversed() where batches.count < limit {
            do throws(StoreError) {
                guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
                    continue
                }
                let after = max(0, try reader.newestStoredBatch() - Int64(limit - batches.count))
                let headers = try reader.headers(after: after, limit: limit - batches.count).headers
                let senders = try reader.senders(of: headers)
                for header in headers.reversed() {
                    let batch =
                        header.payloadBytes <= maximumBytes ? try reader.batch(header.position.batch) : nil
                    batches.append(
                        LatestBatch(
                            receivedAt: header.receivedAt, sender: senders[header.stream], events: header.events,
                            payloadBytes: header.payloadBytes, first: batch?.firstEvents(events) ?? []))
                }
            } catch {
                if error.code == .newerVersion { throw error }
                // Gone meanwhile, or damaged: what is older can still be shown.
            }
        }
        return batches
    }
}

extension StoredBatch {
    fileprivate func firstEvents(_ limit: Int) -> [[UInt8]] {
        (0..<min(limit, eventCount)).map { event in withEvent(event) { [UInt8]($0) } }
    }
}
