/// One slot of the duplicate window's index: where a fingerprint lies in the ring, how far the slot is from the
/// fingerprint's home, and some bits of the fingerprint. All zero bits are an empty slot.
///
/// With distance and tag in the slot, a search that finds nothing almost never has to look into the ring.
struct WindowSlot: Equatable, BitwiseCopyable {
    let bits: UInt32

    static let empty = WindowSlot(bits: 0)
    var isEmpty: Bool { bits == 0 }

    /// How the bits of a slot are shared out; the same for a whole index.
    struct Format {
        /// Bits for a position in the ring, plus one: as many as the index needs for its own slots.
        let positionBits: UInt32

        /// Bits for the distance.
        private static let distanceBits: UInt32 = 4
        /// A distance that stands for itself and everything above: then only the ring tells.
        static let farthest = (1 << Int(distanceBits)) - 1
        /// At least one bit is left for the tag.
        static let maximumPositionBits = 32 - distanceBits - 1

        private var positionMask: UInt32 { (1 << positionBits) - 1 }

        func slot(position: Int, distance: Int, low: UInt64) -> WindowSlot {
            let tag = UInt32(truncatingIfNeeded: low) << (positionBits + Self.distanceBits)
            let distance = UInt32(min(distance, Self.farthest)) << positionBits
            return WindowSlot(bits: tag | distance | UInt32(truncatingIfNeeded: position + 1))
        }

        func position(_ slot: WindowSlot) -> Int { Int(slot.bits & positionMask) - 1 }

        /// The distance from home, at most `farthest`.
        func distance(_ slot: WindowSlot) -> Int { Int((slot.bits >> positionBits) & UInt32(Self.farthest)) }

        /// The same slot's entry, moved to another distance.
        func moved(_ slot: WindowSlot, to distance: Int) -> WindowSlot {
            let other = slot.bits & ~(UInt32(Self.farthest) << positionBits)
            return WindowSlot(bits: other | UInt32(min(distance, Self.farthest)) << positionBits)
        }

        /// Whether the slot may hold a fingerprint with these low bits at this distance.
        func mayHold(_ slot: WindowSlot, distance: Int, low: UInt64) -> Bool {
            let expected = self.slot(position: 0, distance: distance, low: low).bits
            return (slot.bits ^ expected) & ~positionMask == 0
        }
    }
}
