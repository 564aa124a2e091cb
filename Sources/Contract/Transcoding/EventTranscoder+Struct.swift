/// `google.protobuf.Struct`, `ListValue` and `Value` as plain JSON. The depth limit ends the recursion.
extension EventTranscoder {
    /// Writes the fields up to the cursor's end as an object with sorted members, and a comma.
    mutating func writeStruct(_ depthLeft: Int) throws(TranscodingFault) {
        let base = entryCount
        try output.open("{")
        while cursor.position < cursor.end {
            let tag = try readTag()
            if tag.rawValue == 0x0a {
                try readEntries(tag: 0x0a, value: .message)
            } else {
                try skip(tag, depthLeft)
            }
        }
        sortEntries(from: base)
        let behind = cursor
        for index in base..<entryCount {
            // A value that is replaced must be sound as well: not worth code of its own.
            guard !isRepeated(index) else { throw .declined }
            let entry = entries[index]
            try writeKey(of: entry)
            cursor.position = start + entry.valueOffset
            cursor.end = cursor.position + entry.valueLength
            try writeValue(depthLeft)
        }
        cursor = behind
        entryCount = base
        try output.closeObject()
    }

    private mutating func writeList(_ depthLeft: Int) throws(TranscodingFault) {
        try output.open("[")
        while cursor.position < cursor.end {
            let tag = try readTag()
            if tag.rawValue == 0x0a {
                try enter(depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeKind(depthLeft)
                }
            } else {
                try skip(tag, depthLeft)
            }
        }
        try output.closeList()
    }

    /// Writes the value that reaches to the cursor's end, and a comma.
    private mutating func writeValue(_ depthLeft: Int) throws(TranscodingFault) {
        guard depthLeft > 0 else { throw .declined }
        try writeKind(depthLeft &- 1)
    }

    private mutating func writeKind(_ depthLeft: Int) throws(TranscodingFault) {
        var hasKind = false
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x08, 0x11, 0x1a, 0x20, 0x2a, 0x32:
                // A second kind replaces the first, or is merged into it.
                guard !hasKind else { throw .declined }
                hasKind = true
                try write(kind: tag, depthLeft)
            default:
                try skip(tag, depthLeft)
            }
        }
        guard hasKind else { throw .declined }
    }

    @inline(__always)
    private mutating func write(kind tag: WireTag, _ depthLeft: Int) throws(TranscodingFault) {
        switch tag.rawValue {
        case 0x08:
            _ = try readVarint()
            try output.require()
            output.literal("null,")
        case 0x11:
            let number = Double(bitPattern: try readFixed64())
            guard number.isFinite else { throw .declined }
            try output.require()
            output.double(number)
            output.byte(UInt8(ascii: ","))
        case 0x1a:
            try output.text(try readText(), then: UInt8(ascii: ","), readableEnd: readableEnd)
        case 0x20:
            let isTrue = try readVarint() != 0
            try output.require()
            output.literal(isTrue ? "true," : "false,")
        case 0x2a:
            try enter(depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                try transcoder.writeStruct(depthLeft)
            }
        default:
            try enter(depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                try transcoder.writeList(depthLeft)
            }
        }
    }
}
