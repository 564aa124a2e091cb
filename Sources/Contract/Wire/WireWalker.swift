/// Walks messages of known shape to their full depth and checks that SwiftProtobuf would decode them.
struct WireWalker {
    var cursor: WireCursor
    /// True once a `google.protobuf.Value` without a kind, or with a number that JSON cannot say, was met since the
    /// last reset. Merging may still have replaced it: whoever needs the verdict decodes the event.
    var hasDoubtfulValue = false

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, from start: UnsafePointer<UInt8>) {
        cursor = WireCursor(position: start, end: start + bytes.count)
    }

    /// Reads the length of a message, narrows the cursor to it and runs `body`, which must read up to the end.
    ///
    /// - Parameter depthLeft: messages that may still be opened, this one included; `body` gets what is left then.
    @inline(__always)
    mutating func enterMessage(
        depthLeft: Int, _ body: (inout WireWalker, _ depthLeft: Int) throws(WireFault) -> Void
    ) throws(WireFault) {
        let length = try cursor.readLength()
        guard depthLeft > 0 else { throw .tooDeep }
        let outerEnd = cursor.end
        cursor.end = cursor.position + length
        try body(&self, depthLeft &- 1)
        cursor.end = outerEnd
    }

    /// Walks a length-delimited message of the given shape.
    mutating func walkMessage(_ shape: MessageShape, depthLeft: Int) throws(WireFault) {
        try enterMessage(depthLeft: depthLeft) { (walker, depthLeft) throws(WireFault) in
            if shape == .value {
                try walker.walkValue(depthLeft: depthLeft)
            } else {
                try walker.walkFields(of: shape, depthLeft: depthLeft)
            }
        }
    }

    private mutating func walkFields(of shape: MessageShape, depthLeft: Int) throws(WireFault) {
        while cursor.position < cursor.end {
            let tag = try cursor.readTag()
            let number = tag.number
            switch (shape.content(of: number), tag.format) {
            case (.string, WireTag.Format.lengthDelimited):
                _ = try cursor.readString()
            case (.varint, WireTag.Format.varint):
                _ = try cursor.readVarint()
            case (.double, WireTag.Format.fixed64):
                _ = try cursor.readFixed64()
            case (.message, WireTag.Format.lengthDelimited):
                try walkMessage(shape.child(of: number), depthLeft: depthLeft)
            case (.mapOfVarint, WireTag.Format.lengthDelimited):
                try walkMapEntry(valueTag: MapValueTag.varint, depthLeft: depthLeft)
            case (.mapOfDouble, WireTag.Format.lengthDelimited):
                try walkMapEntry(valueTag: MapValueTag.double, depthLeft: depthLeft)
            case (.mapOfString, WireTag.Format.lengthDelimited):
                try walkMapEntry(valueTag: MapValueTag.string, depthLeft: depthLeft)
            case (.mapOfValue, WireTag.Format.lengthDelimited):
                try walkValueEntry(depthLeft: depthLeft)
            default:
                // End groups land here too, and are malformed.
                try cursor.skipValue(of: tag, depthLeft: depthLeft)
            }
        }
    }

    /// The tags that a map entry's value has on the wire, by the type of the value.
    private enum MapValueTag {
        static let varint: UInt32 = 0x10
        static let double: UInt32 = 0x11
        static let string: UInt32 = 0x12
    }

    private static let mapKeyTag: UInt32 = 0x0a

    /// Walks an entry of a map with string keys and scalar values.
    ///
    /// A key or value of another wire type is left where it stands: SwiftProtobuf reads on behind its tag without
    /// stepping over the value, so the same bytes must be read as the next tag here.
    private mutating func walkMapEntry(valueTag: UInt32, depthLeft: Int) throws(WireFault) {
        let length = try cursor.readLength()
        let outerEnd = cursor.end
        cursor.end = cursor.position + length
        while cursor.position < cursor.end {
            let tag = try cursor.readLenientTag()
            if tag.rawValue == Self.mapKeyTag {
                _ = try cursor.readString()
            } else if tag.rawValue == valueTag {
                switch valueTag {
                case MapValueTag.varint: _ = try cursor.readVarint()
                case MapValueTag.double: _ = try cursor.readFixed64()
                default: _ = try cursor.readString()
                }
            } else {
                try walkOtherEntryField(tag, depthLeft: depthLeft)
            }
        }
        cursor.end = outerEnd
    }

    /// Walks an entry of `google.protobuf.Struct.fields`.
    private mutating func walkValueEntry(depthLeft: Int) throws(WireFault) {
        let length = try cursor.readLength()
        let outerEnd = cursor.end
        cursor.end = cursor.position + length
        var hasValue = false
        while cursor.position < cursor.end {
            let tag = try cursor.readLenientTag()
            if tag.rawValue == Self.mapKeyTag {
                _ = try cursor.readString()
            } else if tag.rawValue == MapValueTag.string {
                hasValue = true
                try walkMessage(.value, depthLeft: depthLeft)
            } else {
                try walkOtherEntryField(tag, depthLeft: depthLeft)
            }
        }
        cursor.end = outerEnd
        if !hasValue { hasDoubtfulValue = true }
    }

    @inline(__always)
    private mutating func walkOtherEntryField(_ tag: WireTag, depthLeft: Int) throws(WireFault) {
        guard tag.format != WireTag.Format.endGroup else { throw .malformed }
        if tag.number > 2 { try cursor.skipValue(of: tag, depthLeft: depthLeft) }
    }

    /// Walks the fields of a `google.protobuf.Value` and notes whether JSON can express it.
    private mutating func walkValue(depthLeft: Int) throws(WireFault) {
        var hasKind = false
        while cursor.position < cursor.end {
            let tag = try cursor.readTag()
            switch tag.rawValue {
            case 0x08, 0x20:  // null_value, bool_value
                _ = try cursor.readVarint()
            case 0x11:  // number_value
                let number = Double(bitPattern: try cursor.readFixed64())
                if !number.isFinite { hasDoubtfulValue = true }
            case 0x1a:  // string_value
                _ = try cursor.readString()
            case 0x2a:  // struct_value
                try walkMessage(.structure, depthLeft: depthLeft)
            case 0x32:  // list_value
                try walkMessage(.list, depthLeft: depthLeft)
            default:
                try cursor.skipValue(of: tag, depthLeft: depthLeft)
                continue
            }
            hasKind = true
        }
        if !hasKind { hasDoubtfulValue = true }
    }
}
