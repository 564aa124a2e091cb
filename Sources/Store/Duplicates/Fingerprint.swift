/// What stands for one event of one sender in the duplicate window: 128 bits of a keyed hash, so that two different
/// events never share one in practice, and no sender can choose them.
struct Fingerprint: Equatable, BitwiseCopyable {
    /// One half; it says where the index looks.
    let high: UInt64
    /// The other half.
    let low: UInt64

    /// Makes a fingerprint from two independent hashes of the same sender and event id.
    init(_ high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
    }
}
