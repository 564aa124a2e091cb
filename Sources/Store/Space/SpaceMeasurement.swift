/// What a spool takes and what is left for it, segment by segment, at one moment.
package struct SpaceMeasurement: Sendable, Hashable {
    /// One segment on disk.
    package struct Segment: Sendable, Hashable {
        /// Its number.
        package var number: UInt64
        /// Bytes on disk, its log included.
        package var bytes: Int64
        /// Whether every destination has it and it is kept only for a replay.
        package var isRetained: Bool

        /// Makes it from its parts.
        package init(number: UInt64, bytes: Int64, isRetained: Bool = false) {
            self.number = number
            self.bytes = bytes
            self.isRetained = isRetained
        }
    }

    /// The segments on disk, oldest first.
    package var segments: [Segment]
    /// The spool's file system.
    package var fileSystem: FileSystemSpace
    /// Why it is not known which segments are retained; then none counts as retained.
    package var problem: String?

    /// Makes it from its parts.
    package init(segments: [Segment], fileSystem: FileSystemSpace, problem: String? = nil) {
        self.segments = segments
        self.fileSystem = fileSystem
        self.problem = problem
    }

    /// Bytes on disk of all segments.
    package var usedBytes: Int64 { segments.reduce(0) { $0 + $1.bytes } }

    /// Bytes on disk of the retained segments.
    package var retainedBytes: Int64 { segments.reduce(0) { $0 + ($1.isRetained ? $1.bytes : 0) } }

    /// When the oldest segment was made that some destination still needs, in nanoseconds since 1970; nil without any.
    package var oldestWaitingAt: Int64? {
        segments.first { !$0.isRetained }.map { SpoolLayout.createdAt($0.number) }
    }
}
