/// Routing attributes of the event that was just written, packed as ``MessageArena`` keeps them.
extension EventTranscoder {
    /// Writes what follows `event.feature`: its value and all other attributes.
    mutating func writeAttributes() throws(TranscodingFault) {
        try writeField(feature)
        try output.require()
        writeField(RoutingAttributes.action)
        try writeField(action)
        try output.require()
        writeField(RoutingAttributes.hasPrivateMetadata)
        writeField(hasPrivateMetadata ? "true" : "false")
        for index in 0..<promotedCount {
            let key = key(of: entries[index])
            try output.require(key.count)
            writeLength(RoutingAttributes.promotedPrefix.utf8CodeUnitCount &+ key.count)
            output.literal(RoutingAttributes.promotedPrefix)
            try output.copy(key)
            try output.require()
            writeField("true")
        }
    }

    @inline(__always)
    private mutating func writeField(_ text: StaticString) {
        writeLength(text.utf8CodeUnitCount)
        output.literal(text)
    }

    @inline(__always)
    private mutating func writeField(_ text: UnsafeBufferPointer<UInt8>) throws(TranscodingFault) {
        try output.require()
        writeLength(text.count)
        try output.copy(text)
    }

    @inline(__always)
    private mutating func writeLength(_ length: Int) {
        UnsafeMutableRawPointer(output.next).storeBytes(
            of: UInt32(truncatingIfNeeded: length).littleEndian, as: UInt32.self)
        output.next += MemoryLayout<UInt32>.size
    }
}
