/// What a starting ingest does with the segment that the process before it left open.
struct UnsealedSegment {
    let layout: SpoolLayout

    /// Seals the newest segment when it is whole. Older ones are final without a seal: only the newest is ever written.
    /// - Returns: the newest segment's number, 0 when there is none.
    /// - Throws: only when the directory can not be read: a damaged segment must not keep ingest from starting.
    func sealNewest(now: Int64, observer: SegmentWriterObserver) throws(StoreError) -> UInt64 {
        guard let newest = try layout.segmentNumbers().last else { return 0 }
        do {
            try seal(newest, now: now, observer: observer)
        } catch {
            observer.leftUnsealed(newest, error)
        }
        return newest
    }

    private func seal(_ number: UInt64, now: Int64, observer: SegmentWriterObserver) throws(StoreError) {
        let connection = try SegmentFile.openForSealing(path: layout.segmentPath(number))
        defer { connection.close() }
        let version = try MigrationRunner(schema: .segment).checkedVersion(connection)
        // Writing a seal would overwrite commits that SQLite does not see.
        guard
            try !WriteAheadLog.hasUnreachableCommits(
                segmentPath: connection.path, beyond: connection.readableLogFrames())
        else {
            throw StoreError(.corrupt, "\(connection.path): the log is damaged; the forwarder salvages it")
        }
        // A process that died between creating the file and its schema has acknowledged nothing.
        guard version > 0 else { return }
        let sealed = try Statement(connection, "SELECT sealed_at FROM segment")
        guard try sealed.step(), sealed.isNull(0) else { return }
        sealed.reset()
        let totals = try SegmentReader.countedTotals(connection)
        let summary = try SegmentSummary.reading(connection, number: number, totals: totals)
        try OpenSegment.writeSeal(connection, totals: totals, now: now)
        summary?.write(layout)
        observer.sealed(number, totals)
    }
}
