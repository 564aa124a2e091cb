internal import Glibc

/// Keeps what destinations answered, for people who ask what became of an event: a file for each segment and destination,
/// appended to after the ledger has recorded a group, and gone with the segment.
///
/// Best effort: nothing waits for the disk, a crash loses the newest receipts, and a failure costs receipts only.
package actor ReceiptLog {
    private let layout: SpoolLayout
    private let executor: ThreadExecutor
    private let failed: @Sendable (StoreError) -> Void
    /// Files that this process has looked through.
    private var checked: Set<String> = []
    private var isReady = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a log for a spool.
    /// - Parameter failed: told of every failure.
    /// - Throws: `io` when there is no thread to be had.
    package init(
        layout: SpoolLayout, failed: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        self.layout = layout
        self.failed = failed
        executor = try ThreadExecutor(name: "receipts")
    }

    /// Appends the receipts of delivered requests.
    package func append(_ requests: [DeliveredRequest], at destination: DestinationID) {
        guard !requests.isEmpty else { return }
        var files: [UInt64: [UInt8]] = [:]
        for request in requests {
            for (segment, record) in ReceiptRecord.records(of: request) {
                record.append(to: &files[segment, default: []])
            }
        }
        do throws(StoreError) {
            try prepare()
            for (segment, records) in files {
                let path = ReceiptFile.path(layout, segment: segment, destination: destination.row)
                try ReceiptFile.append(records, to: path, checks: !checked.contains(path))
                checked.insert(path)
            }
        } catch {
            // What may be torn is looked through before it is written to again.
            checked = []
            isReady = false
            failed(error)
        }
    }

    /// Removes the receipts of a segment that is gone.
    package func remove(segment: UInt64) {
        removeFiles { $0 == segment }
    }

    /// Removes the receipts of all segments that are gone.
    package func removeOrphans() {
        guard let numbers = try? layout.segmentNumbers() else { return }
        let onDisk = Set(numbers)
        removeFiles { !onDisk.contains($0) }
    }

    private func removeFiles(_ isGone: (UInt64) -> Bool) {
        guard let names = try? Directory.names(layout.receiptsDirectory) else { return }
        for name in names {
            guard let segment = ReceiptFile.segment(ofFile: name), isGone(segment) else { continue }
            let path = "\(layout.receiptsDirectory)/\(name)"
            unlink(path)
            checked.remove(path)
        }
    }

    private func prepare() throws(StoreError) {
        guard !isReady else { return }
        try Directory.create(layout.receiptsDirectory)
        isReady = true
    }
}
