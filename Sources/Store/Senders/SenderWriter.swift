/// Keeps the file of the directory open and usable. Not Sendable: it belongs to its thread.
final class SenderWriter {
    private let layout: SpoolLayout
    private let maximumSenders: Int64
    private let observer: SenderDirectoryObserver
    private var table: SenderTable?
    /// Whether a file was set aside since the last write that worked: a file that is damaged as soon as it is made tells of
    /// a disk that is, and one is enough for a post-mortem.
    private var hasSetAside = false

    init(layout: SpoolLayout, maximumSenders: Int64, observer: SenderDirectoryObserver) {
        self.layout = layout
        self.maximumSenders = maximumSenders
        self.observer = observer
    }

    /// Writes what happened.
    /// - Returns: what is to be tried again: all of it, or nothing.
    func record(_ changes: [SenderKey: SenderChange]) -> [SenderKey: SenderChange] {
        do throws(StoreError) {
            let table = try openTable()
            guard !changes.isEmpty else { return [:] }
            try table.record(changes.values)
            hasSetAside = false
            observer.counted(table.count)
            return [:]
        } catch {
            close(checkpoints: false)
            observer.failed(error)
            if error.code == .corrupt || error.code == .newerVersion { setAside(error) }
            return changes
        }
    }

    /// Lets go of the file.
    func close(checkpoints: Bool = true) {
        // What the log holds is as good as what the file holds: this only makes the directory tidy.
        if checkpoints { try? table?.checkpoint() }
        table?.close()
        table = nil
    }

    private func openTable() throws(StoreError) -> SenderTable {
        // Removed or replaced by somebody: what is written to it now nobody will find.
        if let table, table.hasMoved { close(checkpoints: false) }
        if let table { return table }
        let opened = try SenderTable(
            SenderFile.openForWriting(path: layout.sendersPath), maximumSenders: maximumSenders)
        table = opened
        observer.counted(opened.count)
        return opened
    }

    private func setAside(_ reason: StoreError) {
        guard !hasSetAside else { return }
        hasSetAside = true
        do throws(StoreError) {
            try SenderFile.setAside(layout: layout)
            observer.setAside(reason, layout.setAsideSendersPath)
        } catch {
            observer.failed(error)
        }
    }
}
