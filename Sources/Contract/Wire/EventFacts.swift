/// What validation needs to know of one event. Pointers lie in the scanned message.
struct EventFacts {
    var id = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var feature = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var action = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var hasTimestamp = false
    /// Seconds since 1970.
    var seconds: Int64 = 0
    /// Nanoseconds within the second.
    var nanoseconds: Int32 = 0
}

extension WireWalker {
    /// Walks the fields of an `Event` up to the cursor's end.
    ///
    /// Fields that come again overwrite what `facts` holds, and timestamps merge field by field: exactly what merging
    /// does, so an event that arrives in several pieces may be walked piece by piece.
    mutating func walkEvent(into facts: inout EventFacts, depthLeft: Int) throws(WireFault) {
        while cursor.position < cursor.end {
            let tag = try cursor.readTag()
            switch tag.rawValue {
            case 0x0a:
                facts.id = try cursor.readString()
            case 0x12:
                facts.hasTimestamp = true
                try enterMessage(depthLeft: depthLeft) { (walker, depthLeft) throws(WireFault) in
                    try walker.walkTimestamp(into: &facts, depthLeft: depthLeft)
                }
            case 0x1a:
                facts.feature = try cursor.readString()
            case 0x22:
                facts.action = try cursor.readString()
            case 0x2a:
                try walkMessage(.source, depthLeft: depthLeft)
            case 0x32:
                try walkMessage(.parameters, depthLeft: depthLeft)
            case 0x3a:
                try walkMessage(.user, depthLeft: depthLeft)
            case 0x42:
                try walkMessage(.featureFlags, depthLeft: depthLeft)
            case 0x4a:
                try walkMessage(.marketing, depthLeft: depthLeft)
            case 0x52:
                try walkMessage(.interaction, depthLeft: depthLeft)
            default:
                try cursor.skipValue(of: tag, depthLeft: depthLeft)
            }
        }
    }

    @inline(__always)
    private mutating func walkTimestamp(into facts: inout EventFacts, depthLeft: Int) throws(WireFault) {
        while cursor.position < cursor.end {
            let tag = try cursor.readTag()
            switch tag.rawValue {
            case 0x08:
                facts.seconds = Int64(bitPattern: try cursor.readVarint())
            case 0x10:
                facts.nanoseconds = Int32(truncatingIfNeeded: try cursor.readVarint())
            default:
                try cursor.skipValue(of: tag, depthLeft: depthLeft)
            }
        }
    }
}
