/// How the writer recognises events that it has recorded before.
package struct DuplicateDetection: Sendable {
    /// From an event's bytes to its fingerprint; nil for an event that has no id.
    package typealias EventFingerprint = @Sendable (UnsafeRawBufferPointer) -> (UInt64, UInt64)?

    /// What the window may take in memory, in bytes: 64 MiB are three million events.
    package var bytes: Int
    /// How long an event is remembered at least, in nanoseconds, if the bytes suffice.
    package var age: Int64
    /// How long a starting writer reads older segments at most, in nanoseconds: the newest events come first.
    package var restoreTime: Int64
    /// The fingerprints of a stream's stored events: the same that `BatchRecord.fingerprints` has for them.
    package var fingerprint: @Sendable (StreamRecord) -> EventFingerprint

    /// 64 MiB (bytes).
    package static let standardBytes = 64 << 20
    /// 24 hours (nanoseconds).
    package static let standardAge: Int64 = 24 * 3600 * 1_000_000_000
    /// 10 seconds (nanoseconds).
    package static let standardRestoreTime: Int64 = 10 * 1_000_000_000

    /// Makes it from its parts.
    package init(
        bytes: Int = standardBytes, age: Int64 = standardAge, restoreTime: Int64 = standardRestoreTime,
        fingerprint: @escaping @Sendable (StreamRecord) -> EventFingerprint
    ) {
        self.bytes = bytes
        self.age = age
        self.restoreTime = restoreTime
        self.fingerprint = fingerprint
    }
}
