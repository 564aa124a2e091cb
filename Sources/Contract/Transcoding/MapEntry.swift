/// One entry of a map as it lies on the wire, so that entries can be sorted without being copied.
struct MapEntry: Sendable {
    /// The first eight bytes of the key as a big-endian number, padded with zeros: decides most comparisons.
    var keyPrefix: UInt64 = 0
    /// Bytes from the start of the event to the key.
    var keyOffset: UInt32 = 0
    /// Bytes of the key.
    var keyLength: UInt32 = 0
    /// The bits of a number, or where text or a message lies: ``valueOffset`` and ``valueLength``.
    var value: UInt64 = 0
    /// Of entries with the same key, the one with the highest rank counts.
    var rank: UInt32 = 0

    /// Bytes from the start of the event to the value.
    var valueOffset: Int { Int(value >> 32) }
    /// Bytes of the value.
    var valueLength: Int { Int(UInt32(truncatingIfNeeded: value)) }

    /// The highest bit of ``rank``: entries of `legacy_metadata` replace those of `metadata`.
    static let legacyRank: UInt32 = 1 << 31
}
