/// Varints and texts of a receipt on their way out.
struct ReceiptBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small differences take few bytes, whichever sign they have.
    mutating func append(difference: UInt64) {
        let signed = Int64(bitPattern: difference)
        append(UInt64(bitPattern: signed << 1 ^ signed >> 63))
    }

    mutating func append(_ text: String) {
        let cut = text.cut(toBytes: DeliveryReferences.maximumTextBytes)
        append(UInt64(cut.utf8.count))
        bytes += Array(cut.utf8)
    }

    mutating func append(raw more: [UInt8]) { bytes += more }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
}
