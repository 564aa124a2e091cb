internal import CSupport

/// Where each fingerprint of the duplicate window lies in the ring: open addressing, linear probing in the order of the
/// distance from home (Robin Hood), deletion by moving back. It never grows and is never rebuilt.
struct WindowIndex: ~Copyable {
    /// How full it gets at most: 3 of 4 slots. A search that finds nothing then ends after about three slots, which lie
    /// in one or two cache lines.
    static let maximumLoad = (filled: 3, of: 4)

    private let slots: ZeroPages<WindowSlot>
    private let mask: Int
    private let format: WindowSlot.Format

    /// - Parameter slotBits: the logarithm of the number of slots.
    init(slotBits: Int) throws(StoreError) {
        slots = try ZeroPages(of: WindowSlot.self, count: 1 << slotBits)
        mask = (1 << slotBits) - 1
        format = WindowSlot.Format(positionBits: UInt32(slotBits))
    }

    /// Adds a fingerprint, unless it is known.
    /// - Parameters:
    ///   - position: where in the ring it will be.
    ///   - ring: the fingerprints that the slots' positions stand for.
    /// - Returns: whether it is new.
    func insert(_ new: Fingerprint, position: Int, ring: UnsafeMutablePointer<Fingerprint>) -> Bool {
        let table = slots.elements
        var slot = Int(truncatingIfNeeded: new.high) & mask
        var distance = 0
        while true {
            let held = table[slot]
            if held.isEmpty {
                table[slot] = format.slot(position: position, distance: distance, low: new.low)
                return true
            }
            if format.mayHold(held, distance: distance, low: new.low), ring[format.position(held)] == new {
                return false
            }
            let other = self.distance(held, at: slot, ring)
            if other < distance {
                // Whatever is nearer to its home makes room. Beyond it there can be no fingerprint with this home.
                table[slot] = format.slot(position: position, distance: distance, low: new.low)
                push(held, distance: other, from: slot, ring)
                return true
            }
            slot = (slot + 1) & mask
            distance += 1
        }
    }

    /// Says that a fingerprint will be looked up, inserted or removed soon.
    func prefetch(_ fingerprint: Fingerprint) {
        gateway_prefetch(slots.elements + (Int(truncatingIfNeeded: fingerprint.high) & mask))
    }

    /// Whether a fingerprint is known.
    func contains(_ sought: Fingerprint, ring: UnsafeMutablePointer<Fingerprint>) -> Bool {
        slot(of: sought, ring: ring) != nil
    }

    /// Removes a fingerprint that is there.
    func remove(_ old: Fingerprint, ring: UnsafeMutablePointer<Fingerprint>) {
        guard var hole = slot(of: old, ring: ring) else { return }
        let table = slots.elements
        while true {
            let next = (hole + 1) & mask
            let held = table[next]
            if held.isEmpty { break }
            let distance = distance(held, at: next, ring)
            if distance == 0 { break }
            table[hole] = format.moved(held, to: distance - 1)
            hole = next
        }
        table[hole] = .empty
    }

    /// Moves an entry on to the next slot where something nearer to its home, or nothing, stands; and so on with that.
    private func push(_ first: WindowSlot, distance: Int, from start: Int, _ ring: UnsafeMutablePointer<Fingerprint>) {
        let table = slots.elements
        var (moving, distance, slot) = (first, distance, start)
        while true {
            slot = (slot + 1) & mask
            distance += 1
            let held = table[slot]
            if held.isEmpty {
                table[slot] = format.moved(moving, to: distance)
                return
            }
            let other = self.distance(held, at: slot, ring)
            if other < distance {
                table[slot] = format.moved(moving, to: distance)
                (moving, distance) = (held, other)
            }
        }
    }

    private func slot(of sought: Fingerprint, ring: UnsafeMutablePointer<Fingerprint>) -> Int? {
        var slot = Int(truncatingIfNeeded: sought.high) & mask
        var distance = 0
        while true {
            let held = slots.elements[slot]
            if held.isEmpty { return nil }
            if format.mayHold(held, distance: distance, low: sought.low), ring[format.position(held)] == sought {
                return slot
            }
            if self.distance(held, at: slot, ring) < distance { return nil }
            slot = (slot + 1) & mask
            distance += 1
        }
    }

    /// How far an entry is from its home, in slots.
    private func distance(_ held: WindowSlot, at slot: Int, _ ring: UnsafeMutablePointer<Fingerprint>) -> Int {
        let distance = format.distance(held)
        guard distance == WindowSlot.Format.farthest else { return distance }
        return (slot - Int(truncatingIfNeeded: ring[format.position(held)].high)) & mask
    }
}
