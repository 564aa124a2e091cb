extension EventTranscoder {
    @inline(__always)
    mutating func readTag() throws(TranscodingFault) -> WireTag {
        do throws(WireFault) { return try cursor.readTag() } catch { throw .declined }
    }

    @inline(__always)
    mutating func readVarint() throws(TranscodingFault) -> UInt64 {
        do throws(WireFault) { return try cursor.readVarint() } catch { throw .declined }
    }

    @inline(__always)
    mutating func readFixed64() throws(TranscodingFault) -> UInt64 {
        do throws(WireFault) { return try cursor.readFixed64() } catch { throw .declined }
    }

    @inline(__always)
    mutating func readLength() throws(TranscodingFault) -> Int {
        do throws(WireFault) { return try cursor.readLength() } catch { throw .declined }
    }

    /// Steps over text, which nobody has checked yet; ``JSONOutput/text(_:then:readableEnd:)`` does.
    @inline(__always)
    mutating func readText() throws(TranscodingFault) -> UnsafeBufferPointer<UInt8> {
        let length = try readLength()
        let text = UnsafeBufferPointer(start: cursor.position, count: length)
        cursor.position += length
        return text
    }

    /// Steps over a field that the contract does not have, or that came with another wire type.
    @inline(never)
    mutating func skip(_ tag: WireTag, _ depthLeft: Int) throws(TranscodingFault) {
        do throws(WireFault) { try cursor.skipValue(of: tag, depthLeft: depthLeft) } catch { throw .declined }
    }

    /// Notes that a field was met; fields must come in the order of their numbers, each once.
    @inline(__always)
    func advance(_ last: inout UInt32, to number: UInt32) throws(TranscodingFault) {
        guard last < number else { throw .declined }
        last = number
    }

    /// Reads the length of a message, narrows the cursor to it and runs `body`, which must read up to the end.
    ///
    /// - Parameter depthLeft: messages that may still be opened, this one included; `body` gets what is left then.
    @inline(__always)
    mutating func enter(
        _ depthLeft: Int, _ body: (inout EventTranscoder, _ depthLeft: Int) throws(TranscodingFault) -> Void
    ) throws(TranscodingFault) {
        let length = try readLength()
        guard depthLeft > 0 else { throw .declined }
        let outerEnd = cursor.end
        cursor.end = cursor.position + length
        try body(&self, depthLeft &- 1)
        cursor.end = outerEnd
    }

    /// Writes a message as an object whose members `body` writes.
    @inline(__always)
    mutating func writeMessage(
        _ nameAndBracket: StaticString, _ depthLeft: Int,
        _ body: (inout EventTranscoder, _ depthLeft: Int) throws(TranscodingFault) -> Void
    ) throws(TranscodingFault) {
        try output.open(nameAndBracket)
        try enter(depthLeft, body)
        try output.closeObject()
    }

    /// Writes text that is left out when it is empty.
    @inline(__always) @discardableResult
    mutating func writeText(_ name: StaticString) throws(TranscodingFault) -> UnsafeBufferPointer<UInt8> {
        let text = try readText()
        if !text.isEmpty { try write(text, named: name) }
        return text
    }

    /// Writes text that is there even when it is empty.
    @inline(__always)
    mutating func writeOptionalText(_ name: StaticString) throws(TranscodingFault) {
        try write(try readText(), named: name)
    }

    @inline(__always)
    private mutating func write(
        _ text: UnsafeBufferPointer<UInt8>, named name: StaticString
    ) throws(TranscodingFault) {
        try output.require()
        output.literal(name)
        try output.text(text, then: UInt8(ascii: ","), readableEnd: readableEnd)
    }
}
