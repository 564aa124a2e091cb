/// Measures a spool, on a thread of its own: a disk that hangs holds up nobody else.
package actor SpaceSurvey {
    private let layout: SpoolLayout
    private let executor: ThreadExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a survey of a spool.
    /// - Throws: `io` when there is no thread to be had.
    package init(layout: SpoolLayout) throws(StoreError) {
        self.layout = layout
        executor = try ThreadExecutor(name: "space-survey")
    }

    /// Measures now.
    /// - Parameter askingLedger: whether the ledger's file is asked which segments are retained; the process that writes
    ///   the ledger knows it without.
    /// - Throws: `io` when the segments can not be listed.
    package func measure(askingLedger: Bool) throws(StoreError) -> SpaceMeasurement {
        // Segments before the ledger: what is closed and unlinked meanwhile then still counts as retained.
        let numbers = try layout.segmentNumbers()
        var retained: Set<UInt64> = []
        var problem: String?
        if askingLedger {
            do throws(StoreError) {
                retained = try retainedSegments()
            } catch {
                problem = error.message
            }
        }
        return SpaceMeasurement(
            segments: numbers.map {
                SpaceMeasurement.Segment(
                    number: $0, bytes: layout.bytesOnDisk($0), isRetained: retained.contains($0))
            }, fileSystem: try FileSystemSpace.measured(layout.segmentsDirectory), problem: problem)
    }

    /// Payload bytes of a segment by client. It reads the head of each batch's row, and no more of it.
    /// - Throws: what keeps the segment from being read.
    package func payloadBytes(segment: UInt64) throws(StoreError) -> [String: Int64] {
        guard let reader = try SegmentReader.open(path: layout.segmentPath(segment), number: segment) else {
            return [:]
        }
        let select = try Statement(
            reader.connection,
            """
            SELECT stream.client, bytes FROM
                (SELECT stream AS id, sum(payload_bytes) AS bytes FROM batch GROUP BY stream)
            JOIN stream USING (id)
            """)
        var clients: [String: Int64] = [:]
        while try select.step() {
            let sum = clients[select.text(0), default: 0].addingReportingOverflow(max(0, select.integer(1)))
            clients[select.text(0)] = sum.overflow ? .max : sum.partialValue
        }
        return clients
    }

    private func retainedSegments() throws(StoreError) -> Set<UInt64> {
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return [] }
        defer { ledger.close() }
        let select = try Statement(ledger, "SELECT segment FROM finished_segment")
        var segments: Set<UInt64> = []
        while try select.step() { segments.insert(UInt64(bitPattern: select.integer(0))) }
        return segments
    }
}
