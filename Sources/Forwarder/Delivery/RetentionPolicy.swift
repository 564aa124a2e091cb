/// Decides which delivered segments go. A value without clock and disk.
///
/// They are kept so that the past can be replayed, and only for as long as nobody needs their space.
struct RetentionPolicy: Sendable, Hashable {
    /// A segment that every destination has and that is still on disk.
    struct Retained: Sendable, Hashable {
        /// Its number.
        var segment: UInt64
        /// When the last destination had it, in nanoseconds since 1970.
        var finishedAt: Int64
        /// Bytes on disk.
        var bytes: Int64
        /// Whether an order for the past has not come to it yet: it goes last, and only for want of space.
        var isHeld = false
    }

    /// Why a segment goes.
    enum Reason: String, Sendable, CaseIterable {
        /// It was kept for as long as it is to be.
        case age
        /// Retained segments take more than their share.
        case share
        /// Space is short.
        case space
    }

    /// One segment that goes.
    struct Removal: Sendable, Hashable {
        /// Its number.
        var segment: UInt64
        /// Why it goes.
        var reason: Reason
    }

    /// How long a delivered segment is kept, in nanoseconds; 0 to keep none.
    var retention: Int64
    /// Most bytes that retained segments may take.
    var retainedBytes: Int64
    /// Above these bytes of all segments, retained ones go.
    var highWaterBytes: Int64
    /// Below these free bytes, retained ones go.
    var lowWaterFreeBytes: Int64

    /// The segments that go now, those first that were finished first, and those last that are held.
    /// - Parameters:
    ///   - usedBytes: what all segments take, retained or not.
    ///   - freeBytes: what is left on the file system.
    ///   - now: nanoseconds since 1970.
    func removals(of retained: [Retained], usedBytes: Int64, freeBytes: Int64, now: Int64) -> [Removal] {
        var kept = retained.reduce(Int64(0)) { Self.sum($0, $1.bytes) }
        var used = usedBytes
        var free = freeBytes
        var removals: [Removal] = []
        func order(_ segment: Retained) -> (Int, Int64, UInt64) {
            (segment.isHeld ? 1 : 0, segment.finishedAt, segment.segment)
        }
        for segment in retained.sorted(by: { order($0) < order($1) }) {
            let reason: Reason
            if !segment.isHeld, isOld(segment, now: now) {
                reason = .age
            } else if !segment.isHeld, kept > retainedBytes {
                reason = .share
            } else if used > highWaterBytes || free < lowWaterFreeBytes {
                reason = .space
            } else {
                break
            }
            removals.append(Removal(segment: segment.segment, reason: reason))
            kept -= segment.bytes
            used -= segment.bytes
            free = Self.sum(free, segment.bytes)
        }
        return removals
    }

    /// A clock that was set back makes a segment younger, never older.
    private func isOld(_ segment: Retained, now: Int64) -> Bool {
        let (age, isBeyond) = now.subtractingReportingOverflow(segment.finishedAt)
        return retention == 0 || !isBeyond && age >= retention
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isBeyond) = left.addingReportingOverflow(right)
        return isBeyond ? .max : sum
    }
}
