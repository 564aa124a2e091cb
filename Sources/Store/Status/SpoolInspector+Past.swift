extension SpoolInspector {
    /// Stored events of a time: all that a replay of it could send. Damaged batches count as far as their rows tell.
    /// - Parameters:
    ///   - from: events received from here on, in nanoseconds since 1970 …
    ///   - to: … and before this.
    ///   - client: only this one's; nil for all.
    ///   - position: only what lies after it.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func storedEvents(
        from: Int64, to: Int64, client: String?, after position: SpoolPosition = .start
    ) throws(StoreError) -> (events: Int64, bytes: Int64) {
        try requireSpool()
        var sum: (events: Int64, bytes: Int64) = (0, 0)
        for number in try layout.segmentNumbers() where number >= position.segment {
            guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
                continue
            }
            let select = try Statement(
                reader.connection,
                """
                SELECT coalesce(sum(batch.events), 0), coalesce(sum(batch.payload_bytes), 0)
                FROM batch JOIN stream ON stream.id = batch.stream
                WHERE batch.received_at >= ?1 AND batch.received_at < ?2 AND (?3 IS NULL OR stream.client = ?3)
                    AND batch.id > ?4
                """)
            try select.bind(1, from)
            try select.bind(2, to)
            if let client { try select.bind(3, client) }
            try select.bind(4, number == position.segment ? position.batch : 0)
            guard try select.step() else { continue }
            sum.events &+= select.integer(0)
            sum.bytes &+= select.integer(1)
        }
        return sum
    }
}
