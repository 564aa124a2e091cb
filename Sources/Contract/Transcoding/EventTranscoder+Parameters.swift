/// Messages of an event that hold maps.
extension EventTranscoder {
    @inline(__always)
    mutating func writeParameters(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x08:
                try advance(&last, to: 1)
                let version = Int32(truncatingIfNeeded: try readVarint())
                guard version != 0 else { continue }
                try output.require()
                output.literal(#""version":"#)
                output.integer(Int64(version))
                output.byte(UInt8(ascii: ","))
            case 0x12:
                try advance(&last, to: 2)
                if migratesLegacyMetadata {
                    // These wait at the bottom for the entries of `metadata`, which they replace.
                    try readEntries(tag: 0x12, value: .varintAsDouble, firstRank: MapEntry.legacyRank)
                } else {
                    try writeLegacyMetadata()
                }
            case 0x1a:
                try advance(&last, to: 3)
                hasPrivateMetadata = true
                try output.require()
                output.literal(#""privateMetadata":"#)
                try enter(depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeStruct(depthLeft)
                }
            case 0x22:
                try advance(&last, to: 4)
                try writeMessage(#""billingMetadata":{"#, depthLeft) {
                    (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeBilling(depthLeft)
                }
            case 0x2a:
                try advance(&last, to: 5)
                try readEntries(tag: 0x2a, value: .double)
            default:
                try skip(tag, depthLeft)
            }
        }
        if entryCount > 0 { try writeMetadata() }
    }

    private mutating func writeLegacyMetadata() throws(TranscodingFault) {
        let base = entryCount
        try readEntries(tag: 0x12, value: .varint)
        sortEntries(from: base)
        try output.open(#""legacyMetadata":{"#)
        for index in base..<entryCount where !isRepeated(index) {
            let entry = entries[index]
            try writeKey(of: entry)
            try output.require()
            output.byte(UInt8(ascii: "\""))
            output.integer(Int64(bitPattern: entry.value))
            output.literal(#"","#)
        }
        try output.closeObject()
        entryCount = base
    }

    /// Writes all ``entries`` as `metadata` and keeps those that become attributes.
    private mutating func writeMetadata() throws(TranscodingFault) {
        sortEntries(from: 0)
        try output.open(#""metadata":{"#)
        for index in 0..<entryCount where !isRepeated(index) {
            let entry = entries[index]
            let value = Double(bitPattern: entry.value)
            try writeKey(of: entry)
            try output.require()
            output.double(value)
            output.byte(UInt8(ascii: ","))
            if value > 0, RoutingAttributes.isRecordsKey(key(of: entry)) {
                entries[promotedCount] = entry
                promotedCount &+= 1
            }
        }
        try output.closeObject()
        entryCount = promotedCount
    }

    mutating func writeFeatureFlags(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            guard tag.rawValue == 0x0a else {
                try skip(tag, depthLeft)
                continue
            }
            try advance(&last, to: 1)
            try writeFlags()
        }
    }

    private mutating func writeFlags() throws(TranscodingFault) {
        let base = entryCount
        try readEntries(tag: 0x0a, value: .text)
        sortEntries(from: base)
        try output.open(#""flags":{"#)
        for index in base..<entryCount {
            // Text that is replaced must be UTF-8 as well: not worth code of its own.
            guard !isRepeated(index) else { throw .declined }
            let entry = entries[index]
            try writeKey(of: entry)
            let value = UnsafeBufferPointer(start: start + entry.valueOffset, count: entry.valueLength)
            try output.text(value, then: UInt8(ascii: ","), readableEnd: readableEnd)
        }
        try output.closeObject()
        entryCount = base
    }
}
