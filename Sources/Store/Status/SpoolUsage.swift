/// What a spool takes and what is left for it: cheap enough for every scrape of metrics, for no file is opened.
package struct SpoolUsage: Sendable, Hashable {
    /// Segments on disk.
    package var segments: Int
    /// Bytes on disk of all segments, their logs included.
    package var bytesOnDisk: Int64
    /// When the oldest segment was made, in nanoseconds since 1970; nil without any.
    package var oldestCreatedAt: Int64?
    /// Bytes of the file system that this process may still use.
    package var freeBytes: Int64

    /// Looks at a spool now.
    /// - Throws: `io` when its directory can not be listed.
    package static func measured(_ layout: SpoolLayout) throws(StoreError) -> SpoolUsage {
        let numbers = try layout.segmentNumbers()
        return SpoolUsage(
            segments: numbers.count, bytesOnDisk: numbers.reduce(0) { $0 + layout.bytesOnDisk($1) },
            oldestCreatedAt: numbers.first.map(SpoolLayout.createdAt),
            freeBytes: try FileSystemSpace.measured(layout.segmentsDirectory).freeBytes)
    }
}
