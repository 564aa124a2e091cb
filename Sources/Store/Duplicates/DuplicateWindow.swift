/// Remembers the fingerprints of recorded events, first in, first out, bounded by bytes and by age.
///
/// A ring of fingerprints and an index into it, both in pages that take memory only once they are used: a gateway with
/// few events uses little, and there is no moment at which everything would have to be moved. It belongs to the writer's
/// thread.
final class DuplicateWindow {
    /// Fewest and most bytes that a window may have.
    static let byteRange = 4096...(2 << 30)

    /// How many fingerprints it remembers at most.
    let capacity: Int
    /// How many it remembers now.
    private(set) var count = 0

    private let ring: ZeroPages<Fingerprint>
    private let index: WindowIndex
    private var ages: WindowAges
    /// The oldest fingerprint's position in the ring.
    private var oldest = 0
    /// The number of the oldest fingerprint: how many came before it. Negative for what was restored.
    private var oldestNumber: Int64 = 0

    /// Makes an empty window.
    /// - Parameters:
    ///   - bytes: what ring and index take together when full, clamped to `byteRange`.
    ///   - age: nanoseconds for which a fingerprint is remembered, if the bytes suffice.
    /// - Throws: `io` when there is no address space for it.
    init(bytes: Int, age: Int64) throws(StoreError) {
        let shape = Self.shape(bytes: min(max(bytes, Self.byteRange.lowerBound), Self.byteRange.upperBound))
        capacity = shape.capacity
        ring = try ZeroPages(of: Fingerprint.self, count: capacity)
        index = try WindowIndex(slotBits: shape.slotBits)
        ages = WindowAges(age: age)
    }

    /// A place to roll back to.
    struct Mark {
        fileprivate let number: Int64
    }

    /// Whether every further fingerprint takes an older one's place.
    var isFull: Bool { count == capacity }

    /// The place after the newest fingerprint.
    var mark: Mark { Mark(number: oldestNumber + Int64(count)) }

    /// Forgets what is too old, and says when the next fingerprints are inserted.
    /// - Parameter now: nanoseconds since 1970; a time before an earlier one counts as that.
    func advance(to now: Int64) {
        let firstKept = ages.advance(to: now, next: mark.number)
        while count > 0, oldestNumber < firstKept { forgetOldest() }
        ages.forget(before: oldestNumber)
    }

    /// Says that a fingerprint will be inserted soon, as one of the next few: the index lies all over the memory, and
    /// waiting for it would be most of the time that an insertion takes.
    func prefetch(_ fingerprint: Fingerprint) {
        index.prefetch(fingerprint)
        // About as many of the oldest as come new will have to go.
        if isFull { index.prefetch(ring.elements[wrapped(oldest + Self.lookahead)]) }
    }

    /// How many insertions ahead `prefetch` is worth calling.
    static let lookahead = 8

    /// Adds a fingerprint as the newest, unless it is known; when the window is full, the oldest one goes.
    /// - Returns: whether it is new.
    func insert(_ fingerprint: Fingerprint) -> Bool {
        // The place of the oldest is free only once it is forgotten; looked up first, for it may be the very one.
        let position = isFull ? oldest : wrapped(oldest + count)
        if isFull {
            guard !index.contains(fingerprint, ring: ring.elements) else { return false }
            forgetOldest()
        }
        guard index.insert(fingerprint, position: position, ring: ring.elements) else { return false }
        ring.elements[position] = fingerprint
        count += 1
        return true
    }

    /// Adds a fingerprint as the oldest, unless it is known or the window is full: for what is restored, newest first.
    /// - Parameter time: nanoseconds since 1970, not more than the age ago; one after that of a fingerprint inserted before
    ///   counts as that.
    /// - Returns: whether it was added.
    func insertOldest(_ fingerprint: Fingerprint, time: Int64) -> Bool {
        guard !isFull else { return false }
        let position = oldest == 0 ? capacity - 1 : oldest - 1
        guard index.insert(fingerprint, position: position, ring: ring.elements) else { return false }
        ring.elements[position] = fingerprint
        oldest = position
        oldestNumber -= 1
        count += 1
        ages.prepend(time: time, number: oldestNumber)
        return true
    }

    /// Whether a fingerprint is known.
    func contains(_ fingerprint: Fingerprint) -> Bool { index.contains(fingerprint, ring: ring.elements) }

    /// Forgets what was inserted after a mark, newest first. What had to go for it stays forgotten.
    func rollBack(to mark: Mark) {
        while count > 0, self.mark.number > mark.number {
            index.remove(ring.elements[wrapped(oldest + count - 1)], ring: ring.elements)
            count -= 1
        }
    }

    private func forgetOldest() {
        index.remove(ring.elements[oldest], ring: ring.elements)
        oldest = wrapped(oldest + 1)
        oldestNumber += 1
        count -= 1
    }

    private func wrapped(_ position: Int) -> Int { position >= capacity ? position - capacity : position }

    /// The index size with which most fingerprints fit into the bytes.
    private static func shape(bytes: Int) -> (slotBits: Int, capacity: Int) {
        var best = (slotBits: 1, capacity: 1)
        for slotBits in 1...Int(WindowSlot.Format.maximumPositionBits) {
            let slots = 1 << slotBits
            let forRing = (bytes - slots * MemoryLayout<WindowSlot>.stride) / MemoryLayout<Fingerprint>.stride
            let capacity = min(forRing, slots / WindowIndex.maximumLoad.of * WindowIndex.maximumLoad.filled)
            if capacity > best.capacity { best = (slotBits, capacity) }
        }
        return best
    }
}
