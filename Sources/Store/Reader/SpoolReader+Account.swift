extension SpoolReader {
    /// Who sent a segment's events, and what destinations have not resolved of it, for `DeliveryLedger.close`. Empty when
    /// the segment is gone or nothing of it can be read.
    /// - Parameters:
    ///   - progress: as `DeliveryLedger.unfinished` has it.
    ///   - damaged: batches that are set aside, by `DeliveryLedger.damagedBatches`.
    package func account(
        segment: UInt64, progress: [DestinationID: SegmentProgress], damaged: Set<Int64>
    ) throws(StoreError) -> SegmentAccount {
        do {
            return try openSegment(segment)?.account(progress: progress, damaged: damaged, through: nil)
                ?? SegmentAccount()
        } catch {
            guard error.code == .corrupt else { throw error }
            return SegmentAccount()
        }
    }
}
