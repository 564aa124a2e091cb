internal import Glibc

/// Finds out whether a spool's disk takes a synced write now.
struct SpoolProbe {
    /// What is written: as much as the smallest commit (bytes).
    private static let bytes = 16 << 10

    let layout: SpoolLayout

    /// Writes, syncs and removes a file. Blocking.
    /// - Throws: `full`, `unwritable` or `io`.
    func run() throws(StoreError) {
        defer { unlink(layout.probePath) }
        let file = try FileWriter(path: layout.probePath)
        let contents = [UInt8](repeating: 0, count: Self.bytes)
        try contents.withUnsafeBufferPointer { (contents) throws(StoreError) in
            try file.append(UnsafeRawBufferPointer(contents))
        }
        try file.synchronize()
    }
}
