/// A field's number and wire type as they stand on the wire: `number << 3 | type`.
struct WireTag {
    let rawValue: UInt32

    /// The wire types of protobuf.
    enum Format {
        static let varint: UInt32 = 0
        static let fixed64: UInt32 = 1
        static let lengthDelimited: UInt32 = 2
        static let startGroup: UInt32 = 3
        static let endGroup: UInt32 = 4
        static let fixed32: UInt32 = 5
    }

    @inline(__always)
    init(checking rawValue: UInt32) throws(WireFault) {
        guard rawValue > 7, rawValue & 7 <= Format.fixed32 else { throw .malformed }
        self.rawValue = rawValue
    }

    @inline(__always)
    var number: UInt32 { rawValue &>> 3 }

    @inline(__always)
    var format: UInt32 { rawValue & 7 }
}
