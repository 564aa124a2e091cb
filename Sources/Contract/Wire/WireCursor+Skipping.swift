extension WireCursor {
    /// Steps over the value of a field that the contract does not know, or that came with another wire type.
    ///
    /// - Parameter depthLeft: messages and groups that may still be opened.
    mutating func skipValue(of tag: WireTag, depthLeft: Int) throws(WireFault) {
        switch tag.format {
        case WireTag.Format.varint:
            _ = try readVarint()
        case WireTag.Format.fixed64:
            guard available >= 8 else { throw .truncated }
            position += 8
        case WireTag.Format.lengthDelimited:
            position += try readLength()
        case WireTag.Format.startGroup:
            try skipGroup(number: tag.number, depthLeft: depthLeft)
        case WireTag.Format.fixed32:
            guard available >= 4 else { throw .truncated }
            position += 4
        default:
            throw .malformed
        }
    }

    /// Steps over a group up to and with its end tag. The recursion ends at the depth limit.
    private mutating func skipGroup(number: UInt32, depthLeft: Int) throws(WireFault) {
        guard depthLeft > 0 else { throw .tooDeep }
        while position < end {
            let tag = try readLenientTag()
            if tag.format == WireTag.Format.endGroup {
                guard tag.number == number else { throw .malformed }
                return
            }
            try skipValue(of: tag, depthLeft: depthLeft &- 1)
        }
        throw .truncated
    }
}
